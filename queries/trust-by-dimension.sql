-- trust-by-dimension: what share of calls and of cost can be split by feature, release, team and the like.
--
-- What has no value is shown as '(none)' in every split by that dimension. Which services send it: unattributed.
--
-- params   since                  timestamp       first record  first instant counted, UTC
--          until                  timestamp       last record   first instant not counted, UTC
-- reads    labelled_records                                     cost_records, each with the number of its labels
--          label_sets                                           what labels that number stands for
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

calls_in_window as not materialized (

    select *
    from labelled_records
    where started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')

),

-- All in one pass: a row per call and dimension would be eight times the calls.
labels as (

    select label_set as labels_number, feature, release, team, environment, agent, prompt_name
    from label_sets

    union all

    -- Of calls that have no label set their own.
    select labels_number, feature, release, team, environment, agent, prompt_name
    from calls_in_window
    where label_set is null

),

summed as (

    select
        labels_number,
        count(*) as calls,
        sum(cost_usd) as cost_usd,
        count(*) filter (cost_usd is null) as unpriced_calls,
        count(*) filter (usage_quality = 'missing') as unknown_usage_calls
    from calls_in_window
    group by labels_number

),

-- What labels do not have.
own as (

    select
        {
            calls: count(user_id),
            cost_usd: sum(cost_usd) filter (user_id is not null),
            distinct_values: count(distinct user_id)
        } as user_id,
        {
            calls: count(conversation_id),
            cost_usd: sum(cost_usd) filter (conversation_id is not null),
            distinct_values: count(distinct conversation_id)
        } as conversation_id
    from calls_in_window

),

totals as (

    select
        coalesce(sum(summed.calls), 0)::bigint as calls,
        sum(summed.cost_usd) as cost_usd,
        coalesce(sum(unpriced_calls), 0)::bigint as unpriced_calls,
        coalesce(sum(unknown_usage_calls), 0)::bigint as unknown_usage_calls,
        unnest([
            {
                dimension: 'feature',
                calls: coalesce(sum(summed.calls) filter (feature is not null), 0)::bigint,
                cost_usd: sum(summed.cost_usd) filter (feature is not null),
                distinct_values: count(distinct feature)
            },
            {
                dimension: 'release',
                calls: coalesce(sum(summed.calls) filter (release is not null), 0)::bigint,
                cost_usd: sum(summed.cost_usd) filter (release is not null),
                distinct_values: count(distinct release)
            },
            {
                dimension: 'team',
                calls: coalesce(sum(summed.calls) filter (team is not null), 0)::bigint,
                cost_usd: sum(summed.cost_usd) filter (team is not null),
                distinct_values: count(distinct team)
            },
            {
                dimension: 'user_id',
                calls: any_value(own.user_id.calls),
                cost_usd: any_value(own.user_id.cost_usd),
                distinct_values: any_value(own.user_id.distinct_values)
            },
            {
                dimension: 'conversation_id',
                calls: any_value(own.conversation_id.calls),
                cost_usd: any_value(own.conversation_id.cost_usd),
                distinct_values: any_value(own.conversation_id.distinct_values)
            },
            {
                dimension: 'environment',
                calls: coalesce(sum(summed.calls) filter (environment is not null), 0)::bigint,
                cost_usd: sum(summed.cost_usd) filter (environment is not null),
                distinct_values: count(distinct environment)
            },
            {
                dimension: 'agent',
                calls: coalesce(sum(summed.calls) filter (agent is not null), 0)::bigint,
                cost_usd: sum(summed.cost_usd) filter (agent is not null),
                distinct_values: count(distinct agent)
            },
            {
                dimension: 'prompt_name',
                calls: coalesce(sum(summed.calls) filter (prompt_name is not null), 0)::bigint,
                cost_usd: sum(summed.cost_usd) filter (prompt_name is not null),
                distinct_values: count(distinct prompt_name)
            }
        ]) as attributed,
        generate_subscripts([1, 2, 3, 4, 5, 6, 7, 8], 1) as place
    from own
    left join (summed join labels using (labels_number)) as summed on true

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
