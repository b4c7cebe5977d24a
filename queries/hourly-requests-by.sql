-- hourly-requests-by: what each hour cost and how many requests began in it, split by a dimension or not.
--
-- A request is a trace, as far as its calls have the value; it is counted in the hour of the first of them that is
-- looked at. Hours without a call have no row.
--
-- params   dimension            varchar         nothing       a dimension: service, environment, release, feature, team, user_id, agent,
--                                                             tool, prompt_name, provider, model, operation, or tag:NAME
--          since                timestamp       first record  first instant counted, UTC
--          until                timestamp       last record   first instant not counted, UTC
-- reads    cost_records                                       one row per billable call
-- returns  hour                 timestamp       its start, UTC
--          value                varchar         of the dimension; null for calls without one, and where it is not split
--          cost_usd             decimal(38,12)  exact; priced calls only, null where none is priced
--          requests             bigint          that began in the hour
--          calls                bigint          priced or not
--          unpriced_calls       bigint          in calls, not in cost_usd
--          unknown_usage_calls  bigint          in calls, without any tokens told
-- order    hour, then value
with

calls_in_window as (

    select
        date_trunc('hour', started_at) as hour,
        trace_id,
        cost_usd,
        usage_quality,
        case getvariable('dimension')
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
                when getvariable('dimension') is null then null
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

per_request as (

    select
        trace_id,
        value,
        hour,
        -- The first of its hours has the request.
        row_number() over (partition by trace_id, value order by hour) = 1 as begins,
        sum(cost_usd) as cost_usd,
        count(*) as calls,
        count(*) filter (cost_usd is null) as unpriced_calls,
        count(*) filter (usage_quality = 'missing') as unknown_usage_calls
    from calls_in_window
    group by trace_id, value, hour

)

select
    hour,
    value,
    sum(cost_usd) as cost_usd,
    count(*) filter (begins) as requests,
    sum(calls)::bigint as calls,
    sum(unpriced_calls)::bigint as unpriced_calls,
    sum(unknown_usage_calls)::bigint as unknown_usage_calls
from per_request
group by hour, value
order by hour, value nulls last;
