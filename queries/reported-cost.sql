-- reported-cost: where emitters tell a cost of their own, how far it is from ours.
--
-- Ours is the cost that everything else here sums. A gateway's or an SDK's is kept beside it and never mixed with it.
-- Where the two differ, one of them has an old price, misses a discount or reads cached tokens otherwise. Emitters
-- that report nothing about a model are left out.
--
-- params   since                        timestamp       first record  first instant counted, UTC
--          until                        timestamp       last record   first instant not counted, UTC
-- reads    cost_records                                               one row per billable call
-- returns  emitter                      varchar         instrumentation scope
--          model                        varchar         as the provider answered, else as it was asked for; of a use of a tool its name
--          calls_with_both              bigint
--          cost_usd                     decimal(38,12)  exact; ours, of those calls; null without any
--          reported_cost_usd            decimal(38,12)  exact; theirs, likewise
--          difference_usd               decimal(38,12)  exact; what theirs is more than ours
--          reported_ratio               double          theirs over ours; null where ours is 0
--          calls_off                    bigint          calls where they differ by more than 1 % of ours
--          largest_difference_usd       decimal(18,12)  exact; of the call where they differ most, what theirs is more
--          largest_difference_trace_id  varchar         its trace
--          calls_only_reported          bigint          calls without a price of ours
--          only_reported_cost_usd       decimal(38,12)  exact; what is reported of them; null without any
--          calls_only_ours              bigint          calls of which nothing is reported
--          unpriced_calls               bigint          in none of the sums of ours
--          unknown_usage_calls          bigint          calls without any tokens told
-- order    difference_usd, largest first either way, unknown last; then emitter, model
with

calls_in_window as (

    select
        *,
        coalesce(response_model, request_model, case when record_kind = 'tool' then tool end) as model,
        reported_cost_usd - cost_usd as difference
    from cost_records
    where started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')

)

select
    calls.emitter,
    calls.model,
    count(difference) as calls_with_both,
    sum(calls.cost_usd) filter (difference is not null) as cost_usd,
    sum(calls.reported_cost_usd) filter (difference is not null) as reported_cost_usd,
    sum(difference) as difference_usd,
    sum(calls.reported_cost_usd) filter (difference is not null)
        / nullif(sum(calls.cost_usd) filter (difference is not null), 0) as reported_ratio,
    count(*) filter (abs(difference) * 100 > calls.cost_usd) as calls_off,
    first(difference order by abs(difference) desc, started_at desc, trace_id, span_id)
        filter (difference is not null) as largest_difference_usd,
    first(trace_id order by abs(difference) desc, started_at desc, trace_id, span_id)
        filter (difference is not null) as largest_difference_trace_id,
    count(calls.reported_cost_usd) filter (calls.cost_usd is null) as calls_only_reported,
    sum(calls.reported_cost_usd) filter (calls.cost_usd is null) as only_reported_cost_usd,
    count(calls.cost_usd) filter (calls.reported_cost_usd is null) as calls_only_ours,
    count(*) filter (calls.cost_usd is null) as unpriced_calls,
    count(*) filter (usage_quality = 'missing') as unknown_usage_calls
from calls_in_window as calls
group by calls.emitter, calls.model
having count(calls.reported_cost_usd) > 0
order by abs(difference_usd) desc nulls last, calls.emitter nulls last, calls.model nulls last;
