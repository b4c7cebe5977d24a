-- explain-cells: everything that `spancost explain` looks for causes in, one row per set of labels.
--
-- Nothing is scaled here. A billed attempt that failed is superseded by the next record under the same parent
-- span for the same model: see retry-waste. `step` is loop_iteration less the superseded attempts before it, so
-- that repeated attempts do not look like a longer loop.
-- Window and baseline are chosen as in the spike queries: see spike-by-feature.
--
-- params   since                 timestamp       a day before until     first instant of the window, UTC
--          until                 timestamp       after the last record  first instant after the window, UTC
--          baseline_since        timestamp       the 7 days before      first instant of the baseline, UTC
--          baseline_until        timestamp       since                  first instant after the baseline, UTC
--          feature               varchar         all                    only calls of this feature; '(none)' for those without; likewise the rest
--          release               varchar         all
--          model                 varchar         all                    as the provider answered, else as it was asked for; of a use of a tool its name
--          service               varchar         all
--          environment           varchar         all
--          team                  varchar         all
--          user_id               varchar         all
--          agent                 varchar         all
--          tool                  varchar         all
--          provider              varchar         all
--          prompt_name           varchar         all
--          prompt_version        varchar         all
--          operation             varchar         all
--          retry_count           varchar         all
--          loop_depth            varchar         all                    1, 2, 3-4, 5-8, 9-16 or 17+; uses of tools have none
--          agent_depth           varchar         all
-- reads    cost_records                                                 one row per billable call
-- returns  is_window             boolean         true for the window, false for all periods of the baseline together
--          feature               varchar         null where calls have none; likewise the rest
--          release               varchar
--          model                 varchar
--          service               varchar
--          environment           varchar
--          team                  varchar
--          user_id               varchar         '(other)' beyond the 60 dearest
--          agent                 varchar
--          tool                  varchar
--          provider              varchar
--          prompt_name           varchar
--          prompt_version        varchar
--          operation             varchar
--          retry_count           varchar
--          loop_depth            varchar
--          agent_depth           varchar
--          service_tier          varchar
--          step                  varchar         place in the agent run without repeated attempts: 1, 2, 3-4, 5-8, 9-16, 17+; of uses of tools 'tool'
--          calls                 bigint          priced ones
--          logical_calls         bigint          priced ones that no later attempt supersedes
--          unpriced_calls        bigint          in none of the other figures
--          unknown_usage_calls   bigint          of both, those without any tokens told
--          uncached_tokens       bigint          input neither read from a cache nor written to one; not below 0
--          cache_read_tokens     bigint
--          cache_write_tokens    bigint
--          output_tokens         bigint          reasoning included
--          input_cost_usd        decimal(38,12)  exact; of the uncached tokens
--          cache_read_cost_usd   decimal(38,12)  exact
--          cache_write_cost_usd  decimal(38,12)  exact
--          output_cost_usd       decimal(38,12)  exact
--          other_cost_usd        decimal(38,12)  exact; what is left of the cost of the calls
-- order    is_window, then the labels in their order
with

-- The window; without variables the last 24 hours that have records.
asked as (

    select
        coalesce(
            getvariable('until')::timestamp,
            date_trunc('minute', max(started_at)) + interval 1 minute
        ) as until,
        coalesce(getvariable('since')::timestamp, until - interval 1 day) as since,
        to_days(ceil(epoch(until - since) / 86400)::integer) as step,
        date_trunc('hour', min(started_at)) as first_hour
    from cost_records

),

periods as (

    select true as is_window, since, until
    from asked

    union all

    select false, greatest(since - n * step, first_hour), until - n * step
    from asked
    cross join range(1, 8) as days_before(n)
    where getvariable('baseline_since') is null
        and until - n * step > first_hour

    union all

    select
        false,
        getvariable('baseline_since')::timestamp,
        coalesce(getvariable('baseline_until')::timestamp, since)
    from asked
    where getvariable('baseline_since') is not null

),

-- Read several times over, which is cheaper than to keep it: that takes 1 kB per call.
compared as not materialized (

    select
        periods.is_window,
        calls.trace_id,
        calls.span_id,
        calls.parent_span_id,
        calls.record_kind,
        calls.started_at,
        calls.status,
        calls.retry_evidence,
        calls.request_model,
        calls.loop_iteration,
        calls.feature,
        calls.release,
        calls.service,
        calls.environment,
        calls.team,
        calls.user_id,
        calls.agent,
        calls.tool,
        calls.provider,
        calls.prompt_name,
        calls.prompt_version,
        calls.operation,
        calls.retry_count,
        calls.agent_depth,
        calls.service_tier,
        calls.usage_quality,
        calls.input_tokens,
        calls.cache_read_tokens,
        calls.cache_write_tokens,
        calls.output_tokens,
        calls.cost_usd,
        calls.input_cost_usd,
        calls.cache_read_cost_usd,
        calls.cache_write_cost_usd,
        calls.output_cost_usd,
        coalesce(
            calls.response_model, calls.request_model, case when calls.record_kind = 'tool' then calls.tool end
        ) as model,
        case
            when calls.loop_iteration <= 2 then calls.loop_iteration::varchar
            when calls.loop_iteration <= 4 then '3-4'
            when calls.loop_iteration <= 8 then '5-8'
            when calls.loop_iteration <= 16 then '9-16'
            when calls.loop_iteration > 16 then '17+'
        end as loop_depth
    from cost_records as calls
    join periods on calls.started_at >= periods.since and calls.started_at < periods.until
    -- Constants once the variables are set: the scan then skips what lies outside.
    where calls.started_at >= case
            when getvariable('since') is null or getvariable('until') is null then '-infinity'
            when getvariable('baseline_since') is not null
                then least(getvariable('since')::timestamp, getvariable('baseline_since')::timestamp)
            else getvariable('since')::timestamp - 7 * to_days(ceil(epoch(
                getvariable('until')::timestamp - getvariable('since')::timestamp
            ) / 86400)::integer)
        end
        and calls.started_at < greatest(
            coalesce(getvariable('until')::timestamp, 'infinity'),
            getvariable('baseline_until')::timestamp
        )

),

asked_for as not materialized (

    select *
    from compared
    where (getvariable('feature') is null or coalesce(feature, '(none)') = getvariable('feature'))
        and (getvariable('release') is null or coalesce(release, '(none)') = getvariable('release'))
        and (getvariable('model') is null or coalesce(model, '(none)') = getvariable('model'))
        and (getvariable('service') is null or coalesce(service, '(none)') = getvariable('service'))
        and (getvariable('environment') is null or coalesce(environment, '(none)') = getvariable('environment'))
        and (getvariable('team') is null or coalesce(team, '(none)') = getvariable('team'))
        and (getvariable('user_id') is null or coalesce(user_id, '(none)') = getvariable('user_id'))
        and (getvariable('agent') is null or coalesce(agent, '(none)') = getvariable('agent'))
        and (getvariable('tool') is null or coalesce(tool, '(none)') = getvariable('tool'))
        and (getvariable('provider') is null or coalesce(provider, '(none)') = getvariable('provider'))
        and (getvariable('prompt_name') is null or coalesce(prompt_name, '(none)') = getvariable('prompt_name'))
        and (getvariable('prompt_version') is null or coalesce(prompt_version, '(none)') = getvariable('prompt_version'))
        and (getvariable('operation') is null or coalesce(operation, '(none)') = getvariable('operation'))
        and (getvariable('retry_count') is null or coalesce(retry_count::varchar, '(none)') = getvariable('retry_count')::varchar)
        and (getvariable('loop_depth') is null or coalesce(loop_depth, '(none)') = getvariable('loop_depth'))
        and (getvariable('agent_depth') is null or coalesce(agent_depth::varchar, '(none)') = getvariable('agent_depth')::varchar)

),

-- Traces in which an attempt may have been billed and repeated.
suspects as (

    select distinct is_window, trace_id
    from compared
    where status = 'error' or retry_evidence = 'explicit'

),

in_order as (

    select
        calls.is_window,
        calls.trace_id,
        calls.span_id,
        calls.agent,
        calls.agent_depth,
        calls.started_at,
        calls.parent_span_id is not null
            and lead(calls.span_id) over same_call is not null
            and (
                calls.status = 'error'
                or (
                    calls.retry_evidence = 'explicit'
                    and lead(calls.retry_evidence) over same_call = 'explicit'
                    and lead(calls.retry_count) over same_call > calls.retry_count
                )
            ) as is_superseded
    from compared as calls
    semi join suspects
        on suspects.is_window = calls.is_window and suspects.trace_id = calls.trace_id
    where calls.record_kind = 'model'
    window same_call as (
        partition by calls.is_window, calls.trace_id, calls.parent_span_id, calls.request_model
        order by calls.started_at, calls.span_id
    )

),

repeats as (

    select
        is_window,
        trace_id,
        span_id,
        is_superseded,
        coalesce(sum(is_superseded::integer) over (
            partition by is_window, trace_id, agent, agent_depth
            order by started_at, span_id
            rows between unbounded preceding and 1 preceding
        ), 0) as superseded_before
    from in_order

),

dearest_users as (

    select user_id
    from asked_for
    where user_id is not null
    group by user_id
    order by sum(cost_usd) desc nulls last, user_id
    limit 60

),

labelled as (

    select
        calls.*,
        greatest(1, calls.loop_iteration - coalesce(repeats.superseded_before, 0)) as iteration,
        case
            -- Uses of tools, which have no tokens, are a place by themselves: they must not thin out those of calls.
            when calls.record_kind = 'tool' then 'tool'
            when iteration <= 2 then iteration::varchar
            when iteration <= 4 then '3-4'
            when iteration <= 8 then '5-8'
            when iteration <= 16 then '9-16'
            else '17+'
        end as step,
        case
            when calls.user_id is not null and dearest_users.user_id is null then '(other)'
            else calls.user_id
        end as user_label,
        not coalesce(repeats.is_superseded, false) as is_logical,
        calls.cost_usd is not null as is_priced
    from asked_for as calls
    left join repeats
        on repeats.is_window = calls.is_window
        and repeats.trace_id = calls.trace_id
        and repeats.span_id = calls.span_id
    left join dearest_users on dearest_users.user_id = calls.user_id

)

select
    is_window,
    feature,
    release,
    model,
    service,
    environment,
    team,
    user_label as user_id,
    agent,
    tool,
    provider,
    prompt_name,
    prompt_version,
    operation,
    retry_count::varchar as retry_count,
    loop_depth,
    agent_depth::varchar as agent_depth,
    service_tier,
    step,
    count(*) filter (is_priced) as calls,
    count(*) filter (is_priced and is_logical) as logical_calls,
    count(*) filter (not is_priced) as unpriced_calls,
    count(*) filter (usage_quality = 'missing') as unknown_usage_calls,
    coalesce(sum(greatest(
        0, input_tokens - coalesce(cache_read_tokens, 0) - coalesce(cache_write_tokens, 0)
    )) filter (is_priced), 0)::bigint as uncached_tokens,
    coalesce(sum(cache_read_tokens) filter (is_priced), 0)::bigint as cache_read_tokens,
    coalesce(sum(cache_write_tokens) filter (is_priced), 0)::bigint as cache_write_tokens,
    coalesce(sum(output_tokens) filter (is_priced), 0)::bigint as output_tokens,
    coalesce(sum(input_cost_usd) filter (is_priced), 0) as input_cost_usd,
    coalesce(sum(cache_read_cost_usd) filter (is_priced), 0) as cache_read_cost_usd,
    coalesce(sum(cache_write_cost_usd) filter (is_priced), 0) as cache_write_cost_usd,
    coalesce(sum(output_cost_usd) filter (is_priced), 0) as output_cost_usd,
    coalesce(sum(cost_usd), 0) - coalesce(sum(input_cost_usd) filter (is_priced), 0)
        - coalesce(sum(cache_read_cost_usd) filter (is_priced), 0)
        - coalesce(sum(cache_write_cost_usd) filter (is_priced), 0)
        - coalesce(sum(output_cost_usd) filter (is_priced), 0) as other_cost_usd
from labelled
group by all
order by all;
