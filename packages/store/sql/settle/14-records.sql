-- The records, as they are written: first their labels are read, then all of them.
--
-- What `run_id` is told by, numbered from 0 the span of the run; from -1 down, where no run is shown, the root, or the
-- parent that never arrived.
create or replace temp table settling_runs as
with runs as (
    select run from settling_steps
    union
    select run from settling_tool_uses
)
select
    r.run,
    case when r.run < 0 and s.orphan then n.parent_span_id else n.span_id end as run_id
from runs r
join settling_spans s on s.span = case when r.run >= 0 then r.run else -1 - r.run end
join settling_numbers n on n.span = s.span;

create or replace temp view settling_records as
select
    s.span, f.trace_id, f.span_id, f.parent_span_id, f.started_at,
    (epoch_us(f.ended_at) - epoch_us(f.started_at)) / 1000 as duration_ms,
    f.service, f.environment, f.release,
    a.feature, a.team, a.user_id, a.conversation_id, a.agent, s.tool,
    a.prompt_name, a.prompt_version, a.tags,
    f.operation, f.provider, f.request_model, f.response_model, f.status, f.error_type,
    f.emitter, f.emitter_version, f.dialect,
    s.agent_depth, s.loop_iteration, s.retry_count, s.retry_evidence,
    -- Of several answers it tells one: what it tells is a lower bound.
    case
        when s.answered_often and f.usage_quality = 'measured' then 'partial'
        else f.usage_quality
    end as usage_quality,
    f.input_tokens, f.cache_read_tokens, f.cache_write_tokens, f.output_tokens,
    f.reasoning_tokens,
    cost_of(f.input_cost_usd, f.cache_read_cost_usd, f.cache_write_cost_usd, f.output_cost_usd, f.other_cost_usd)
        as cost_usd,
    f.input_cost_usd, f.cache_read_cost_usd, f.cache_write_cost_usd, f.output_cost_usd,
    f.other_cost_usd, f.unpriced_reason,
    nullif(concat_ws(
        ',',
        case when t.stands_in then 'aggregate_only' end,
        f.usage_issue,
        case when s.answered_often then 'one_of_several_answers' end
    ), '') as usage_issue,
    f.reported_cost_usd, f.price_source, f.price_id,
    a.entry_point, nullif(r.run_id, coalesce(f.parent_span_id, f.span_id)) as run_id, f.service_tier, f.cache_write_1h_tokens, s.told_by,
    'model' as record_kind, f.account, f.region,
    f.input_audio_tokens, f.input_image_tokens, f.output_audio_tokens, f.output_image_tokens, f.web_searches,
    nullif(p.superseded, false) as superseded, nullif(p.loop_step, s.loop_iteration) as loop_step
from settling_steps s
join settling_attribution a on a.group_span = s.group_span
join settling_runs r on r.run = s.run
join settling_tree t on t.span = s.span
join settling_numbers n on n.span = s.span
left join settling_repeats p on p.span = s.span
join span_facts f on f.rowid = n.row_id
    and f.started_at between getvariable('settle_from') and getvariable('settle_until')
    -- Records of before are deleted, or in an archive: they do not come back.
    and f.started_at >= getvariable('settle_records_from')
union all by name
select
    u.span, f.trace_id, f.span_id, f.parent_span_id, f.started_at,
    (epoch_us(f.ended_at) - epoch_us(f.started_at)) / 1000 as duration_ms,
    f.service, f.environment, f.release,
    a.feature, a.team, a.user_id, a.conversation_id, a.agent, f.tool,
    a.prompt_name, a.prompt_version, a.tags,
    f.operation, f.provider, f.status, f.error_type,
    f.emitter, f.emitter_version, f.dialect, u.agents as agent_depth,
    cost_of(f.input_cost_usd, f.cache_read_cost_usd, f.cache_write_cost_usd, f.output_cost_usd, f.other_cost_usd)
        as cost_usd,
    f.input_cost_usd, f.cache_read_cost_usd, f.cache_write_cost_usd, f.output_cost_usd,
    f.other_cost_usd, f.price_source, f.price_id,
    a.entry_point, nullif(r.run_id, coalesce(f.parent_span_id, f.span_id)) as run_id, 1 as told_by,
    'tool' as record_kind, f.account, f.region, f.units
from settling_tool_uses u
join settling_attribution a on a.group_span = u.span
join settling_runs r on r.run = u.run
join settling_numbers n on n.span = u.span
join span_facts f on f.rowid = n.row_id
    and f.started_at between getvariable('settle_from') and getvariable('settle_until')
    -- Records of before are deleted, or in an archive: they do not come back.
    and f.started_at >= getvariable('settle_records_from');
