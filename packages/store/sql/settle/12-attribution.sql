-- What the spans that tell of a call inherit, the record's own span first. Only few spans give something: to join with
-- those alone is what makes it quick.
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
        s.default_feature, s.default_team, s.default_user_id, s.default_conversation_id
    from told g
    join settling_tree t on t.span = g.span
    join settling_spans s on s.span = g.span
    join settling_spans top on top.span = t.top
    left join (select span, feature from settling_spans where feature is not null) feature on feature.span = t.feature_of
    left join (select span, team from settling_spans where team is not null) team on team.span = t.team_of
    left join (select span, user_id from settling_spans where user_id is not null) users on users.span = t.user_of
    left join (select span, conversation_id from settling_spans where conversation_id is not null) conversation on conversation.span = t.conversation_of
    left join (select span, agent from settling_spans where agent is not null) agent on agent.span = t.agent_of
    left join (select span, prompt_name from settling_spans where prompt_name is not null) prompt_name on prompt_name.span = t.prompt_name_of
    left join (select span, prompt_version from settling_spans where prompt_version is not null) prompt_version on prompt_version.span = t.prompt_version_of
    left join (select span, tags from settling_spans where tags is not null) tags on tags.span = t.tags_of
    left join settling_tags merged on merged.span = t.tags_of
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
