-- spike-by-feature: which features cost more in a window than before it, largest change first.
--
-- The baseline is the same hours of the 7 days before the window, or the range from `baseline_since` to
-- `baseline_until`. A window of more than n days goes back in steps of n + 1 days; what lies before the hour of
-- the first record does not count, and where nothing is left the baseline is 0. All baseline figures are
-- scaled to the length of the window, so that money among them is a mean, rounded to its last decimal.
-- Values that appear or vanish are kept: the side on which they are absent is 0.
--
-- params   since                         timestamp       a day before until     first instant of the window, UTC
--          until                         timestamp       after the last record  first instant after the window, UTC
--          baseline_since                timestamp       the 7 days before      first instant of the baseline, UTC
--          baseline_until                timestamp       since                  first instant after the baseline, UTC
--          feature                       varchar         all                    only calls of this feature; '(none)' for those without
--          release                       varchar         all                    only calls of this release; '(none)' for those without
--          model                         varchar         all                    only calls of this model; '(none)' for those without
-- reads    cost_records                                                         one row per billable call
-- returns  feature                       varchar         null for calls without one
--          cost_usd                      decimal(38,12)  exact; priced calls only, null where calls have no price at all
--          baseline_cost_usd             decimal(38,12)  likewise, scaled
--          delta_cost_usd                decimal(38,12)  cost_usd - baseline_cost_usd
--          share_of_delta                double          of the sum of delta_cost_usd; null where that is 0
--          calls                         bigint          priced or not
--          baseline_calls                double          scaled
--          delta_calls                   double
--          input_tokens_per_call         double          mean of the calls that tell it, cached tokens included
--          delta_input_tokens_per_call   double          null where one side does not tell it
--          output_tokens_per_call        double          mean of the calls that tell it, reasoning included
--          delta_output_tokens_per_call  double          null where one side does not tell it
--          unpriced_calls                bigint          in calls, not in cost_usd
--          unknown_usage_calls           bigint          in calls, without any tokens told
--          baseline_unpriced_calls       double          in baseline_calls, not in baseline_cost_usd
-- order    largest change of cost first, unknown ones last; then feature
with

-- The window; without variables the last 24 hours that have records.
asked as (

    select
        coalesce(
            getvariable('until')::timestamp,
            date_trunc('minute', max(started_at)) + interval 1 minute
        ) as until,
        coalesce(getvariable('since')::timestamp, until - interval 1 day) as since,
        to_days(ceil(epoch(until - since) / 86400)::integer) as step,
        date_trunc('hour', min(started_at)) as first_hour
    from cost_records

),

periods as (

    select true as is_window, since, until
    from asked

    union all

    select false, greatest(since - n * step, first_hour), until - n * step
    from asked
    cross join range(1, 8) as days_before(n)
    where getvariable('baseline_since') is null
        and until - n * step > first_hour

    union all

    select
        false,
        getvariable('baseline_since')::timestamp,
        coalesce(getvariable('baseline_until')::timestamp, since)
    from asked
    where getvariable('baseline_since') is not null

),

lengths as (

    select
        sum(epoch_us(until) - epoch_us(since)) filter (is_window) as window_us,
        sum(epoch_us(until) - epoch_us(since)) filter (not is_window) as baseline_us,
        window_us / baseline_us as scale
    from periods

),

compared as (

    select
        periods.is_window,
        calls.feature as value,
        calls.input_tokens,
        calls.output_tokens,
        calls.usage_quality,
        calls.cost_usd
    from cost_records as calls
    join periods on calls.started_at >= periods.since and calls.started_at < periods.until
    -- Constants once the variables are set: the scan then skips what lies outside.
    where calls.started_at >= case
            when getvariable('since') is null or getvariable('until') is null then '-infinity'
            when getvariable('baseline_since') is not null
                then least(getvariable('since')::timestamp, getvariable('baseline_since')::timestamp)
            else getvariable('since')::timestamp - 7 * to_days(ceil(epoch(
                getvariable('until')::timestamp - getvariable('since')::timestamp
            ) / 86400)::integer)
        end
        and calls.started_at < greatest(
            coalesce(getvariable('until')::timestamp, 'infinity'),
            getvariable('baseline_until')::timestamp
        )
        and (
            getvariable('feature') is null
            or coalesce(feature, '(none)') = getvariable('feature')
        )
        and (
            getvariable('release') is null
            or coalesce(release, '(none)') = getvariable('release')
        )
        and (
            getvariable('model') is null
            or coalesce(
                response_model, request_model, case when record_kind = 'tool' then tool end, '(none)'
            ) = getvariable('model')
        )

),

by_value as (

    select
        value,
        count(*) filter (is_window) as calls,
        count(*) filter (not is_window) as baseline_calls,
        count(*) filter (is_window and cost_usd is null) as unpriced_calls,
        count(*) filter (is_window and usage_quality = 'missing') as unknown_usage_calls,
        count(*) filter (not is_window and cost_usd is null) as baseline_unpriced_calls,
        case when calls > 0 then sum(cost_usd) filter (is_window) else 0 end as cost_usd,
        case when baseline_calls > 0 then sum(cost_usd) filter (not is_window) else 0 end as baseline_cost_usd,
        avg(input_tokens) filter (is_window) as input_tokens_per_call,
        avg(input_tokens) filter (not is_window) as baseline_input_tokens_per_call,
        avg(output_tokens) filter (is_window) as output_tokens_per_call,
        avg(output_tokens) filter (not is_window) as baseline_output_tokens_per_call
    from compared
    group by value

),

scaled as (

    select
        * exclude (baseline_calls, baseline_unpriced_calls, baseline_cost_usd),
        coalesce(baseline_calls * scale, 0) as baseline_calls,
        coalesce(baseline_unpriced_calls * scale, 0) as baseline_unpriced_calls,
        -- Whole numbers all the way: a division of decimals would pass through a double.
        case
            when baseline_us is null then 0
            else (
                (2 * (baseline_cost_usd * 1000000000000)::hugeint * window_us + baseline_us)
                // (2 * baseline_us)
            )::decimal(38, 0) * 0.000000000001
        end as baseline_cost_usd
    from by_value
    cross join lengths

)

select
    value as feature,
    cost_usd,
    baseline_cost_usd,
    cost_usd - baseline_cost_usd as delta_cost_usd,
    delta_cost_usd / nullif(sum(delta_cost_usd) over (), 0) as share_of_delta,
    calls,
    baseline_calls,
    calls - baseline_calls as delta_calls,
    input_tokens_per_call,
    input_tokens_per_call - baseline_input_tokens_per_call as delta_input_tokens_per_call,
    output_tokens_per_call,
    output_tokens_per_call - baseline_output_tokens_per_call as delta_output_tokens_per_call,
    unpriced_calls,
    unknown_usage_calls,
    baseline_unpriced_calls
from scaled
order by abs(delta_cost_usd) desc nulls last, value nulls last;
