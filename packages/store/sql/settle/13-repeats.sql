-- Billed attempts that a later one repeats, under the same parent and for the same model: they failed, or the later one
-- says that it is a retry. And for calls after them in a run, which step they are without them.
create or replace temp table settling_repeats as
with records as (
    select
        s.span, f.trace, n.parent_span_id, f.started_at, f.status, f.request_model,
        s.retry_count, s.retry_evidence, s.loop_iteration, s.agent_depth, a.agent
    from settling_steps s
    join settling_spans f on f.span = s.span
    join settling_numbers n on n.span = s.span
    join settling_attribution a on a.group_span = s.group_span
),
suspects as (
    select distinct trace
    from records
    where status = 'error' or retry_evidence = 'explicit' and retry_count > 0
),
in_order as (
    select
        *,
        parent_span_id is not null
            and lead(span) over same_call is not null
            and (
                status = 'error'
                or (
                    retry_evidence = 'explicit'
                    and lead(retry_evidence) over same_call = 'explicit'
                    and lead(retry_count) over same_call > retry_count
                )
            ) as superseded
    from records
    semi join suspects using (trace)
    -- Spans are numbered by their ids.
    window same_call as (partition by trace, parent_span_id, request_model order by started_at, span)
)
select span, superseded, greatest(1, loop_iteration - superseded_before)::integer as loop_step
from (
    select
        *,
        coalesce(sum(superseded::integer) over (
            partition by trace, agent, agent_depth order by started_at, span
            rows between unbounded preceding and 1 preceding
        ), 0) as superseded_before
    from in_order
) after_them
where superseded or superseded_before > 0;
