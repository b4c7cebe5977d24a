-- 0009: traces are numbered, so that counting requests looks at no texts.

drop view cost_records;
drop view repriced_records;
drop view labelled_records;

-- No two traces have the same number; near ones are of traces of about the same time, so that a bit for each takes little
-- room. See `01-traces.sql`.
alter table calls add column trace_number bigint;
alter table traces add column trace_number bigint;

create temp table numbered_traces as
select trace_id, row_number() over (order by first_started_at, trace_id) as trace_number
from (
    select trace_id, min(started_at) as first_started_at
    from calls
    group by trace_id
);

update calls
set trace_number = numbered_traces.trace_number
from numbered_traces
where calls.trace_id = numbered_traces.trace_id;

-- Those without calls have none until they are settled again.
update traces
set trace_number = numbered_traces.trace_number
from numbered_traces
where traces.trace_id = numbered_traces.trace_id;

drop table numbered_traces;

-- Records with the number of their trace, and with that of their labels: of their label set, or of those without one a number
-- of their own below 0, which holds within one question. Costs are as booked, or of the run that the variable `pricing_run` names (0 is as booked).
-- Spans that a run did not see keep what was booked: for them `pricing_run` is null. Only one of the two halves is ever
-- read, for a variable is a constant to the planner.
create view labelled_records as
select
    trace_id, span_id, parent_span_id, started_at, duration_ms,
    service, environment, release, feature, team, user_id, conversation_id, agent, tool, prompt_name, prompt_version, tags,
    operation, provider, request_model, response_model, status, error_type, emitter, emitter_version, dialect,
    agent_depth, loop_iteration, retry_count, retry_evidence, usage_quality,
    input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens,
    cost_usd, input_cost_usd, cache_read_cost_usd, cache_write_cost_usd, output_cost_usd, other_cost_usd,
    unpriced_reason, usage_issue, reported_cost_usd, price_source, price_id,
    case when cost_usd is not null then started_at end as priced_at,
    -- beyond the contract
    entry_point, run_of(run_id, parent_span_id, span_id) as run_id, service_tier, cache_write_1h_tokens, told_by,
    record_kind, account, region, units,
    input_audio_tokens, input_image_tokens, output_audio_tokens, output_image_tokens, web_searches,
    coalesce(superseded, false) as superseded, coalesce(loop_step, loop_iteration) as loop_step,
    label_set, coalesce(label_set, -1 - rowid) as labels_number, trace_number,
    null::integer as pricing_run
from calls
where coalesce(getvariable('pricing_run')::integer, chosen_pricing_run(), 0) = 0
    -- A tool is a record where it has a price.
    and (record_kind = 'model' or cost_usd is not null)
union all by name
select
    c.* replace (
        run_of(c.run_id, c.parent_span_id, c.span_id) as run_id,
        coalesce(c.superseded, false) as superseded,
        coalesce(c.loop_step, c.loop_iteration) as loop_step,
        case when p.run_id is null then c.cost_usd else p.cost_usd end as cost_usd,
        case when p.run_id is null then c.input_cost_usd else p.input_cost_usd end as input_cost_usd,
        case when p.run_id is null then c.cache_read_cost_usd else p.cache_read_cost_usd end as cache_read_cost_usd,
        case when p.run_id is null then c.cache_write_cost_usd else p.cache_write_cost_usd end as cache_write_cost_usd,
        case when p.run_id is null then c.output_cost_usd else p.output_cost_usd end as output_cost_usd,
        case when p.run_id is null then c.other_cost_usd else p.other_cost_usd end as other_cost_usd,
        case when p.run_id is null then c.unpriced_reason else p.unpriced_reason end as unpriced_reason,
        case when p.run_id is null then c.price_source else p.price_source end as price_source,
        case when p.run_id is null then c.price_id else p.price_id end as price_id
    ),
    case when case when p.run_id is null then c.cost_usd else p.cost_usd end is not null then c.started_at end as priced_at,
    coalesce(c.label_set, -1 - c.rowid) as labels_number,
    p.run_id as pricing_run
from calls c
left join span_prices p
    on p.run_id = coalesce(getvariable('pricing_run')::integer, chosen_pricing_run())
    and p.trace_id = c.trace_id and p.span_id = c.span_id and p.started_at = c.started_at
where coalesce(getvariable('pricing_run')::integer, chosen_pricing_run(), 0) <> 0
    and (c.record_kind = 'model' or case when p.run_id is null then c.cost_usd else p.cost_usd end is not null);

-- The contract, as before. Scripts read this view, not the tables behind it.
create view cost_records as
select * exclude (label_set, labels_number, trace_number)
from labelled_records;

-- Records as booked beside what each run found, a row per run.
create view repriced_records as
select
    c.* exclude (label_set, trace_number) replace (
        run_of(c.run_id, c.parent_span_id, c.span_id) as run_id,
        coalesce(c.superseded, false) as superseded,
        coalesce(c.loop_step, c.loop_iteration) as loop_step
    ),
    case when c.cost_usd is not null then c.started_at end as priced_at,
    p.run_id as pricing_run,
    p.cost_usd as run_cost_usd,
    p.unpriced_reason as run_unpriced_reason,
    p.price_source as run_price_source,
    p.price_id as run_price_id
from calls c
join span_prices p
    on p.trace_id = c.trace_id and p.span_id = c.span_id and p.started_at = c.started_at;
