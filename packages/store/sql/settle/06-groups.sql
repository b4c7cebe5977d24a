-- Calls in groups that tell of one call each, and of each group the span that becomes the record.
create or replace temp table settling_groups as
with recursive linked as (
    select trace_id, a as span_id, b as other from settling_edges
    union
    select trace_id, b, a from settling_edges
),
reached as (
    select trace_id, span_id, span_id as other from settling_calls where not wraps
    union
    select r.trace_id, r.span_id, l.other
    from reached r
    join linked l on l.trace_id = r.trace_id and l.span_id = r.other
),
grouped as (
    select trace_id, span_id, min(other) as group_id
    from reached
    group by trace_id, span_id
),
checked as (
    select
        c.*,
        -- A second span of a scope that is in the group already is a call of its own.
        case
            when row_number() over (
                partition by c.trace_id, g.group_id, c.emitter order by c.richness desc, c.span_id
            ) = 1 then g.group_id
            else c.span_id
        end as group_id
    from grouped g
    join settling_calls c on c.trace_id = g.trace_id and c.span_id = g.span_id
)
select
    *,
    first_value(span_id) over richest as winner,
    row_number() over richest as rank
from checked
window richest as (
    partition by trace_id, group_id
    -- Of equals the shorter: it is nearer to the wire.
    order by richness desc, ended_at - started_at, span_id
);
