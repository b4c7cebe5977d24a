-- cost-per-trace: what each trace cost, dearest first.
--
-- Only calls that started in the window count, so a trace that crosses its edge shows a part of its cost.
-- The whole of one trace: trace-spans.
--
-- params   since                timestamp       first record  first instant counted, UTC
--          until                timestamp       last record   first instant not counted, UTC
--          feature              varchar         all           only calls of this feature; '(none)' for those without
--          max_rows             bigint          100           traces shown
-- reads    cost_records                                       one row per billable call
-- returns  trace_id             varchar
--          started_at           timestamp       start of the first call
--          duration_ms          double          from the start of the first call to the end of the last
--          entry_point          varchar         name of the trace's root span, where it has arrived
--          features             varchar         all of them, by name; null where no call has one
--          releases             varchar         likewise
--          models               varchar         likewise, as the provider answered
--          calls                bigint          priced or not
--          retries              bigint          attempts before those that are billed, where the trace shows them
--          max_loop_iteration   integer         longest agent run, in calls
--          max_agent_depth      integer
--          input_tokens         bigint          of the calls that tell it, cached tokens included
--          cache_read_tokens    bigint          likewise
--          output_tokens        bigint          likewise, reasoning included
--          cost_usd             decimal(38,12)  exact; priced calls only, null where none is priced
--          unpriced_calls       bigint          in calls, not in cost_usd
--          unknown_usage_calls  bigint          in calls, without any tokens told
-- order    cost_usd, dearest first, unknown last; then trace_id
with

calls_in_window as (

    select *
    from cost_records
    where started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')
        and (
            getvariable('feature') is null
            or coalesce(feature, '(none)') = getvariable('feature')
        )

)

select
    trace_id,
    min(started_at) as started_at,
    max(epoch_us(started_at) / 1000 + duration_ms) - epoch_us(min(started_at)) / 1000 as duration_ms,
    any_value(entry_point) as entry_point,
    string_agg(distinct feature, ', ' order by feature) as features,
    string_agg(distinct release, ', ' order by release) as releases,
    string_agg(
        distinct coalesce(response_model, request_model), ', '
        order by coalesce(response_model, request_model)
    ) as models,
    count(*) as calls,
    sum(retry_count)::bigint as retries,
    max(loop_iteration) as max_loop_iteration,
    max(agent_depth) as max_agent_depth,
    sum(input_tokens)::bigint as input_tokens,
    sum(cache_read_tokens)::bigint as cache_read_tokens,
    sum(output_tokens)::bigint as output_tokens,
    sum(cost_usd) as cost_usd,
    count(*) filter (cost_usd is null) as unpriced_calls,
    count(*) filter (usage_quality = 'missing') as unknown_usage_calls
from calls_in_window
group by trace_id
order by cost_usd desc nulls last, trace_id
limit coalesce(getvariable('max_rows')::bigint, 100);
