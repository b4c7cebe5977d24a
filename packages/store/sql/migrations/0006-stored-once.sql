-- 0006: what follows from other columns is stored no more.

drop view cost_records;
drop view repriced_records;
drop view spans;

-- A price is that of the time when the span began, a cost the sum of its parts, a duration the time between two others.
alter table span_facts drop column duration_ms;
alter table span_facts drop column cost_usd;
alter table span_facts drop column priced_at;
alter table span_prices drop column priced_at;
alter table calls drop column priced_at;

-- The response's id is what tells two spans of one call; it stays with the span, and is in the view `spans`.
alter table calls drop column response_id;

-- The sum of those parts that are known; null where none is.
create macro cost_of(input, cache_read, cache_write, output, other) as case
    when coalesce(input, cache_read, cache_write, output, other) is not null
    then (
        coalesce(input, 0) + coalesce(cache_read, 0) + coalesce(cache_write, 0) + coalesce(output, 0) + coalesce(other, 0)
    )::decimal(18, 12)
end;

-- The run of a call is nearly always its parent: null says so; and of a call without a parent, that it is its own.
create macro run_of(run_id, parent_span_id, span_id) as coalesce(run_id, parent_span_id, span_id);

-- The contract, as before. Scripts read this view, not the tables behind it. Costs are as booked, or of the run that the
-- variable `pricing_run` names (0 is as booked). Spans that a run did not see keep what was booked: for them
-- `pricing_run` is null. Only one of the two halves is ever read, for a variable is a constant to the planner.
create view cost_records as
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
    null::integer as pricing_run
from calls
where coalesce(getvariable('pricing_run')::integer, chosen_pricing_run(), 0) = 0
    -- A tool is a record where it has a price.
    and (record_kind = 'model' or cost_usd is not null)
union all by name
select
    c.* replace (
        run_of(c.run_id, c.parent_span_id, c.span_id) as run_id,
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
    p.run_id as pricing_run
from calls c
left join span_prices p
    on p.run_id = coalesce(getvariable('pricing_run')::integer, chosen_pricing_run())
    and p.trace_id = c.trace_id and p.span_id = c.span_id and p.started_at = c.started_at
where coalesce(getvariable('pricing_run')::integer, chosen_pricing_run(), 0) <> 0
    and (c.record_kind = 'model' or case when p.run_id is null then c.cost_usd else p.cost_usd end is not null);

-- Records as booked beside what each run found, a row per run.
create view repriced_records as
select
    c.* replace (run_of(c.run_id, c.parent_span_id, c.span_id) as run_id),
    case when c.cost_usd is not null then c.started_at end as priced_at,
    p.run_id as pricing_run,
    p.cost_usd as run_cost_usd,
    p.unpriced_reason as run_unpriced_reason,
    p.price_source as run_price_source,
    p.price_id as run_price_id
from calls c
join span_prices p
    on p.trace_id = c.trace_id and p.span_id = c.span_id and p.started_at = c.started_at;

-- Every stored span, once, with its role in its trace.
create view spans as
select
    f.trace_id, f.span_id, f.parent_span_id, f.started_at, f.ended_at,
    (epoch_us(f.ended_at) - epoch_us(f.started_at)) / 1000 as duration_ms,
    f.name, f.kind,
    case
        when r.role is not null then r.role
        when f.node = 'call' then 'billable'
        when coalesce(f.usage_quality, 'missing') <> 'missing' then 'rollup'
        when f.node = 'run' then 'agent'
        else f.node
    end as role,
    r.counted_as, f.node, f.status, f.error_type,
    f.http_status, f.model_request,
    f.service, f.environment, f.release, f.agent, f.tool,
    f.operation, f.provider, f.request_model, f.response_model, f.emitter, f.emitter_version, f.dialect,
    f.usage_quality, f.usage_issue,
    f.input_tokens, f.cache_read_tokens, f.cache_write_tokens, f.output_tokens, f.reasoning_tokens,
    f.response_id
from span_facts f
left join span_roles r
    on r.trace_id = f.trace_id and r.span_id = f.span_id and r.started_at = f.started_at;
