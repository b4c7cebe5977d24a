/** Values of a dimension that are told by name; the spend of all others is one number. */
export const namedValues = 20;

/**
 * What was spent lately, in one row: `windows`, `dimensions`, and what should not be.
 *
 * Variables: `until`, `hour_since`, `day_since`, `today_since`. A record belongs to the time when its call began,
 * and a trace, for duplicates, to its first span.
 */
export const spendSql = `
with

recent as materialized (
    select
        started_at, status, feature, service, usage_quality, unpriced_reason, cost_usd,
        input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens,
        coalesce(input_cost_usd, 0) + coalesce(cache_read_cost_usd, 0) + coalesce(cache_write_cost_usd, 0)
            + coalesce(output_cost_usd, 0) + coalesce(other_cost_usd, 0) as parts_usd,
        coalesce(response_model, request_model, case when record_kind = 'tool' then tool end) as model
    from cost_records
    where started_at >= getvariable('day_since')::timestamp
        and started_at < getvariable('until')::timestamp
),

windows as (
    select '1h' as name, getvariable('hour_since')::timestamp as since
    union all select '24h', getvariable('day_since')::timestamp
    union all select 'today', getvariable('today_since')::timestamp
),

totals as (
    select
        w.name as "window",
        count(r.started_at) as calls,
        count(*) filter (r.status = 'error') as failed_calls,
        -- Nothing was spent where nothing was called; where no call has a price it is not known.
        case when count(r.started_at) = 0 then 0::decimal(38, 12) else sum(r.cost_usd) end as cost_usd,
        count(*) filter (r.started_at is not null and r.cost_usd is null) as unpriced_calls,
        count(*) filter (r.usage_quality = 'missing') as unknown_usage_calls,
        coalesce(sum(r.input_tokens), 0) as input,
        coalesce(sum(r.cache_read_tokens), 0) as cache_read,
        coalesce(sum(r.cache_write_tokens), 0) as cache_write,
        coalesce(sum(r.output_tokens), 0) as output,
        coalesce(sum(r.reasoning_tokens), 0) as reasoning
    from windows w
    left join recent r on r.started_at >= w.since
    group by w.name
),

of_this_hour as (
    select
        unnest(['feature', 'model', 'service']) as dimension,
        left(coalesce(unnest([feature, model, service]), '(none)'), 128) as value,
        cost_usd
    from recent
    where started_at >= getvariable('hour_since')::timestamp
        and cost_usd is not null
),

ranked as (
    select
        dimension, value, sum(cost_usd) as cost_usd,
        row_number() over (partition by dimension order by sum(cost_usd) desc, value) as nth
    from of_this_hour
    group by dimension, value
),

dimensions as (
    select
        dimension,
        -- One that is really called so shares its number with the rest.
        case when nth > ${namedValues} then 'other' else value end as value,
        sum(cost_usd) as cost_usd
    from ranked
    group by all
)

select
    (select list(t) from totals t) as windows,
    (select coalesce(list(d), []) from dimensions d) as dimensions,
    (
        select count(*)
        from recent
        where (cost_usd is null) = (unpriced_reason is null) or cost_usd < 0 or cost_usd <> parts_usd
    ) as wrong_records,
    (
        select coalesce(sum(redelivered), 0)
        from traces
        where first_started_at >= getvariable('day_since')::timestamp
    ) as duplicates;`;
