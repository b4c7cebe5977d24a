-- hourly-spend-by: what each hour cost, split by a dimension of your choice.
--
-- Hours without a call of a value have no row. The dearest values have rows of their own, the others share one.
--
-- params   dimension            varchar         feature       a dimension: service, environment, release, feature, team, user_id, agent,
--                                                             tool, prompt_name, provider, model, operation, or tag:NAME
--          since                timestamp       first record  first instant counted, UTC
--          until                timestamp       last record   first instant not counted, UTC
--          max_values           bigint          40            values with rows of their own
-- reads    cost_records                                       one row per billable call
-- returns  hour                 timestamp       its start, UTC
--          value                varchar         of the dimension; null for calls without one, '(other)' for all that are not among the dearest
--          cost_usd             decimal(38,12)  exact; priced calls only, null where none is priced
--          unpriced_calls       bigint          in calls, not in cost_usd
--          unknown_usage_calls  bigint          in calls, without any tokens told
--          calls                bigint          priced or not
-- order    hour; within it cost_usd, dearest first, unknown last; then value
with

calls_in_window as not materialized (

    select
        date_trunc('hour', started_at) as hour,
        cost_usd,
        usage_quality,
        case coalesce(getvariable('dimension'), 'feature')
            when 'service' then service
            when 'environment' then environment
            when 'release' then release
            when 'feature' then feature
            when 'team' then team
            when 'user_id' then user_id
            when 'agent' then agent
            when 'tool' then tool
            when 'prompt_name' then prompt_name
            when 'provider' then provider
            when 'model' then coalesce(response_model, request_model, case when record_kind = 'tool' then tool end)
            when 'operation' then operation
            else case
                when starts_with(getvariable('dimension'), 'tag:') then tags[substr(getvariable('dimension'), 5)]
                else error(
                    'dimension takes service, environment, release, feature, team, user_id, agent, tool, '
                    || 'prompt_name, provider, model, operation or tag:NAME, not "' || getvariable('dimension') || '"'
                )
            end
        end as value
    from cost_records
    where started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')

),

summed as materialized (

    select
        hour,
        value,
        sum(cost_usd) as cost_usd,
        count(*) filter (cost_usd is null) as unpriced_calls,
        count(*) filter (usage_quality = 'missing') as unknown_usage_calls,
        count(*) as calls
    from calls_in_window
    group by hour, value

),

dear_values as (

    select value
    from summed
    where value is not null
    group by value
    order by sum(cost_usd) desc nulls last, value
    limit coalesce(getvariable('max_values')::bigint, 40)

),

named as (

    select
        summed.* replace (
            case when summed.value is null or dear_values.value is not null then summed.value else '(other)' end as value
        )
    from summed
    left join dear_values on dear_values.value = summed.value

)

select
    hour,
    value,
    sum(cost_usd) as cost_usd,
    sum(unpriced_calls)::bigint as unpriced_calls,
    sum(unknown_usage_calls)::bigint as unknown_usage_calls,
    sum(calls)::bigint as calls
from named
group by hour, value
order by hour, cost_usd desc nulls last, value nulls last;
