-- The spans of those traces, numbered by trace and id: of spans that are equal in all else, the lower comes first.
create or replace temp table settling_numbers as
select
    (row_number() over (order by t.trace, f.span_id) - 1)::integer as span,
    t.trace, f.span_id, f.parent_span_id, f.rowid as row_id
from span_facts f
join settling_traces t on t.trace_id = f.trace_id
where f.started_at between getvariable('settle_from') and getvariable('settle_until');

-- Without the columns that only the final record needs.
create or replace temp table settling_spans as
select
    n.span, n.trace, n.row_id, p.span as parent, p.span is null and n.parent_span_id is not null as orphan,
    f.started_at, f.ended_at, f.name, f.node, f.status, coalesce(f.emitter, '') as scope,
    f.agent, f.tool, f.feature, f.team, f.user_id, f.conversation_id,
    f.prompt_name, f.prompt_version, f.tags,
    f.default_feature, f.default_team, f.default_user_id, f.default_conversation_id,
    f.request_model, f.response_model, f.response_id,
    coalesce(f.operation = 'embeddings', false) as embeds,
    f.stated_retry_count, f.stated_loop_iteration, f.stated_agent_depth,
    f.http_status, f.model_request, f.served_from_cache,
    -- LlamaIndex's stream ends when its reader is handed over, before the request is made.
    coalesce(f.dialect = 'openinference-llama-index' and f.name like '%stream%', false) as hands_over,
    f.input_tokens, f.output_tokens, f.units, cost_of(f.input_cost_usd, f.cache_read_cost_usd, f.cache_write_cost_usd, f.output_cost_usd, f.other_cost_usd)
        is not null as priced,
    coalesce(f.usage_quality, 'missing') <> 'missing' as has_usage,
    -- How much this span tells of the call: of several that tell of it, the richest becomes the record.
    10 * (case f.usage_quality when 'measured' then 3 when 'partial' then 2 when 'estimated' then 1 else 0 end)
        + 5 * (f.usage_issue is null)::integer
        + (f.cache_read_tokens is not null)::integer
        + (f.cache_write_tokens is not null)::integer
        + (f.cache_write_1h_tokens is not null)::integer
        + (f.reasoning_tokens is not null)::integer
        + (f.service_tier is not null)::integer
        + priced::integer as richness
from span_facts f
join settling_numbers n on n.row_id = f.rowid
left join settling_numbers p on p.trace = n.trace and p.span_id = n.parent_span_id
where f.started_at between getvariable('settle_from') and getvariable('settle_until');

-- Names that places in a tree are compared by, numbered.
create or replace temp table settling_names as
select (row_number() over () - 1)::integer as number, name
from (
    select scope as name from settling_spans
    union
    select agent from settling_spans where node = 'agent' and agent is not null
    union
    select tool from settling_spans where node = 'tool' and tool is not null
) names;

-- Siblings whose parent never arrived still belong together: the first of them stands for that parent.
create or replace temp table settling_orphans as
select n.span, min(n.span) over (partition by n.trace, n.parent_span_id) as first_sibling
from settling_numbers n
semi join (from settling_spans where orphan) s on s.span = n.span;
