-- unattributed: how much spend has no feature, team, user or release.
--
-- params   since                  timestamp       first record  first instant counted, UTC
--          until                  timestamp       last record   first instant not counted, UTC
-- reads    cost_records                                         one row per billable call
-- returns  dimension              varchar         feature, team, user_id or release
--          calls                  bigint          all calls, priced or not
--          unattributed_calls     bigint          those without a value
--          share_of_calls         double          null without calls
--          cost_usd               decimal(38,12)  exact; all priced calls, null where none is priced
--          unattributed_cost_usd  decimal(38,12)  exact; those without a value, 0 where there are none, null where none of them is priced
--          share_of_cost          double          null where cost_usd is null or 0
--          unpriced_calls         bigint          in unattributed_calls, not in unattributed_cost_usd
--          unknown_usage_calls    bigint          in unattributed_calls, without any tokens told
--          services               varchar         that sent them, by name
-- order    feature, team, user_id, release
with

calls_in_window as (

    select *
    from cost_records
    where started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')

),

dimensions (place, dimension) as (

    values (1, 'feature'), (2, 'team'), (3, 'user_id'), (4, 'release')

),

attributions as (

    select
        dimensions.*,
        calls.trace_id is not null as is_call,
        is_call and case dimensions.dimension
            when 'feature' then calls.feature
            when 'team' then calls.team
            when 'user_id' then calls.user_id
            when 'release' then calls.release
        end is null as is_unattributed,
        calls.cost_usd,
        calls.usage_quality,
        calls.service
    from dimensions
    left join calls_in_window as calls on true

)

select
    dimension,
    count(*) filter (is_call) as calls,
    count(*) filter (is_unattributed) as unattributed_calls,
    unattributed_calls / nullif(calls, 0) as share_of_calls,
    sum(cost_usd) as cost_usd,
    case
        when unattributed_calls > 0 then sum(cost_usd) filter (is_unattributed)
        else 0
    end as unattributed_cost_usd,
    unattributed_cost_usd / nullif(sum(attributions.cost_usd), 0) as share_of_cost,
    count(*) filter (is_unattributed and attributions.cost_usd is null) as unpriced_calls,
    count(*) filter (is_unattributed and usage_quality = 'missing') as unknown_usage_calls,
    string_agg(distinct service, ', ' order by service) filter (is_unattributed) as services
from attributions
group by place, dimension
order by place;
