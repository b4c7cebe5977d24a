-- Evidence that two call spans tell of one call, the best first. Each span begins as a group of its own.
create or replace temp table settling_members as
select trace_id, span_id, scope, span_id as group_id
from settling_calls
where not wraps;

create or replace temp table settling_evidence as
with evidence as (

    -- nested: one inside the other. From the outside in: a scope that comes again further in tells of another call.
    select trace_id, outer_id as a, inner_id as b, 1 as kind, failed, unequal, depth, distance
    from settling_nested n
    semi join settling_members o on o.trace_id = n.trace_id and o.span_id = n.outer_id
    semi join settling_members i on i.trace_id = n.trace_id and i.span_id = n.inner_id

    union all

    -- same answer: providers give each answer an id of its own
    select
        trace_id, first_span.span_id, span_id, 2, false, false, 0,
        abs(epoch_us(started_at) - epoch_us(first_span.started_at))
            + abs(epoch_us(ended_at) - epoch_us(first_span.ended_at))
    from (
        select
            *,
            first({span_id: span_id, started_at: started_at, ended_at: ended_at} order by span_id) over answer
                as first_span,
            count(*) over answer as spans,
            count(distinct scope) over answer as scopes
        from settling_calls
        where response_id is not null and not wraps
        window answer as (partition by trace_id, response_id)
    ) answers
    -- An id that one scope tells twice was replayed, by a cache: which span belongs to which is not known.
    where spans = scopes and span_id <> first_span.span_id
)
select
    trace_id, a, b,
    row_number() over (partition by trace_id order by kind, failed, unequal, depth, distance, a, b) as place
from evidence;
