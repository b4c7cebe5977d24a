-- One round of joining groups by evidence: of each trace every pair that is the best for both its groups. Run
-- until no evidence is left, which comes to taking it strictly in its order.
--
-- The steps are materialized: joined all at once, DuckDB may begin with every pair of spans of a trace.
create or replace temp table settling_open as
with from_a as materialized (
    select e.*, m.group_id as group_a
    from settling_evidence e
    join settling_members m on m.trace_id = e.trace_id and m.span_id = e.a
),
labelled as materialized (
    select e.*, m.group_id as group_b
    from from_a e
    join settling_members m on m.trace_id = e.trace_id and m.span_id = e.b
),
scopes_of_a as materialized (
    select l.trace_id, l.place, l.group_b, m.scope
    from labelled l
    join settling_members m on m.trace_id = l.trace_id and m.group_id = l.group_a
),
-- Two spans of one scope never tell of the same call.
clashes as materialized (
    select distinct s.trace_id, s.place
    from scopes_of_a s
    join settling_members m on m.trace_id = s.trace_id and m.group_id = s.group_b and m.scope = s.scope
)
select l.*
from labelled l
anti join clashes c on c.trace_id = l.trace_id and c.place = l.place
where l.group_a <> l.group_b;

create or replace temp table settling_chosen as
with best as materialized (
    select trace_id, group_id, min(place) as place
    from (
        select trace_id, group_a as group_id, place from settling_open
        union all
        select trace_id, group_b, place from settling_open
    ) touching
    group by trace_id, group_id
)
-- The best of both its groups: it is named twice.
select o.trace_id, o.group_a, o.group_b, o.place
from settling_open o
semi join (
    select trace_id, place from best group by trace_id, place having count(*) = 2
) mutual on mutual.trace_id = o.trace_id and mutual.place = o.place;

update settling_members m
set group_id = least(c.group_a, c.group_b)
from settling_chosen c
where c.trace_id = m.trace_id and m.group_id = greatest(c.group_a, c.group_b);

create or replace temp table settling_evidence as
select o.trace_id, o.a, o.b, o.place
from settling_open o
anti join settling_chosen c on c.trace_id = o.trace_id and c.place = o.place;
