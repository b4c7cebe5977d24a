-- Of each group of spans that tell of one call, the span that becomes the record.
create or replace temp table settling_groups as
select
    *,
    first_value(span_id) over richest as winner,
    row_number() over richest as rank
from (
    select c.*, m.group_id
    from settling_calls c
    join settling_members m on m.trace_id = c.trace_id and m.span_id = c.span_id
) told
window richest as (
    partition by trace_id, group_id
    -- Of equals the shorter: it is nearer to the wire.
    order by richness desc, ended_at - started_at, span_id
);
