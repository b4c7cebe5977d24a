-- Of each group of spans that tell of one call, the span that becomes the record.
create or replace temp table settling_groups as
with joined as (
    select distinct group_span from settling_members where span <> group_span
)
-- Most tell of their call alone.
select m.span, m.trace, m.group_span, m.span as winner, 1 as rank
from settling_members m
anti join joined j on j.group_span = m.group_span
union all
select m.span, m.trace, m.group_span, first_value(m.span) over richest, row_number() over richest
from settling_members m
semi join joined j on j.group_span = m.group_span
join settling_calls c on c.span = m.span
window richest as (
    partition by m.group_span
    -- Of equals the shorter: it is nearer to the wire, unless it ends before the request is made.
    order by c.richness desc, c.hands_over, c.ended_at - c.started_at, m.span
);
