-- daily-spend-by: what each day cost, split by a dimension of your choice.
--
-- params   dimension            varchar         feature       a dimension: service, environment, release, feature, team, user_id, agent,
--                                                             tool, prompt_name, provider, model, operation, or tag:NAME
--          since                timestamp       first record  first instant counted, UTC
--          until                timestamp       last record   first instant not counted, UTC
-- reads    cost_records                                       one row per billable call
-- returns  day                  date            UTC
--          value                varchar         of the dimension; null for calls without one
--          cost_usd             decimal(38,12)  exact; priced calls only, null where none is priced
--          share_of_day         double          of the cost of all priced calls of the day; null where that is 0
--          unpriced_calls       bigint          in calls, not in cost_usd
--          unknown_usage_calls  bigint          in calls, without any tokens told
--          calls                bigint          priced or not
--          requests             bigint          traces with such a call on the day
--          input_tokens         bigint          of the calls that tell it, cached tokens included
--          output_tokens        bigint          likewise, reasoning included
-- order    day; within it cost_usd, dearest first, unknown last; then value
with

calls_in_window as (

    select
        *,
        started_at::date as day,
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

)

select
    day,
    value,
    sum(cost_usd) as cost_usd,
    sum(cost_usd) / nullif(sum(sum(cost_usd)) over (partition by day), 0) as share_of_day,
    count(*) filter (cost_usd is null) as unpriced_calls,
    count(*) filter (usage_quality = 'missing') as unknown_usage_calls,
    count(*) as calls,
    count(distinct trace_id) as requests,
    sum(input_tokens)::bigint as input_tokens,
    sum(output_tokens)::bigint as output_tokens
from calls_in_window
group by day, value
order by day, cost_usd desc nulls last, value nulls last;
