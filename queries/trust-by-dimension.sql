-- trust-by-dimension: what share of calls and of cost can be split by feature, release, team and the like.
--
-- What has no value is shown as '(none)' in every split by that dimension. Which services send it: unattributed.
--
-- params   since                  timestamp       first record  first instant counted, UTC
--          until                  timestamp       last record   first instant not counted, UTC
-- reads    cost_records                                         one row per billable call
-- returns  dimension              varchar         feature, release, team, user_id, conversation_id, environment, agent or prompt_name
--          calls                  bigint          all calls, priced or not
--          attributed_calls       bigint          those with a value
--          attributed_share       double          of calls; null without calls
--          cost_usd               decimal(38,12)  exact; all priced calls, null where none is priced
--          attributed_cost_usd    decimal(38,12)  exact; those with a value, 0 where there are none, null where none of them is priced
--          attributed_cost_share  double          of cost_usd; null where that is null or 0
--          distinct_values        bigint          how many there are
--          unpriced_calls         bigint          in calls, not in cost_usd
--          unknown_usage_calls    bigint          in calls, without any tokens told
-- order    feature, release, team, user_id, conversation_id, environment, agent, prompt_name
with

calls_in_window as (

    select *
    from cost_records
    where started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')

),

-- All in one pass: a row per call and dimension would be eight times the calls.
totals as (

    select
        count(*) as calls,
        sum(cost_usd) as cost_usd,
        count(*) filter (cost_usd is null) as unpriced_calls,
        count(*) filter (usage_quality = 'missing') as unknown_usage_calls,
        unnest([
            {
                dimension: 'feature',
                calls: count(feature),
                cost_usd: sum(cost_usd) filter (feature is not null),
                distinct_values: count(distinct feature)
            },
            {
                dimension: 'release',
                calls: count(release),
                cost_usd: sum(cost_usd) filter (release is not null),
                distinct_values: count(distinct release)
            },
            {
                dimension: 'team',
                calls: count(team),
                cost_usd: sum(cost_usd) filter (team is not null),
                distinct_values: count(distinct team)
            },
            {
                dimension: 'user_id',
                calls: count(user_id),
                cost_usd: sum(cost_usd) filter (user_id is not null),
                distinct_values: count(distinct user_id)
            },
            {
                dimension: 'conversation_id',
                calls: count(conversation_id),
                cost_usd: sum(cost_usd) filter (conversation_id is not null),
                distinct_values: count(distinct conversation_id)
            },
            {
                dimension: 'environment',
                calls: count(environment),
                cost_usd: sum(cost_usd) filter (environment is not null),
                distinct_values: count(distinct environment)
            },
            {
                dimension: 'agent',
                calls: count(agent),
                cost_usd: sum(cost_usd) filter (agent is not null),
                distinct_values: count(distinct agent)
            },
            {
                dimension: 'prompt_name',
                calls: count(prompt_name),
                cost_usd: sum(cost_usd) filter (prompt_name is not null),
                distinct_values: count(distinct prompt_name)
            }
        ]) as attributed,
        generate_subscripts([1, 2, 3, 4, 5, 6, 7, 8], 1) as place
    from calls_in_window

)

select
    attributed.dimension,
    calls,
    attributed.calls as attributed_calls,
    attributed.calls / nullif(totals.calls, 0) as attributed_share,
    cost_usd,
    case when attributed.calls > 0 then attributed.cost_usd else 0 end as attributed_cost_usd,
    coalesce(attributed.cost_usd, 0) / nullif(totals.cost_usd, 0) as attributed_cost_share,
    attributed.distinct_values,
    unpriced_calls,
    unknown_usage_calls
from totals
order by place;
