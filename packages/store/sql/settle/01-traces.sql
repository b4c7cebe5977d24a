-- Which traces to settle now: the oldest that changed, as many as hold about `settle_spans` spans, so that
-- memory stays bounded however much has arrived.
create or replace temp table settling_traces as
with changed as (
    select
        d.trace_id,
        -- `least` and `greatest` pass over nulls: a trace that was never settled has no bounds yet.
        least(min(d.first_started_at), min(t.first_started_at)) as first_started_at,
        greatest(max(d.last_started_at), max(t.last_started_at)) as last_started_at,
        sum(d.spans) + coalesce(max(t.spans), 0) as spans,
        coalesce(max(t.redelivered), 0) as redelivered
    from dirty_traces d
    left join traces t on t.trace_id = d.trace_id
    group by d.trace_id
)
select *
from changed
qualify
    sum(spans) over (order by first_started_at, trace_id rows between unbounded preceding and 1 preceding)
        < getvariable('settle_spans')
    or row_number() over (order by first_started_at, trace_id) = 1;
