-- Which groups are billed, and their attempts.
create or replace temp table settling_told as
select
    g.trace_id, g.group_id, g.winner as span_id,
    arg_min(g.started_at, g.rank) as started_at,
    arg_min(g.ended_at, g.rank) as ended_at,
    -- The run around any of the spans: in some set-ups only one branch shows it.
    coalesce(arg_min(g.run_id, g.rank) filter (g.run_id is not null), arg_min(g.root_id, g.rank)) as run_id,
    greatest(max(g.agents), coalesce(max(g.stated_agent_depth), 0)) as agent_depth,
    max(g.stated_loop_iteration) as stated_loop_iteration,
    max(g.stated_retry_count) as stated_retry_count,
    max(r.attempts) as attempts,
    count(*) as told_by,
    bool_or(g.served_from_cache) as cached,
    case
        when bool_or(g.served_from_cache) then false
        when bool_or(g.has_usage) then true
        -- No usage: a call that was answered was billed, one that only failed was not.
        when bool_or(r.answered) then true
        when bool_or(not r.answered) then false
        else not bool_and(g.status = 'error')
    end as billable,
    coalesce(max(r.answers), 0) > 1 as answered_often
from settling_groups g
left join settling_requests r on r.trace_id = g.trace_id and r.group_id = g.group_id
group by g.trace_id, g.group_id, g.winner;

-- A span that repeats usage stands in for its calls where nothing below it is a call; the topmost of such. Inside a
-- call that tells its usage there is nothing to stand in for.
create or replace temp table settling_standins as
with recursive aggregates as (
    select s.trace_id, s.span_id, s.parent_span_id
    from settling_spans s
    join settling_tree t on t.trace_id = s.trace_id and t.span_id = s.span_id
    left join settling_calls around
        on around.trace_id = s.trace_id and around.span_id = t.outer_call and around.has_usage
    where s.node <> 'call' and s.has_usage
        -- What a tool or another agent uses is its own.
        and (around.span_id is null or s.node in ('tool', 'agent'))
),
above_calls as (
    select c.trace_id, c.parent_span_id as span_id
    from settling_calls c
    semi join aggregates on aggregates.trace_id = c.trace_id
    where c.parent_span_id is not null
    union
    select a.trace_id, s.parent_span_id
    from above_calls a
    join settling_spans s on s.trace_id = a.trace_id and s.span_id = a.span_id
    where s.parent_span_id is not null
),
childless as (
    from aggregates
    anti join above_calls a on a.trace_id = aggregates.trace_id and a.span_id = aggregates.span_id
),
covered as (
    select s.trace_id, s.span_id
    from childless c
    join settling_spans s on s.trace_id = c.trace_id and s.parent_span_id = c.span_id
    union
    select s.trace_id, s.span_id
    from covered c
    join settling_spans s on s.trace_id = c.trace_id and s.parent_span_id = c.span_id
)
select c.trace_id, c.span_id
from childless c
join settling_tree t on t.trace_id = c.trace_id and t.span_id = c.span_id
left join covered on covered.trace_id = c.trace_id and covered.span_id = c.span_id
-- Of spans that no root leads to none is topmost: one stands for all.
qualify case
    when t.rootless then row_number() over (partition by c.trace_id, t.rootless order by c.span_id) = 1
    else covered.span_id is null
end;

insert into settling_told
select
    s.trace_id, s.span_id, s.span_id, s.started_at, s.ended_at,
    coalesce(t.run_id, t.root_id), t.agents, s.stated_loop_iteration, s.stated_retry_count, null, 1, false, true, false
from settling_standins i
join settling_spans s on s.trace_id = i.trace_id and s.span_id = i.span_id
join settling_tree t on t.trace_id = i.trace_id and t.span_id = i.span_id;
