-- Which traces to settle now: the oldest of those that are asked for, as many as hold about `settle_spans` spans, so that
-- memory stays bounded however much has arrived. They are numbered: what follows is joined by numbers. `trace_number` stays
-- with a trace for as long as anything is stored of it, so that requests are counted by it.
--
-- A large trace that grew by less than a tenth may wait, where `settle_patient` says so: one that grows for hours would
-- be settled anew, all of it, each time.
create or replace temp table settling_traces as
with changed as (
    select
        d.trace_id,
        d.trace_key,
        -- `least` and `greatest` pass over nulls: a trace that was never settled has no bounds yet.
        least(min(d.first_started_at), min(t.first_started_at)) as first_started_at,
        greatest(max(d.last_started_at), max(t.last_started_at)) as last_started_at,
        sum(d.spans) + coalesce(max(t.spans), 0) as spans,
        coalesce(max(t.redelivered), 0) as redelivered,
        count(t.trace_key) > 0 as settled_before,
        -- Others may have the same key.
        max(t.trace_number) filter (t.trace_id = d.trace_id) as known_number
    from (
        select *, trace_key(trace_id) as trace_key
        from dirty_traces
        semi join settling_asked using (trace_id)
    ) d
    left join traces t on t.trace_key = d.trace_key
    group by d.trace_id, d.trace_key
    having not getvariable('settle_patient')
        or coalesce(max(t.spans), 0) < 10000
        or sum(d.spans) * 10 >= max(t.spans)
)
select
    (row_number() over (order by trace_id))::integer as trace,
    * exclude (known_number),
    coalesce(known_number, (select coalesce(max(trace_number), 0) from traces) + trace) as trace_number
from (
    select *
    from changed
    qualify
        sum(spans) over (order by first_started_at, trace_id rows between unbounded preceding and 1 preceding)
            < getvariable('settle_spans')
        or row_number() over (order by first_started_at, trace_id) = 1
) chosen;
