-- explain-windows: the window and each period of its baseline, with what their features cost.
--
-- `spancost explain` takes from it what it compares: days on which features cost alike.
-- Window and baseline are chosen as in the spike queries: see spike-by-feature.
--
-- params   since                timestamp       a day before until     first instant of the window, UTC
--          until                timestamp       after the last record  first instant after the window, UTC
--          baseline_since       timestamp       the 7 days before      first instant of the baseline, UTC
--          baseline_until       timestamp       since                  first instant after the baseline, UTC
--          baseline_days        varchar         1,2,3,4,5,6,7          how many lengths of the window, in whole days, the periods of the baseline lie back
--          feature              varchar         all                    only calls of this feature; '(none)' for those without; likewise the rest
--          release              varchar         all
--          model                varchar         all                    as the provider answered, else as it was asked for; of a use of a tool its name
--          service              varchar         all
--          environment          varchar         all
--          team                 varchar         all
--          user_id              varchar         all
--          conversation_id      varchar         all
--          region               varchar         all
--          agent                varchar         all
--          tool                 varchar         all
--          provider             varchar         all
--          prompt_name          varchar         all
--          prompt_version       varchar         all
--          operation            varchar         all
--          retry_count          varchar         all
--          loop_depth           varchar         all                    1, 2, 3-4, 5-8, 9-16 or 17+; uses of tools have none
--          agent_depth          varchar         all
--          tag                  varchar         all                    name=value of a tag, name=(none) for calls without it; of several a JSON list
-- reads    compared_periods                                            when window and baseline were: see README
--          asked_records                                               records of window and baseline that the variables ask for: see README
--          record_labels                                               what the numbers of their labels stand for
-- returns  period               bigint          0 is the window, n the nth length of it before; a baseline that was named is 1
--          since                timestamp       its first instant, UTC
--          until                timestamp       first instant after it, UTC
--          feature              varchar         null for calls without one, and for a period without calls
--          calls                bigint          priced or not
--          cost_usd             decimal(38,12)  exact; priced calls only, null where calls have no price at all, 0 without calls
--          unpriced_calls       bigint          in calls, not in cost_usd
--          unknown_usage_calls  bigint          in calls, without any tokens told
--          first_call           timestamp       start of the first call of all that is stored, UTC
-- order    period: the window, then the baseline from its last period to its first; then feature
with

periods as (

    select *
    from compared_periods

),

asked as (

    select since, until, first_call
    from periods
    where period = 0

),

placed as not materialized (

    select
        calls.*,
        epoch_us(asked.until) - 1 - epoch_us(calls.started_at) as before_end,
        epoch_us(asked.until) - epoch_us(asked.since) as window_us,
        86400000000 * ceil(epoch(asked.until - asked.since) / 86400)::bigint as step_us,
        -- Whole days before the window are looked up at the end: there are few of them, and many calls.
        case
            when getvariable('baseline_since') is null then before_end // step_us
            when calls.started_at >= asked.since and calls.started_at < asked.until then 0
            when calls.started_at >= getvariable('baseline_since')::timestamp
                and calls.started_at < coalesce(getvariable('baseline_until')::timestamp, asked.since)
                then 1
        end as period
    from asked_records as calls
    cross join asked

),

summed as (

    select
        period,
        labels_number,
        count(*) as calls,
        sum(cost_usd) as cost_usd,
        count(*) filter (cost_usd is null) as unpriced_calls,
        count(*) filter (usage_quality = 'missing') as unknown_usage_calls
    from placed
    where case
            when getvariable('baseline_since') is null then before_end - period * step_us < window_us
            else period is not null
        end
    group by period, labels_number

),

spent as (

    select
        period,
        feature,
        sum(calls)::bigint as calls,
        sum(cost_usd) as cost_usd,
        sum(unpriced_calls)::bigint as unpriced_calls,
        sum(unknown_usage_calls)::bigint as unknown_usage_calls
    from summed
    join record_labels using (labels_number)
    group by period, feature

)

select
    periods.period,
    periods.since,
    periods.until,
    spent.feature,
    coalesce(spent.calls, 0) as calls,
    case when spent.calls > 0 then spent.cost_usd else 0 end as cost_usd,
    coalesce(spent.unpriced_calls, 0) as unpriced_calls,
    coalesce(spent.unknown_usage_calls, 0) as unknown_usage_calls,
    asked.first_call
from periods
cross join asked
left join spent on spent.period = periods.period
where periods.since is not null
order by periods.period, spent.feature nulls last;
