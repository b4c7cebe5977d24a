-- hourly-spend: what each hour cost, from the first hour with a call to the last.
--
-- Hours without a call are shown, and cost 0: so the rows make a chart as they are.
--
-- params   since                timestamp       first record  first instant counted, UTC
--          until                timestamp       last record   first instant not counted, UTC
--          feature              varchar         all           only calls of this feature; '(none)' for those without
-- reads    cost_records                                       one row per billable call
-- returns  hour                 timestamp       its start, UTC
--          cost_usd             decimal(38,12)  exact; priced calls only, null where calls have no price at all
--          unpriced_calls       bigint          in calls, not in cost_usd
--          unknown_usage_calls  bigint          in calls, without any tokens told
--          calls                bigint          priced or not
--          requests             bigint          traces with a call in the hour
--          input_tokens         bigint          of the calls that tell it, cached tokens included
--          output_tokens        bigint          likewise, reasoning included
-- order    hour
with

calls_in_window as not materialized (

    select *, date_trunc('hour', started_at) as hour
    from cost_records
    where started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')
        and (
            getvariable('feature') is null
            or coalesce(feature, '(none)') = getvariable('feature')
        )

),

hours as (

    select unnest(generate_series(min(hour), max(hour), interval 1 hour)) as hour
    from calls_in_window

)

select
    hours.hour,
    case when count(calls.hour) > 0 then sum(calls.cost_usd) else 0 end as cost_usd,
    count(calls.hour) filter (calls.cost_usd is null) as unpriced_calls,
    count(calls.hour) filter (calls.usage_quality = 'missing') as unknown_usage_calls,
    count(calls.hour) as calls,
    count(distinct calls.trace_id) as requests,
    (case when count(calls.hour) > 0 then sum(calls.input_tokens) else 0 end)::bigint as input_tokens,
    (case when count(calls.hour) > 0 then sum(calls.output_tokens) else 0 end)::bigint as output_tokens
from hours
left join calls_in_window as calls on calls.hour = hours.hour
group by hours.hour
order by hours.hour;
