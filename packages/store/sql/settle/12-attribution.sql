-- What the spans that tell of a call inherit, the record's own span first.
create or replace temp table settling_attribution as
with told as (
    select group_span, span, rank from settling_groups
    union all
    select span, span, 1 from settling_tree where stands_in
    union all
    select span, span, 1 from settling_tool_uses
),
inherited as (
    select
        g.group_span, g.rank,
        feature.feature, team.team, users.user_id, conversation.conversation_id, agent.agent,
        prompt_name.prompt_name, prompt_version.prompt_version,
        coalesce(merged.tags, tags.tags) as tags,
        top.name as entry_point,
        f.default_feature, f.default_team, f.default_user_id, f.default_conversation_id
    from told g
    join settling_tree t on t.span = g.span
    join settling_spans s on s.span = g.span
    join settling_spans top on top.span = t.top
    left join settling_spans feature on feature.span = t.feature_of
    left join settling_spans team on team.span = t.team_of
    left join settling_spans users on users.span = t.user_of
    left join settling_spans conversation on conversation.span = t.conversation_of
    left join settling_spans agent on agent.span = t.agent_of
    left join settling_spans prompt_name on prompt_name.span = t.prompt_name_of
    left join settling_spans prompt_version on prompt_version.span = t.prompt_version_of
    left join settling_spans tags on tags.span = t.tags_of
    left join settling_tags merged on merged.span = t.tags_of
    join span_facts f on f.rowid = s.row_id
        and f.started_at between getvariable('settle_from') and getvariable('settle_until')
),
merged as (
    select group_span from told where rank > 1
)
select
    group_span, coalesce(feature, default_feature) as feature, coalesce(team, default_team) as team,
    coalesce(user_id, default_user_id) as user_id,
    coalesce(conversation_id, default_conversation_id) as conversation_id,
    agent, prompt_name, prompt_version, tags, entry_point
from inherited
where group_span not in (from merged)
union all
select
    group_span,
    coalesce(
        arg_min(feature, rank) filter (feature is not null),
        arg_min(default_feature, rank) filter (default_feature is not null)
    ),
    coalesce(
        arg_min(team, rank) filter (team is not null),
        arg_min(default_team, rank) filter (default_team is not null)
    ),
    coalesce(
        arg_min(user_id, rank) filter (user_id is not null),
        arg_min(default_user_id, rank) filter (default_user_id is not null)
    ),
    coalesce(
        arg_min(conversation_id, rank) filter (conversation_id is not null),
        arg_min(default_conversation_id, rank) filter (default_conversation_id is not null)
    ),
    arg_min(agent, rank) filter (agent is not null),
    arg_min(prompt_name, rank) filter (prompt_name is not null),
    arg_min(prompt_version, rank) filter (prompt_version is not null),
    arg_min(tags, rank) filter (tags is not null),
    arg_min(entry_point, rank)
from inherited
where group_span in (from merged)
group by group_span;
