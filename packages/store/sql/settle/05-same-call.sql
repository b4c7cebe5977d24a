-- Which call spans tell of the same call. Two spans of one scope never do.
create or replace temp table settling_calls as
select
    s.*, t.outer_call, t.depth, t.root_id, t.run_id, t.agents,
    false as wraps
from settling_spans s
join settling_tree t on t.trace_id = s.trace_id and t.span_id = s.span_id
where s.node = 'call';

-- Calls inside a call, by the scope that tells of them. Those without usage count only where none has any:
-- they are failed attempts.
create or replace temp table settling_nested as
select *
from (
    select
        o.trace_id, o.span_id as outer_id, i.span_id as inner_id,
        o.emitter is not distinct from i.emitter as same_scope,
        not o.has_usage
            or coalesce(o.input_tokens = i.input_tokens and o.output_tokens = i.output_tokens, false)
            or coalesce(
                o.input_tokens = sum(i.input_tokens) over told and o.output_tokens = sum(i.output_tokens) over told,
                false
            ) as repeats,
        i.has_usage,
        bool_or(i.has_usage) over told as any_usage,
        count(*) filter (i.has_usage) over told as with_usage,
        count(*) over told as inner_calls
    from settling_calls o
    join settling_calls i on i.trace_id = o.trace_id and i.outer_call = o.span_id
    window told as (partition by o.trace_id, o.span_id, i.emitter)
) nested
where has_usage or not any_usage;

-- A call around several of another scope is a wrapper; so is one around calls of its own scope, if it has no
-- counts of its own. One that has made another call while it ran is a call like any other.
update settling_calls c
set wraps = true
from settling_nested n
where n.trace_id = c.trace_id
    and n.outer_id = c.span_id
    and case
        when n.same_scope then n.repeats
        else case when n.any_usage then n.with_usage else n.inner_calls end > 1
    end;

create or replace temp table settling_edges as

-- nested: one inside the other
select n.trace_id, n.outer_id as a, n.inner_id as b
from settling_nested n
join settling_calls o on o.trace_id = n.trace_id and o.span_id = n.outer_id
where not o.wraps and not n.same_scope

union

-- same answer: providers give each answer an id of its own
select c.trace_id, first_span as a, c.span_id as b
from settling_calls c
join (
    select trace_id, response_id, min(span_id) as first_span
    from settling_calls
    where response_id is not null and not wraps
    group by trace_id, response_id
    -- An id that one scope tells twice was replayed, by a cache: which span belongs to which is not known.
    having count(*) > 1 and count(*) = count(distinct coalesce(emitter, ''))
) answers on answers.trace_id = c.trace_id and answers.response_id = c.response_id
where not c.wraps and c.span_id <> answers.first_span;

-- same time, same counts: instrumentations in different branches of the trace. Pairs that are each other's
-- nearest in time, of calls that no better evidence has paired with that scope.
insert into settling_edges
with mixed as (
    select trace_id
    from settling_calls
    group by trace_id
    having count(distinct coalesce(emitter, '')) > 1
),
numbered as (
    select
        *,
        row_number() over (
            partition by trace_id, emitter, input_tokens, output_tokens order by started_at, ended_at, span_id
        ) as nth
    from settling_calls
    semi join mixed on mixed.trace_id = settling_calls.trace_id
    -- So many equal calls in one trace are no evidence, and pairing them would take their square.
    qualify count(*) over (partition by trace_id, input_tokens, output_tokens) <= 1000
),
candidates as (
    select
        x.trace_id, x.span_id as a, y.span_id as b, x.emitter as a_scope, y.emitter as b_scope,
        abs(epoch_us(x.started_at) - epoch_us(y.started_at))
            + abs(epoch_us(x.ended_at) - epoch_us(y.ended_at)) as apart,
        -- Twins that ran at the same time: the first belongs to the first, the second to the second.
        abs(x.nth - y.nth) as out_of_turn
    from numbered x
    join numbered y
        on y.trace_id = x.trace_id
        and y.emitter is distinct from x.emitter
        and y.input_tokens = x.input_tokens
        and y.output_tokens = x.output_tokens
        -- 2 ms: some emitters keep whole milliseconds.
        and y.started_at >= x.started_at - interval 2 milliseconds
        and y.ended_at <= x.ended_at + interval 2 milliseconds
    where not x.wraps and not y.wraps
        and x.input_tokens + x.output_tokens > 0
        and not exists (
            from settling_edges e
            where e.trace_id = x.trace_id and (x.span_id in (e.a, e.b) or y.span_id in (e.a, e.b))
        )
)
select trace_id, a, b
from (
    select
        *,
        row_number() over (partition by trace_id, a, b_scope order by apart, out_of_turn, b) as nearest_to_a,
        row_number() over (partition by trace_id, b, a_scope order by apart, out_of_turn, a) as nearest_to_b
    from candidates
) pairs
where nearest_to_a = 1 and nearest_to_b = 1;
