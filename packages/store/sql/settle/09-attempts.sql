-- The HTTP requests that each call made, as attempts.
create or replace temp table settling_requests as
with requests as (
    select s.span, s.trace, s.started_at, s.ended_at, s.http_status, s.stated_retry_count, g.group_span
    from settling_spans s
    join settling_tree t on t.span = s.span
    -- inside the call's span, or inside one that was merged with it
    left join settling_groups g on g.span = t.outer_call
    where s.model_request
),
-- beside it: some frameworks lose the context. Within the time of exactly one call. Not in traces of thousands
-- of calls: each request would be compared with each.
small as (
    select trace from settling_groups group by trace having count(*) <= 2000
),
beside as (
    select r.span, min(g.group_span) as group_span
    from requests r
    join settling_groups g on g.trace = r.trace
    join settling_calls c on c.span = g.span
    semi join small on small.trace = r.trace
    -- What a tool sends is its own, not an attempt of the call around the tool.
    anti join settling_beyond a on a.span = r.span and a.call = g.span
    where r.group_span is null
        and r.started_at >= c.started_at - interval 2 milliseconds
        and r.ended_at <= c.ended_at + interval 2 milliseconds
    group by r.span
    having count(distinct g.group_span) = 1
),
assigned as (
    select r.* exclude (group_span), coalesce(r.group_span, b.group_span) as group_span
    from requests r
    left join beside b on b.span = r.span
    where r.group_span is not null or b.group_span is not null
),
ordered as (
    select
        *,
        -- Two instrumentations of one HTTP client tell of each request twice, at the same time.
        max(ended_at) over (
            partition by group_span order by started_at, ended_at, span
            rows between unbounded preceding and 1 preceding
        ) as earlier_until
    from assigned
),
numbered as (
    select
        *,
        count(*) filter (earlier_until is null or started_at >= earlier_until) over (
            partition by group_span order by started_at, ended_at, span
        ) as nth
    from ordered
),
-- A client may make a span of each attempt, and never end those that fail: their requests have lost their parent, and
-- how many attempts the next call took cannot be known.
strays as (
    select s.span, s.trace, s.ended_at
    from requests r
    join settling_spans s on s.span = r.span
    semi join small on small.trace = r.trace
    anti join assigned a on a.span = r.span
    where s.orphan and s.http_status >= 400
),
doubtful as (
    select distinct arg_min(g.group_span, {started_at: c.started_at, span: c.span}) as group_span
    from strays x
    join settling_groups g on g.trace = x.trace
    join settling_calls c on c.span = g.span and c.started_at >= x.ended_at
    group by x.span
),
sent as (
    select
        group_span, nth,
        coalesce(bool_or(http_status between 200 and 399), false) as is_answered,
        bool_or(http_status is not null) as is_ended,
        max(stated_retry_count) as stated_retry_count
    from numbered
    group by group_span, nth
)
select
    group_span,
    case when max(stated_retry_count) is not null or not bool_or(is_doubtful) then greatest(
        -- What was answered needed no other attempt: a client that answers tool calls by itself asks again and
        -- is answered again, within one span.
        count(*) filter (not is_answered) + bool_or(is_answered)::integer,
        coalesce(max(stated_retry_count) + 1, 0)
    ) end as attempts,
    -- The span has the usage of one of them.
    count(*) filter (is_answered) as answers,
    case when bool_or(is_ended) then bool_or(is_answered) end as answered
from (select *, group_span in (from doubtful) as is_doubtful from sent)
group by group_span;
