-- One round of joining groups by evidence: every pair that is the best for both its groups. Run until no evidence
-- is left, which comes to taking it strictly in its order.
--
-- The steps are materialized: joined all at once, DuckDB may begin with every pair of spans of a trace.
create or replace temp table settling_open as
with from_a as materialized (
    select e.*, m.group_span as group_a
    from settling_evidence e
    join settling_members m on m.span = e.a
),
labelled as materialized (
    select e.*, m.group_span as group_b
    from from_a e
    join settling_members m on m.span = e.b
),
scopes_of_a as materialized (
    select l.place, l.group_b, m.scope
    from labelled l
    join settling_members m on m.group_span = l.group_a
),
-- Two spans of one scope never tell of the same call.
clashes as materialized (
    select distinct s.place
    from scopes_of_a s
    join settling_members m on m.group_span = s.group_b and m.scope = s.scope
)
select l.*
from labelled l
anti join clashes c on c.place = l.place
where l.group_a <> l.group_b;

create or replace temp table settling_chosen as
with best as materialized (
    select group_span, min(place) as place
    from (
        select group_a as group_span, place from settling_open
        union all
        select group_b, place from settling_open
    ) touching
    group by group_span
)
-- The best of both its groups: it is named twice.
select o.group_a, o.group_b, o.place
from settling_open o
semi join (
    select place from best group by place having count(*) = 2
) mutual on mutual.place = o.place;

update settling_members m
set group_span = least(c.group_a, c.group_b)
from settling_chosen c
where m.group_span = greatest(c.group_a, c.group_b);

create or replace temp table settling_evidence as
select o.trace, o.a, o.b, o.place
from settling_open o
anti join settling_chosen c on c.place = o.place;
