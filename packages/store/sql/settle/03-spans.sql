-- The spans of those traces, without the columns that only the final record needs.
create or replace temp table settling_spans as
select
    f.trace_id, f.span_id, f.parent_span_id, f.started_at, f.ended_at, f.name, f.node,
    f.status, f.emitter, f.agent, f.tool, f.feature, f.team, f.user_id, f.conversation_id,
    f.prompt_name, f.prompt_version, f.tags, f.request_model, f.response_model, f.response_id,
    coalesce(f.operation = 'embeddings', false) as embeds,
    f.stated_retry_count, f.stated_loop_iteration, f.stated_agent_depth,
    f.http_status, f.model_request, f.served_from_cache,
    f.usage_quality, f.input_tokens, f.output_tokens, f.units, f.cost_usd,
    coalesce(f.usage_quality, 'missing') <> 'missing' as has_usage,
    -- How much this span tells of the call: of several that tell of it, the richest becomes the record.
    10 * (case f.usage_quality when 'measured' then 3 when 'partial' then 2 when 'estimated' then 1 else 0 end)
        + 5 * (f.usage_issue is null)::integer
        + (f.cache_read_tokens is not null)::integer
        + (f.cache_write_tokens is not null)::integer
        + (f.cache_write_1h_tokens is not null)::integer
        + (f.reasoning_tokens is not null)::integer
        + (f.service_tier is not null)::integer
        + (f.cost_usd is not null)::integer as richness
from span_facts f
semi join settling_traces t on t.trace_id = f.trace_id
where f.started_at between getvariable('settle_from') and getvariable('settle_until');
