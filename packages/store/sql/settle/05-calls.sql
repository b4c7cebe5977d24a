-- Call spans, and which of them only wrap others: they tell of no call of their own.
create or replace temp table settling_calls as
select
    s.span, s.trace, s.scope, s.started_at, s.ended_at, s.status, s.embeds,
    s.request_model, s.response_model, s.response_id, s.has_usage, s.input_tokens, s.output_tokens,
    s.richness, s.served_from_cache, s.hands_over, s.stated_retry_count, s.stated_loop_iteration, s.stated_agent_depth,
    -- What it shares with its siblings: the parent, or below 0 what stands for one that never arrived.
    coalesce(s.parent, -1 - o.first_sibling) as siblings,
    t.outer_call, t.own_outer, t.depth, t.run, t.agents,
    false as wraps
from settling_spans s
join settling_tree t on t.span = s.span
left join settling_orphans o on o.span = s.span
where s.node = 'call';

-- Around calls of its own scope: it has no counts, or those of one of them, or their sum. One that has made
-- another call while it ran is a call like any other. Inner calls without usage are looked at only where none
-- has any: they are failed attempts.
update settling_calls c
set wraps = true
from (
    select o.span
    from settling_calls o
    join (
        select own_outer, embeds, input_tokens, output_tokens
        from settling_calls
        where own_outer is not null
        qualify has_usage or not bool_or(has_usage) over (partition by own_outer, embeds)
    ) i on i.own_outer = o.span and i.embeds = o.embeds
    group by o.span, o.has_usage, o.input_tokens, o.output_tokens
    having not o.has_usage
        or bool_or(o.input_tokens = i.input_tokens and o.output_tokens = i.output_tokens)
        or (o.input_tokens = sum(i.input_tokens) and o.output_tokens = sum(i.output_tokens))
) repeats
where repeats.span = c.span;

-- Calls of other scopes right inside a call. An embedding tells of no chat, nor a chat of an embedding.
create or replace temp table settling_nested as
select *
from (
    select
        o.trace, o.span as outer_span, i.span as inner_span, i.has_usage,
        o.has_usage as outer_has_usage,
        i.depth,
        i.status = 'error' and not i.has_usage as failed,
        not coalesce(o.input_tokens = i.input_tokens and o.output_tokens = i.output_tokens, false) as unequal,
        abs(epoch_us(o.started_at) - epoch_us(i.started_at))
            + abs(epoch_us(o.ended_at) - epoch_us(i.ended_at)) as distance,
        bool_or(i.has_usage) over told as any_usage,
        count(*) filter (i.has_usage) over told as with_usage,
        count(*) over told as inner_calls,
        -- No instant is common to all: they are different calls. 2 ms: some emitters keep whole milliseconds. But where
        -- each has the counts of the outer one they tell of it, one of them after the answer.
        max(i.started_at) filter (i.has_usage) over inside
            > min(i.ended_at) filter (i.has_usage) over inside + interval 2 milliseconds
            and bool_or(i.has_usage and not coalesce(
                o.input_tokens = i.input_tokens and o.output_tokens = i.output_tokens, false
            )) over inside as apart
    from settling_calls o
    join settling_calls i on i.outer_call = o.span
    where i.scope <> o.scope and i.embeds = o.embeds
    window
        inside as (partition by o.span),
        told as (partition by o.span, i.scope)
) nested
where has_usage or not any_usage;

-- Around several calls of another scope, or around nothing but such a wrapper.
update settling_calls c
set wraps = true
from (
    with recursive wrapping as (
        select span from settling_calls where wraps
        union
        select outer_span
        from settling_nested
        where apart or with_usage > 1 or (inner_calls > 1 and not any_usage and not outer_has_usage)
        union
        select n.outer_span
        from wrapping w
        join settling_nested n on n.inner_span = w.span
    )
    select * from wrapping
) wrappers
where wrappers.span = c.span;
