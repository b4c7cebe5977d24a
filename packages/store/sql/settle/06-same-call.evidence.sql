-- Evidence that two call spans tell of one call, the best first. Each span begins as a group of its own.
create or replace temp table settling_members as
select span, trace, scope, span as group_span
from settling_calls
where not wraps;

create or replace temp table settling_evidence as
with answers as (
    select
        trace, response_id, min(span) as first_span,
        -- An id that one scope tells twice was replayed, by a cache: which span belongs to which is not known.
        count(*) = count(distinct scope) as told_once
    from settling_calls
    where response_id is not null and not wraps
    group by trace, response_id
    having count(*) > 1
),
-- Side by side: who hands over, and the calls of other scopes that may have done it for them. Of several with equal
-- counts, or with none, the first did it for the first.
in_turn as (
    select
        trace, span, scope, siblings, embeds, input_tokens, output_tokens, hands_over, started_at, ended_at,
        row_number() over (
            partition by trace, siblings, scope, embeds, input_tokens, output_tokens, hands_over
            order by started_at, span
        ) as nth
    from settling_calls
    where not wraps and trace in (select trace from settling_calls where hands_over)
),
evidence as (

    -- nested: one inside the other. From the outside in: a scope that comes again further in tells of another call.
    select n.trace, n.outer_span as a, n.inner_span as b, 1 as kind, n.failed, n.unequal, n.depth, n.distance
    from settling_nested n
    semi join settling_members o on o.span = n.outer_span
    semi join settling_members i on i.span = n.inner_span

    union all

    -- same answer: providers give each answer an id of its own
    select
        c.trace, f.span, c.span, 2, false, false, 0,
        abs(epoch_us(c.started_at) - epoch_us(f.started_at)) + abs(epoch_us(c.ended_at) - epoch_us(f.ended_at))
    from answers a
    join settling_calls f on f.span = a.first_span
    join settling_calls c
        on c.trace = a.trace and c.response_id = a.response_id and c.span <> a.first_span and not c.wraps
    where a.told_once

    union all

    -- handed over
    select
        x.trace, x.span, y.span, 3, false, false, 0,
        abs(epoch_us(x.started_at) - epoch_us(y.started_at)) + abs(epoch_us(x.ended_at) - epoch_us(y.ended_at))
    from in_turn x
    join in_turn y
        on y.trace = x.trace and y.siblings = x.siblings and y.embeds = x.embeds and y.nth = x.nth
        and y.input_tokens is not distinct from x.input_tokens
        and y.output_tokens is not distinct from x.output_tokens
    where x.hands_over and not y.hands_over and y.scope <> x.scope and y.started_at >= x.started_at
)
select
    trace, a, b,
    row_number() over (order by trace, kind, failed, unequal, depth, distance, a, b) as place
from evidence;
