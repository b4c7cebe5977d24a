-- emitters: what sends spans, what of it is billed, and since when.
--
-- params   since                timestamp  first record  first instant counted, UTC
--          until                timestamp  last record   first instant not counted, UTC
-- reads    spans                one row per stored span
--          cost_records         one row per billable call
-- returns  emitter              varchar    instrumentation scope; null for spans without one
--          emitter_version      varchar
--          dialect              varchar    by which its attributes were read; null where it says nothing of models
--          spans                bigint
--          calls                bigint     billable, priced or not
--          rollups              bigint     spans that repeat the usage of others, not counted
--          duplicates           bigint     spans that tell of a call which another span tells better, not counted
--          unpriced_calls       bigint
--          calls_without_usage  bigint     calls that tell no tokens
--          services             varchar    that send them, by name
--          first_seen           timestamp
--          last_seen            timestamp
-- order    spans, most first; then emitter, emitter_version, dialect
with

spans_in_window as (

    select *
    from spans
    where started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')

),

calls_in_window as (

    select trace_id, span_id, cost_usd, usage_quality
    from cost_records
    where started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')

)

select
    spans.emitter,
    spans.emitter_version,
    spans.dialect,
    count(*) as spans,
    count(calls.span_id) as calls,
    count(*) filter (spans.role = 'rollup') as rollups,
    count(spans.counted_as) as duplicates,
    count(calls.span_id) filter (calls.cost_usd is null) as unpriced_calls,
    count(calls.span_id) filter (calls.usage_quality = 'missing') as calls_without_usage,
    string_agg(distinct spans.service, ', ' order by spans.service) as services,
    min(spans.started_at) as first_seen,
    max(spans.started_at) as last_seen
from spans_in_window as spans
left join calls_in_window as calls
    on calls.trace_id = spans.trace_id and calls.span_id = spans.span_id
group by spans.emitter, spans.emitter_version, spans.dialect
order by count(*) desc, spans.emitter nulls last, spans.emitter_version nulls last, spans.dialect nulls last;
