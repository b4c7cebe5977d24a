-- What a span's place in its tree depends on, in numbers: -1 is none.
select
    s.span,
    s.trace,
    coalesce(s.parent, -1) as parent,
    coalesce(o.first_sibling, s.span) as sibling,
    case s.node when 'call' then 1 when 'agent' then 2 when 'run' then 3 when 'tool' then 4 else 0 end as node,
    scopes.number as scope,
    coalesce(names.number, -1) as name,
    s.has_usage::integer
        + 2 * s.model_request::integer
        + 4 * (s.feature is not null)::integer
        + 8 * (s.team is not null)::integer
        + 16 * (s.user_id is not null)::integer
        + 32 * (s.conversation_id is not null)::integer
        + 64 * (s.agent is not null)::integer
        + 128 * (s.prompt_name is not null)::integer
        + 256 * (s.prompt_version is not null)::integer
        + 512 * (s.tags is not null)::integer
        + 1024 * (s.status = 'error')::integer as facts
from settling_spans s
join settling_names scopes on scopes.name = s.scope
left join settling_names names
    on names.name = case s.node when 'agent' then s.agent when 'tool' then s.tool end
left join settling_orphans o on o.span = s.span;
