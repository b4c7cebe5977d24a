-- Which groups are billed, and their attempts.
create or replace temp table settling_told as
select
    g.group_span, g.winner as span,
    arg_min(c.started_at, g.rank) as started_at,
    arg_min(c.ended_at, g.rank) as ended_at,
    -- The run around any of the spans: in some set-ups only one branch shows it.
    coalesce(arg_min(c.run, g.rank) filter (c.run >= 0), arg_min(c.run, g.rank)) as run,
    greatest(max(c.agents), coalesce(max(c.stated_agent_depth), 0)) as agent_depth,
    max(c.stated_loop_iteration) as stated_loop_iteration,
    max(c.stated_retry_count) as stated_retry_count,
    max(r.attempts) as attempts,
    count(*) as told_by,
    bool_or(c.served_from_cache) as cached,
    case
        when bool_or(c.served_from_cache) then false
        when bool_or(c.has_usage) then true
        -- No usage: a call that was answered was billed, one that only failed was not.
        when bool_or(r.answered) then true
        when bool_or(not r.answered) then false
        else not bool_and(c.status = 'error')
    end as billable,
    coalesce(max(r.answers), 0) > 1 as answered_often
from settling_groups g
join settling_calls c on c.span = g.span
left join settling_requests r on r.group_span = g.group_span
group by g.group_span, g.winner;

-- A span that repeats usage stands in for its calls where nothing below it is a call, but for failed attempts.
insert into settling_told
select
    s.span, s.span, s.started_at, s.ended_at, t.run, t.agents, s.stated_loop_iteration, s.stated_retry_count,
    null, 1, false, true, false
from settling_tree t
join settling_spans s on s.span = t.span
where t.stands_in;
