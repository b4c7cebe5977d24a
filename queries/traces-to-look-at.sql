-- traces-to-look-at: the dearest traces of a window, and the one in the middle to compare them with.
--
-- Only calls that started in the window count, so a trace that crosses its edge shows a part of its cost. Traces
-- without a priced call are left out.
--
-- params   since                timestamp       first record  first instant counted, UTC
--          until                timestamp       last record   first instant not counted, UTC
--          feature              varchar         all           only calls of this feature; '(none)' for those without
--          max_rows             bigint          3             dearest traces shown
-- reads    cost_records                                       one row per billable call
-- returns  kind                 varchar         dearest or median: half of the traces cost no more than that one
--          trace_id             varchar
--          started_at           timestamp       start of the first call
--          features             varchar         all of them, by name; null where no call has one
--          releases             varchar         likewise
--          models               varchar         likewise, as the provider answered
--          calls                bigint          priced or not
--          retries              bigint          attempts before those that are billed, where the trace shows them
--          max_loop_iteration   integer         longest agent run, in calls
--          input_tokens         bigint          of the calls that tell it, cached tokens included
--          output_tokens        bigint          likewise, reasoning included
--          cost_usd             decimal(38,12)  exact; priced calls only
--          unpriced_calls       bigint          in calls, not in cost_usd
--          unknown_usage_calls  bigint          in calls, without any tokens told
--          traces               bigint          of the window that have a priced call
-- order    kind; then cost_usd, dearest first; then trace_id
with

-- Read twice, which is cheaper than to keep it.
calls_in_window as not materialized (

    select *
    from cost_records
    where started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')
        and (
            getvariable('feature') is null
            or coalesce(feature, '(none)') = getvariable('feature')
        )

),

ranked as (

    select
        trace_id,
        row_number() over (order by sum(cost_usd) desc, trace_id) as place,
        count(*) over () as traces
    from calls_in_window
    group by trace_id
    having sum(cost_usd) is not null

),

-- The middle one may be among the dearest: then it is shown as both.
chosen as (

    select 'dearest' as kind, *
    from ranked
    where place <= coalesce(getvariable('max_rows')::bigint, 3)

    union all

    select 'median', *
    from ranked
    where place = traces // 2 + 1

)

select
    chosen.kind,
    chosen.trace_id,
    min(calls.started_at) as started_at,
    string_agg(distinct calls.feature, ', ' order by calls.feature) as features,
    string_agg(distinct calls.release, ', ' order by calls.release) as releases,
    string_agg(
        distinct coalesce(calls.response_model, calls.request_model), ', '
        order by coalesce(calls.response_model, calls.request_model)
    ) as models,
    count(*) as calls,
    sum(calls.retry_count)::bigint as retries,
    max(calls.loop_iteration) as max_loop_iteration,
    sum(calls.input_tokens)::bigint as input_tokens,
    sum(calls.output_tokens)::bigint as output_tokens,
    sum(calls.cost_usd) as cost_usd,
    count(*) filter (calls.cost_usd is null) as unpriced_calls,
    count(*) filter (calls.usage_quality = 'missing') as unknown_usage_calls,
    chosen.traces
from chosen
join calls_in_window as calls on calls.trace_id = chosen.trace_id
group by chosen.kind, chosen.trace_id, chosen.traces
order by chosen.kind, cost_usd desc, chosen.trace_id;
