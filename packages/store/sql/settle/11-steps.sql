-- Of each billable call: which step of its run it is, after which tool, and after how many attempts.
create or replace temp table settling_order as
select
    *,
    row_number() over run_order as nth,
    lag(started_at) over run_order as previous_started_at
from settling_told
where billable
window run_order as (partition by run order by started_at, ended_at, span);

-- Failed attempts that are spans of their own, of each call.
create or replace temp table settling_failed as
with tries as materialized (
    select
        g.group_span, c.span, c.started_at, c.ended_at, c.siblings, c.scope,
        coalesce(c.request_model, '') as model,
        t.billable, t.cached, greatest(coalesce(t.attempts, 1), 1) as attempts
    from settling_groups g
    join settling_calls c on c.span = g.span
    join settling_told t on t.group_span = g.group_span
    where c.siblings is not null
),
failures as (
    from tries
    where not billable and not cached
),
successes as (
    select
        siblings, scope, model, started_at,
        min({ended_at: ended_at, span: span}) as first_of,
        arg_min(group_span, {ended_at: ended_at, span: span}) as group_span
    from tries
    semi join (select distinct siblings from failures) f on f.siblings = tries.siblings
    where billable
    group by siblings, scope, model, started_at
),
-- Same parent, scope and model, over before this call began: of such calls the first. (An ASOF join would do, were
-- it not a nested loop where DuckDB does not know yet how many rows there are.)
tried as (
    select siblings, scope, model, ended_at as instant, group_span as failure, attempts, null as success
    from failures
    union all
    select
        siblings, scope, model, started_at, null, null,
        {started_at: started_at, first_of: first_of, group_span: group_span}
    from successes
),
following as (
    select
        failure, attempts,
        last_value(success ignore nulls) over (
            partition by siblings, scope, model order by instant desc, failure is not null
            rows between unbounded preceding and 1 preceding
        ) as success
    from tried
),
retried as (
    select success.group_span as group_span, attempts
    from following
    where failure is not null and success is not null
    -- Several spans may tell of the attempt.
    qualify row_number() over (partition by failure order by success) = 1
)
select group_span, sum(attempts) as failed
from retried
group by group_span;

-- Uses of tools. Of those at the same time one is as good as another.
create or replace temp table settling_uses as
select t.run, s.started_at, s.ended_at, min(s.tool) as tool
from settling_spans s
join settling_tree t on t.span = s.span
where s.node = 'tool' and s.tool is not null
group by t.run, s.started_at, s.ended_at;

-- The tool that each call answers.
create or replace temp table settling_answers as
with

-- A call answers the tools that started after the call before it did, and were over when it started itself. 2 ms:
-- some emitters keep whole milliseconds. So it is the first call to start after the tool did,
following as (
    select
        ended_at, tool,
        last_value(call ignore nulls) over (
            partition by run order by started_at desc, tool is null
            rows between unbounded preceding and 1 preceding
        ) as call
    from (
        select run, started_at, ended_at, tool, null as call from settling_uses
        union all
        select run, started_at, null, null, group_span
        from settling_order
        where previous_started_at is null or previous_started_at < started_at
    ) in_turn
    qualify tool is not null
),
next_calls as (
    select c.group_span, f.tool, f.ended_at
    from following f
    join settling_order c on c.group_span = f.call
    where c.previous_started_at is not null and c.started_at >= f.ended_at - interval 2 milliseconds
),
-- or one that started up to 2 ms before the tool, which was over at once.
moments as (
    select distinct run, started_at, epoch_us(started_at) // 2000 as slot
    from settling_order
    where previous_started_at is not null
),
brief_uses as (
    select *, unnest([epoch_us(started_at) // 2000, epoch_us(started_at) // 2000 - 1]) as slot
    from settling_uses
    where ended_at - started_at <= interval 2 milliseconds
),
at_moments as (
    select
        m.run, m.started_at, max(u.ended_at) as ended_at,
        arg_min(u.tool, {until_end: -epoch_us(u.ended_at), tool: u.tool}) as tool
    from moments m
    join brief_uses u
        on u.run = m.run
        and u.slot = m.slot
        and m.started_at <= u.started_at
        and m.started_at >= u.ended_at - interval 2 milliseconds
    group by m.run, m.started_at
),
answered as (
    from next_calls
    union all
    select c.group_span, m.tool, m.ended_at
    from at_moments m
    join settling_order c on c.run = m.run and c.started_at = m.started_at and c.previous_started_at is not null
)
-- Of tools that ran side by side, the last to end; of equals, the first by name.
select group_span, arg_min(tool, {until_end: -epoch_us(ended_at), tool: tool}) as tool
from answered
group by group_span;

create or replace temp table settling_steps as
select
    s.group_span, s.span, s.run, s.agent_depth, s.told_by, s.answered_often,
    coalesce(s.stated_loop_iteration, s.nth) as loop_iteration,
    a.tool,
    case
        when s.stated_retry_count is not null then s.stated_retry_count
        when s.attempts is not null or coalesce(f.failed, 0) > 0
            then coalesce(s.attempts, 1) - 1 + coalesce(f.failed, 0)
    end as retry_count,
    case
        when s.stated_retry_count is not null then 'explicit'
        when coalesce(f.failed, 0) > 0 then 'sibling'
        when s.attempts is not null then 'http'
    end as retry_evidence
from settling_order s
left join settling_failed f on f.group_span = s.group_span
left join settling_answers a on a.group_span = s.group_span;

-- Uses of tools that have a price, as booked or in some run. Of spans that tell of one use, one inside the other,
-- the outermost. A failed one is billed where it says how many units it used.
create or replace temp table settling_tool_uses as
with repriced as (
    select n.span
    from span_prices p
    join settling_traces t on t.trace_id = p.trace_id
    join settling_numbers n on n.trace = t.trace and n.span_id = p.span_id
    where p.cost_usd is not null
        and p.started_at between getvariable('settle_from') and getvariable('settle_until')
)
select s.span, t.run, t.agents
from settling_spans s
join settling_tree t on t.span = s.span
where s.node = 'tool' and s.tool is not null and not t.repeats_tool
    -- Its tokens are those of calls: they are counted there.
    and not s.has_usage
    and (s.status = 'ok' or s.units is not null)
    and (s.priced or s.span in (from repriced));
