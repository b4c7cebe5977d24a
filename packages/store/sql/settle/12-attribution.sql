-- What the spans that tell of a call inherit, the record's own span first.
create or replace temp table settling_attribution as
with told as (
    select trace_id, group_id, span_id, rank from settling_groups
    union all
    select trace_id, span_id, span_id, 1 from settling_standins
    union all
    select trace_id, span_id, span_id, 1 from settling_tool_uses
)
select
    g.trace_id, g.group_id,
    coalesce(
        arg_min(t.feature, g.rank) filter (t.feature is not null),
        arg_min(f.default_feature, g.rank) filter (f.default_feature is not null)
    ) as feature,
    coalesce(
        arg_min(t.team, g.rank) filter (t.team is not null),
        arg_min(f.default_team, g.rank) filter (f.default_team is not null)
    ) as team,
    coalesce(
        arg_min(t.user_id, g.rank) filter (t.user_id is not null),
        arg_min(f.default_user_id, g.rank) filter (f.default_user_id is not null)
    ) as user_id,
    coalesce(
        arg_min(t.conversation_id, g.rank) filter (t.conversation_id is not null),
        arg_min(f.default_conversation_id, g.rank) filter (f.default_conversation_id is not null)
    ) as conversation_id,
    arg_min(t.agent, g.rank) filter (t.agent is not null) as agent,
    arg_min(t.prompt_name, g.rank) filter (t.prompt_name is not null) as prompt_name,
    arg_min(t.prompt_version, g.rank) filter (t.prompt_version is not null) as prompt_version,
    arg_min(t.tags, g.rank) filter (t.tags is not null) as tags,
    arg_min(t.entry_point, g.rank) as entry_point
from told g
join settling_tree t on t.trace_id = g.trace_id and t.span_id = g.span_id
join span_facts f on f.trace_id = g.trace_id and f.span_id = g.span_id
    and f.started_at between getvariable('settle_from') and getvariable('settle_until')
group by g.trace_id, g.group_id;
