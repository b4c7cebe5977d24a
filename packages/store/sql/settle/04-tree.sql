-- Each span's place in its trace, and what it inherits from the spans above it: the nearest value wins.
create or replace temp table settling_tree as
with recursive tree as (

    select
        s.trace_id, s.span_id, 0 as depth,
        s.feature, s.team, s.user_id, s.conversation_id, s.prompt_name, s.prompt_version, s.tags, s.agent,
        s.name as entry_point,
        -- Siblings whose parent never arrived still belong together.
        coalesce(s.parent_span_id, s.span_id) as root_id,
        case when s.node in ('agent', 'run') then s.span_id end as run_id,
        case when s.node = 'agent' then s.agent end as agent_run,
        case when s.node = 'agent' then [coalesce(s.emitter, '')] end as agent_scopes,
        (s.node = 'agent')::integer as agents,
        null::varchar as outer_call,
        null::varchar as own_outer,
        case when s.node = 'call' then s.span_id end as inner_call,
        case when s.node = 'call' then map {coalesce(s.emitter, ''): s.span_id} end as inner_calls,
        s.node = 'call' as in_call,
        case when s.node = 'tool' and s.tool is not null then [s.tool] end as tools,
        false as repeats_tool,
        false as rootless
    from settling_spans s
    where s.parent_span_id is null
        or not exists (
            from settling_spans p where p.trace_id = s.trace_id and p.span_id = s.parent_span_id
        )

    union all

    select
        s.trace_id, s.span_id, above.depth + 1,
        coalesce(s.feature, above.feature),
        coalesce(s.team, above.team),
        coalesce(s.user_id, above.user_id),
        coalesce(s.conversation_id, above.conversation_id),
        coalesce(s.prompt_name, above.prompt_name),
        coalesce(s.prompt_version, above.prompt_version),
        case
            when s.tags is null then above.tags
            when above.tags is null then s.tags
            else map_concat(above.tags, s.tags)
        end,
        coalesce(s.agent, above.agent),
        above.entry_point,
        above.root_id,
        case
            when s.node = 'run' or (s.node = 'agent' and not same_run) then s.span_id
            else above.run_id
        end,
        case s.node when 'agent' then s.agent when 'tool' then null else above.agent_run end,
        case
            when s.node = 'agent' and same_run then list_append(above.agent_scopes, coalesce(s.emitter, ''))
            when s.node = 'agent' then [coalesce(s.emitter, '')]
            when s.node <> 'tool' then above.agent_scopes
        end,
        above.agents + (s.node = 'agent' and not same_run)::integer,
        above.inner_call,
        above.inner_calls[coalesce(s.emitter, '')],
        case
            when s.node = 'call' then s.span_id
            -- What a tool or another agent calls is a call of its own, not this one told again.
            when s.node in ('tool', 'agent') then null
            else above.inner_call
        end,
        -- The nearest call of each scope. More scopes than life has would take the square of their number.
        case
            when s.node in ('tool', 'agent') then null
            when s.node <> 'call' then above.inner_calls
            when cardinality(above.inner_calls) < 16
                then map_concat(above.inner_calls, map {coalesce(s.emitter, ''): s.span_id})
            else map {coalesce(s.emitter, ''): s.span_id}
        end,
        above.in_call or s.node = 'call',
        case
            -- What another agent runs is a use of its own, not this one told again.
            when s.node = 'agent' then null
            when s.node <> 'tool' or s.tool is null then above.tools
            else list_append(coalesce(above.tools, []), s.tool)
        end,
        s.node = 'tool' and coalesce(list_contains(above.tools, s.tool), false),
        false
    from tree above
    join settling_spans s on s.trace_id = above.trace_id and s.parent_span_id = above.span_id,
    lateral (
        -- One run that several instrumentations tell of, one inside the other, is one level. Each tells of it once.
        select coalesce(
            above.agent_run = s.agent and not list_contains(above.agent_scopes, coalesce(s.emitter, '')),
            false
        ) as same_run
    ) told
)
select * from tree;

-- Spans that are their own ancestors are reached from no root: each stands alone.
insert into settling_tree
select
    s.trace_id, s.span_id, 0,
    s.feature, s.team, s.user_id, s.conversation_id, s.prompt_name, s.prompt_version, s.tags, s.agent,
    s.name, s.span_id,
    case when s.node in ('agent', 'run') then s.span_id end,
    null, null,
    (s.node = 'agent')::integer,
    null, null,
    case when s.node = 'call' then s.span_id end,
    null, false,
    null, false, true
from settling_spans s
anti join settling_tree t on t.trace_id = s.trace_id and t.span_id = s.span_id;
