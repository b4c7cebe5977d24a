-- Call spans, and which of them only wrap others: they tell of no call of their own.
create or replace temp table settling_calls as
select
    s.*, coalesce(s.emitter, '') as scope,
    t.outer_call, t.own_outer, t.depth, t.root_id, t.run_id, t.agents,
    false as wraps
from settling_spans s
join settling_tree t on t.trace_id = s.trace_id and t.span_id = s.span_id
where s.node = 'call';

-- Around calls of its own scope: it has no counts, or those of one of them, or their sum. One that has made
-- another call while it ran is a call like any other. Inner calls without usage are looked at only where none
-- has any: they are failed attempts.
update settling_calls c
set wraps = true
from (
    select o.trace_id, o.span_id
    from settling_calls o
    join (
        select trace_id, own_outer, embeds, input_tokens, output_tokens
        from settling_calls
        where own_outer is not null
        qualify has_usage or not bool_or(has_usage) over (partition by trace_id, own_outer, embeds)
    ) i on i.trace_id = o.trace_id and i.own_outer = o.span_id and i.embeds = o.embeds
    group by o.trace_id, o.span_id, o.has_usage, o.input_tokens, o.output_tokens
    having not o.has_usage
        or bool_or(o.input_tokens = i.input_tokens and o.output_tokens = i.output_tokens)
        or (o.input_tokens = sum(i.input_tokens) and o.output_tokens = sum(i.output_tokens))
) repeats
where repeats.trace_id = c.trace_id and repeats.span_id = c.span_id;

-- Calls of other scopes right inside a call. An embedding tells of no chat, nor a chat of an embedding.
create or replace temp table settling_nested as
select *
from (
    select
        o.trace_id, o.span_id as outer_id, i.span_id as inner_id, i.has_usage,
        o.has_usage as outer_has_usage,
        i.depth,
        i.status = 'error' and not i.has_usage as failed,
        not coalesce(o.input_tokens = i.input_tokens and o.output_tokens = i.output_tokens, false) as unequal,
        abs(epoch_us(o.started_at) - epoch_us(i.started_at))
            + abs(epoch_us(o.ended_at) - epoch_us(i.ended_at)) as distance,
        bool_or(i.has_usage) over told as any_usage,
        count(*) filter (i.has_usage) over told as with_usage,
        count(*) over told as inner_calls,
        -- No instant is common to all: they are different calls. 2 ms: some emitters keep whole milliseconds.
        max(i.started_at) filter (i.has_usage) over inside
            > min(i.ended_at) filter (i.has_usage) over inside + interval 2 milliseconds as apart
    from settling_calls o
    join settling_calls i on i.trace_id = o.trace_id and i.outer_call = o.span_id
    where i.scope <> o.scope and i.embeds = o.embeds
    window
        inside as (partition by o.trace_id, o.span_id),
        told as (partition by o.trace_id, o.span_id, i.scope)
) nested
where has_usage or not any_usage;

-- Around several calls of another scope, or around nothing but such a wrapper.
update settling_calls c
set wraps = true
from (
    with recursive wrapping as (
        select trace_id, span_id from settling_calls where wraps
        union
        select trace_id, outer_id
        from settling_nested
        where apart or with_usage > 1 or (inner_calls > 1 and not any_usage and not outer_has_usage)
        union
        select n.trace_id, n.outer_id
        from wrapping w
        join settling_nested n on n.trace_id = w.trace_id and n.inner_id = w.span_id
    )
    select * from wrapping
) wrappers
where wrappers.trace_id = c.trace_id and wrappers.span_id = c.span_id;
