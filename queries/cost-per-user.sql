-- cost-per-user: what a user, a conversation and a request cost, split by a dimension of your choice.
--
-- A user is active who has a call in the window. A request is a trace. Within a value of the dimension only calls
-- with that value count, so a user of two features is one of each, and one of the total. Means are told by users,
-- conversations and requests whose every call has a price; those of users and conversations leave calls without
-- one out, which `calls_without_user` counts. With `dimension` user_id there is a row per user.
--
-- params   dimension                       varchar         feature       service, environment, release, feature, team, user_id, conversation_id,
--                                                                        agent, tool, prompt_name, provider, model, operation, or tag:NAME
--          since                           timestamp       first record  first instant counted, UTC
--          until                           timestamp       last record   first instant not counted, UTC
--          max_rows                        bigint          100           values shown, the total not counted
-- reads    cost_records                                                  one row per billable call
-- returns  value                           varchar         of the dimension, '(total)' for all calls; null for calls without one
--          users                           bigint          active ones
--          conversations                   bigint
--          requests                        bigint
--          requests_per_user               double          of those that have a user; null without users
--          mean_cost_per_user_usd          double          a mean of money, rounded to a double; likewise the others
--          mean_cost_per_conversation_usd  double
--          mean_cost_per_request_usd       double
--          cost_usd                        decimal(38,12)  exact; all priced calls, null where none is priced
--          share_of_cost                   double          of the total; null where that is 0
--          calls                           bigint          priced or not
--          calls_without_user              bigint
--          unpriced_calls                  bigint          in calls, not in cost_usd
--          unknown_usage_calls             bigint          in calls, without any tokens told
-- order    the total, then cost_usd, dearest first, unknown last; then value
with

calls_in_window as not materialized (

    select
        *,
        case coalesce(getvariable('dimension'), 'feature')
            when 'service' then service
            when 'environment' then environment
            when 'release' then release
            when 'feature' then feature
            when 'team' then team
            when 'user_id' then user_id
            when 'conversation_id' then conversation_id
            when 'agent' then agent
            when 'tool' then tool
            when 'prompt_name' then prompt_name
            when 'provider' then provider
            when 'model' then coalesce(response_model, request_model, case when record_kind = 'tool' then tool end)
            when 'operation' then operation
            else case
                when starts_with(getvariable('dimension'), 'tag:') then tags[substr(getvariable('dimension'), 5)]
                else error(
                    'dimension takes service, environment, release, feature, team, user_id, conversation_id, agent, '
                    || 'tool, prompt_name, provider, model, operation or tag:NAME, not "'
                    || getvariable('dimension') || '"'
                )
            end
        end as value
    from cost_records
    where started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')

),

-- What each user, conversation and request of each value cost, and of all values together.
units as (

    select
        grouping(value) = 1 as is_total,
        value,
        case
            when grouping(user_id) = 0 then 'user'
            when grouping(conversation_id) = 0 then 'conversation'
            else 'request'
        end as unit,
        coalesce(user_id, conversation_id, trace_id) as id,
        count(distinct trace_id) as requests,
        sum(cost_usd) as cost_usd,
        count(*) filter (cost_usd is null) = 0 as is_priced
    from calls_in_window
    group by grouping sets (
        (value, user_id), (value, conversation_id), (value, trace_id), (user_id), (conversation_id), (trace_id)
    )

),

by_unit as (

    select
        is_total,
        value,
        count(*) filter (unit = 'user') as users,
        count(*) filter (unit = 'conversation') as conversations,
        count(*) filter (unit = 'request') as requests,
        sum(requests) filter (unit = 'user') / nullif(count(*) filter (unit = 'user'), 0) as requests_per_user,
        avg(cost_usd) filter (unit = 'user' and is_priced) as mean_cost_per_user_usd,
        avg(cost_usd) filter (unit = 'conversation' and is_priced) as mean_cost_per_conversation_usd,
        avg(cost_usd) filter (unit = 'request' and is_priced) as mean_cost_per_request_usd
    from units
    -- Calls without a user are no user's.
    where id is not null
    group by is_total, value

),

by_value as (

    select
        grouping(value) = 1 as is_total,
        value,
        sum(cost_usd) as cost_usd,
        count(*) as calls,
        count(*) filter (user_id is null) as calls_without_user,
        count(*) filter (cost_usd is null) as unpriced_calls,
        count(*) filter (usage_quality = 'missing') as unknown_usage_calls
    from calls_in_window
    group by grouping sets ((value), ())

)

select
    case when by_value.is_total then '(total)' else by_value.value end as value,
    by_unit.users,
    by_unit.conversations,
    by_unit.requests,
    by_unit.requests_per_user,
    by_unit.mean_cost_per_user_usd,
    by_unit.mean_cost_per_conversation_usd,
    by_unit.mean_cost_per_request_usd,
    by_value.cost_usd,
    by_value.cost_usd / nullif(max(by_value.cost_usd) filter (by_value.is_total) over (), 0) as share_of_cost,
    by_value.calls,
    by_value.calls_without_user,
    by_value.unpriced_calls,
    by_value.unknown_usage_calls
from by_value
join by_unit
    on by_unit.is_total = by_value.is_total and by_unit.value is not distinct from by_value.value
order by by_value.is_total desc, by_value.cost_usd desc nulls last, by_value.value nulls last
limit coalesce(getvariable('max_rows')::bigint, 100) + 1;
