-- Puts the outcome in the place of what the last settling of these traces had found.
delete from calls
where started_at between getvariable('settle_from') and getvariable('settle_until')
    and trace_id in (select trace_id from settling_traces);

delete from span_roles
where started_at between getvariable('settle_from') and getvariable('settle_until')
    and trace_id in (select trace_id from settling_traces);

delete from traces where trace_id in (select trace_id from settling_traces);

insert into calls by name
select
    f.trace_id, f.span_id, f.parent_span_id, f.started_at, f.duration_ms,
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
    f.cost_usd, f.input_cost_usd, f.cache_read_cost_usd, f.cache_write_cost_usd, f.output_cost_usd,
    f.other_cost_usd, f.unpriced_reason,
    nullif(concat_ws(
        ',',
        case when i.span_id is not null then 'aggregate_only' end,
        f.usage_issue,
        case when s.answered_often then 'one_of_several_answers' end
    ), '') as usage_issue,
    f.reported_cost_usd, f.price_source, f.price_id, f.priced_at,
    a.entry_point, s.run_id, f.response_id, f.service_tier, f.cache_write_1h_tokens, s.told_by,
    'model' as record_kind, f.account, f.region,
    f.input_audio_tokens, f.input_image_tokens, f.output_audio_tokens, f.output_image_tokens, f.web_searches
from settling_steps s
join settling_attribution a on a.trace_id = s.trace_id and a.group_id = s.group_id
join span_facts f on f.trace_id = s.trace_id and f.span_id = s.span_id
    and f.started_at between getvariable('settle_from') and getvariable('settle_until')
left join settling_standins i on i.trace_id = s.trace_id and i.span_id = s.span_id
order by f.started_at;

insert into calls by name
select
    f.trace_id, f.span_id, f.parent_span_id, f.started_at, f.duration_ms,
    f.service, f.environment, f.release,
    a.feature, a.team, a.user_id, a.conversation_id, a.agent, f.tool,
    a.prompt_name, a.prompt_version, a.tags,
    f.operation, f.provider, f.status, f.error_type,
    f.emitter, f.emitter_version, f.dialect, u.agents as agent_depth,
    f.cost_usd, f.input_cost_usd, f.cache_read_cost_usd, f.cache_write_cost_usd, f.output_cost_usd,
    f.other_cost_usd, f.price_source, f.price_id, f.priced_at,
    a.entry_point, u.run_id, 1 as told_by,
    'tool' as record_kind, f.account, f.region, f.units
from settling_tool_uses u
join settling_attribution a on a.trace_id = u.trace_id and a.group_id = u.span_id
join span_facts f on f.trace_id = u.trace_id and f.span_id = u.span_id
    and f.started_at between getvariable('settle_from') and getvariable('settle_until')
order by f.started_at;

insert into span_roles
select
    s.trace_id, s.span_id, s.started_at,
    case
        when b.span_id is not null then 'billable'
        when c.wraps or g.winner <> s.span_id then 'rollup'
        when s.node = 'call' then 'other'
        when s.has_usage then 'rollup'
        when s.node in ('agent', 'run') then 'agent'
        else s.node
    end as role,
    case when g.winner <> s.span_id then g.winner end as counted_as
from settling_spans s
left join settling_steps b on b.trace_id = s.trace_id and b.span_id = s.span_id
left join settling_calls c on c.trace_id = s.trace_id and c.span_id = s.span_id
left join settling_groups g on g.trace_id = s.trace_id and g.span_id = s.span_id
order by s.started_at;

insert into traces
select
    t.trace_id, t.first_started_at, t.last_started_at,
    count(*)::integer as spans,
    max(t.redelivered) + coalesce(max(r.redelivered), 0)
from settling_traces t
join settling_spans s on s.trace_id = t.trace_id
left join (
    select trace_id, count(*)::integer as redelivered from settling_redelivered group by trace_id
) r on r.trace_id = t.trace_id
group by t.trace_id, t.first_started_at, t.last_started_at;

delete from dirty_traces where trace_id in (select trace_id from settling_traces);
