-- The HTTP requests that each call made, as attempts.
create or replace temp table settling_requests as
with recursive requests as (
    select
        s.trace_id, s.span_id, s.parent_span_id, s.started_at, s.ended_at, s.http_status, s.stated_retry_count,
        t.in_call, g.group_id
    from settling_spans s
    join settling_tree t on t.trace_id = s.trace_id and t.span_id = s.span_id
    -- inside the call's span, or inside one that was merged with it
    left join settling_groups g on g.trace_id = s.trace_id and g.span_id = t.outer_call
    where s.model_request
),
-- What a tool sends is its own, not an attempt of the call around the tool. 100 levels: deeper than life.
around as (
    select trace_id, span_id, parent_span_id as above_id, false as beyond_tool, 1 as levels
    from requests
    where group_id is null and in_call and parent_span_id is not null
    union all
    select a.trace_id, a.span_id, s.parent_span_id, a.beyond_tool or s.node in ('tool', 'agent'), a.levels + 1
    from around a
    join settling_spans s on s.trace_id = a.trace_id and s.span_id = a.above_id
    where s.parent_span_id is not null and a.levels < 100
),
-- beside it: some frameworks lose the context. Within the time of exactly one call. Not in traces of thousands
-- of calls: each request would be compared with each.
small as (
    select trace_id from settling_groups group by trace_id having count(*) <= 2000
),
beside as (
    select r.trace_id, r.span_id, min(g.group_id) as group_id
    from requests r
    join settling_groups g
        on g.trace_id = r.trace_id
        and r.started_at >= g.started_at - interval 2 milliseconds
        and r.ended_at <= g.ended_at + interval 2 milliseconds
    semi join small on small.trace_id = r.trace_id
    anti join around a
        on a.trace_id = r.trace_id and a.span_id = r.span_id and a.above_id = g.span_id and a.beyond_tool
    where r.group_id is null
    group by r.trace_id, r.span_id
    having count(distinct g.group_id) = 1
),
assigned as (
    select r.* exclude (group_id), coalesce(r.group_id, b.group_id) as group_id
    from requests r
    left join beside b on b.trace_id = r.trace_id and b.span_id = r.span_id
    where r.group_id is not null or b.group_id is not null
),
ordered as (
    select
        *,
        -- Two instrumentations of one HTTP client tell of each request twice, at the same time.
        max(ended_at) over (
            partition by trace_id, group_id order by started_at, ended_at, span_id
            rows between unbounded preceding and 1 preceding
        ) as earlier_until
    from assigned
),
numbered as (
    select
        *,
        count(*) filter (earlier_until is null or started_at >= earlier_until) over (
            partition by trace_id, group_id order by started_at, ended_at, span_id
        ) as nth
    from ordered
),
sent as (
    select
        trace_id, group_id, nth,
        coalesce(bool_or(http_status between 200 and 399), false) as is_answered,
        bool_or(http_status is not null) as is_ended,
        max(stated_retry_count) as stated_retry_count
    from numbered
    group by trace_id, group_id, nth
)
select
    trace_id, group_id,
    greatest(
        -- What was answered needed no other attempt: a client that answers tool calls by itself asks again and
        -- is answered again, within one span.
        count(*) filter (not is_answered) + bool_or(is_answered)::integer,
        coalesce(max(stated_retry_count) + 1, 0)
    ) as attempts,
    -- The span has the usage of one of them.
    count(*) filter (is_answered) as answers,
    case when bool_or(is_ended) then bool_or(is_answered) end as answered
from sent
group by trace_id, group_id;
