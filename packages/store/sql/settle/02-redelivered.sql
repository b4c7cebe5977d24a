-- Spans that were delivered more than once. Of unequal deliveries the one that ended last counts, then the one
-- that used more, then the greater hash: the same one in whatever order they came.
create or replace temp table settling_redelivered as
with repeated as (
    select f.trace_id, f.span_id
    from span_facts f
    semi join settling_traces t on t.trace_id = f.trace_id
    where f.started_at between getvariable('settle_from') and getvariable('settle_until')
    group by f.trace_id, f.span_id
    having count(*) > 1
)
select row_id, trace_id
from (
    select
        f.rowid as row_id,
        f.trace_id,
        row_number() over (
            partition by f.trace_id, f.span_id
            order by
                f.ended_at desc,
                coalesce(f.input_tokens, 0) + coalesce(f.output_tokens, 0) desc,
                hash(f) desc
        ) as nth
    from span_facts f
    semi join repeated r on r.trace_id = f.trace_id and r.span_id = f.span_id
    where f.started_at between getvariable('settle_from') and getvariable('settle_until')
) deliveries
where nth > 1;

delete from span_facts where rowid in (select row_id from settling_redelivered);
