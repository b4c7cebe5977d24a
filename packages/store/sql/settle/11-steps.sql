-- Of each billable call: which step of its run it is, after which tool, and after how many attempts.
create or replace temp table settling_steps as
with tries as (
    select
        g.trace_id, g.group_id, g.span_id, g.started_at, g.ended_at,
        g.parent_span_id, g.scope, coalesce(g.request_model, '') as model,
        t.billable, t.cached, greatest(coalesce(t.attempts, 1), 1) as attempts
    from settling_groups g
    join settling_told t on t.trace_id = g.trace_id and t.group_id = g.group_id
    where g.parent_span_id is not null
),
successes as (
    select
        trace_id, parent_span_id, scope, model, started_at,
        min({ended_at: ended_at, span_id: span_id}) as first_of,
        arg_min(group_id, {ended_at: ended_at, span_id: span_id}) as group_id
    from tries
    where billable
    group by trace_id, parent_span_id, scope, model, started_at
),
-- Failed attempts that are spans of their own: same parent, scope and model, over before this call began.
retried as (
    select f.trace_id, s.group_id, f.attempts
    from tries f
    asof join successes s
        on s.trace_id = f.trace_id
        and s.parent_span_id = f.parent_span_id
        and s.scope = f.scope
        and s.model = f.model
        and s.started_at >= f.ended_at
    where not f.billable and not f.cached
    -- Several spans may tell of the attempt.
    qualify row_number() over (
        partition by f.trace_id, f.group_id order by s.started_at, s.first_of, s.group_id
    ) = 1
),
failed_before as (
    select trace_id, group_id, sum(attempts) as failed
    from retried
    group by trace_id, group_id
),
steps as (
    select
        *,
        row_number() over run_order as nth,
        lag(started_at) over run_order as previous_started_at
    from settling_told
    where billable
    window run_order as (partition by trace_id, run_id order by started_at, ended_at, span_id)
),
tools as (
    select s.trace_id, coalesce(t.run_id, t.root_id) as run_id, s.started_at, s.ended_at, s.tool
    from settling_spans s
    join settling_tree t on t.trace_id = s.trace_id and t.span_id = s.span_id
    where s.node = 'tool' and s.tool is not null
),
after_tool as (
    select
        c.trace_id, c.group_id,
        -- Of tools that ran side by side, the last to end; of equals, the first by name.
        first(w.tool order by w.ended_at desc, w.tool) as tool
    from steps c
    join tools w
        on w.trace_id = c.trace_id
        and w.run_id = c.run_id
        and w.started_at >= c.previous_started_at
        and w.ended_at <= c.started_at + interval 2 milliseconds
    group by c.trace_id, c.group_id
)
select
    s.trace_id, s.group_id, s.span_id, s.run_id, s.agent_depth, s.told_by, s.answered_often,
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
from steps s
left join failed_before f on f.trace_id = s.trace_id and f.group_id = s.group_id
left join after_tool a on a.trace_id = s.trace_id and a.group_id = s.group_id;

-- Uses of tools that have a price, as booked or in some run. Of spans that tell of one use, one inside the other,
-- the outermost. A failed one is billed where it says how many units it used.
create or replace temp table settling_tool_uses as
select s.trace_id, s.span_id, coalesce(t.run_id, t.root_id) as run_id, t.agents
from settling_spans s
join settling_tree t on t.trace_id = s.trace_id and t.span_id = s.span_id
where s.node = 'tool' and s.tool is not null and not t.repeats_tool
    -- Its tokens are those of calls: they are counted there.
    and not s.has_usage
    and (s.status = 'ok' or s.units is not null)
    and (
        s.cost_usd is not null
        or exists (
            select 1 from span_prices p
            where p.trace_id = s.trace_id and p.span_id = s.span_id and p.cost_usd is not null
        )
    );
