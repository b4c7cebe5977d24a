-- duplicates: calls that several instrumentations told of, and what counting them twice would have added.
--
-- params   since                timestamp       first record  first instant counted, UTC; of the span not counted
--          until                timestamp       last record   first instant not counted, UTC
-- reads    spans                                              one row per stored span
--          cost_records                                       one row per billable call
-- returns  counted_emitter      varchar         instrumentation scope of the span that counts
--          other_emitter        varchar         of the span that does not
--          service              varchar
--          spans                bigint          spans not counted
--          calls                bigint          calls they tell of
--          avoided_cost_usd     decimal(38,12)  exact; cost of the counted call, once for each span not counted; null where none is priced
--          unpriced_spans       bigint          in spans, not in avoided_cost_usd
--          unknown_usage_spans  bigint          in spans, of calls without any tokens told
--          last_seen            timestamp
--          example_trace_id     varchar         of the last of them
-- order    spans, most first; then counted_emitter, other_emitter, service
with

merged_spans as (

    select *
    from spans
    where counted_as is not null
        and started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')

)

select
    calls.emitter as counted_emitter,
    merged_spans.emitter as other_emitter,
    calls.service,
    count(*) as spans,
    count(distinct (calls.trace_id, calls.span_id)) as calls,
    sum(calls.cost_usd) as avoided_cost_usd,
    count(*) filter (calls.cost_usd is null) as unpriced_spans,
    count(*) filter (calls.usage_quality = 'missing') as unknown_usage_spans,
    max(merged_spans.started_at) as last_seen,
    max({started_at: merged_spans.started_at, trace_id: merged_spans.trace_id}).trace_id as example_trace_id
from merged_spans
join cost_records as calls
    on calls.trace_id = merged_spans.trace_id and calls.span_id = merged_spans.counted_as
-- The two overlap in time: a day around the window is wide enough, and spares a scan of everything.
where calls.started_at >= coalesce(getvariable('since')::timestamp - interval 1 day, '-infinity')
    and calls.started_at < coalesce(getvariable('until')::timestamp + interval 1 day, 'infinity')
group by calls.emitter, merged_spans.emitter, calls.service
order by count(*) desc, calls.emitter nulls last, merged_spans.emitter nulls last, calls.service nulls last;
