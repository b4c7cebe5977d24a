-- The HTTP requests that each call made, as attempts.
create or replace temp table settling_requests as
with requests as (
    select s.trace_id, s.span_id, s.started_at, s.ended_at, s.http_status, s.stated_retry_count, t.outer_call
    from settling_spans s
    join settling_tree t on t.trace_id = s.trace_id and t.span_id = s.span_id
    where s.model_request
),
-- inside the call's span, or inside one that was merged with it
inside as (
    select r.*, g.group_id
    from requests r
    join settling_groups g on g.trace_id = r.trace_id and g.span_id = r.outer_call
),
-- beside it: some frameworks lose the context. Within the time of exactly one call. Not in traces of thousands
-- of calls: each request would be compared with each.
small as (
    select trace_id from settling_groups group by trace_id having count(*) <= 2000
),
beside as (
    select r.*, min(g.group_id) as group_id
    from requests r
    join settling_groups g
        on g.trace_id = r.trace_id
        and r.started_at >= g.started_at - interval 2 milliseconds
        and r.ended_at <= g.ended_at + interval 2 milliseconds
    semi join small on small.trace_id = r.trace_id
    where r.outer_call is null
    group by all
    having count(distinct g.group_id) = 1
),
ordered as (
    select
        *,
        -- Two instrumentations of one HTTP client tell of each request twice, at the same time.
        max(ended_at) over (
            partition by trace_id, group_id order by started_at, ended_at, span_id
            rows between unbounded preceding and 1 preceding
        ) as earlier_until
    from (from inside union all by name from beside) assigned
)
select
    trace_id, group_id,
    greatest(
        count(*) filter (earlier_until is null or started_at >= earlier_until),
        coalesce(max(stated_retry_count) + 1, 0)
    ) as attempts,
    bool_or(http_status between 200 and 399) as answered
from ordered
group by trace_id, group_id;
