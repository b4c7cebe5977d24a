-- release-comparison: what requests cost with each release of the services that got another one in the window.
--
-- A release is new where it has no call of its service in the baseline, or less than 5 % there and more than 20 % in
-- the window. Services without a new release are left out. A request is counted in the hour of its first call, by
-- service, release, feature and environment; one that is served by several is counted in each.
-- The baseline is chosen as in explain-cells.
--
-- params   since                 timestamp       required         first instant of the window, UTC
--          until                 timestamp       required         first instant after the window, UTC
--          baseline_since        timestamp       the days before  first instant of the baseline, UTC
--          baseline_until        timestamp       since            first instant after the baseline, UTC
--          baseline_days         varchar         1,2,3,4,5,6,7    how many lengths of the window, in whole days, the periods of the baseline lie back
-- reads    compared_records                                       records of window and baseline: see README
--          record_labels                                          what the numbers of their labels stand for
-- returns  in_window             boolean         false for the baseline
--          hour                  timestamp       its start, UTC; null in the baseline
--          service               varchar         null for calls without one; likewise the next three
--          release               varchar
--          feature               varchar
--          environment           varchar
--          is_new                boolean         see above
--          window_share          double          of its service's calls in the window
--          baseline_share        double          of its service's calls in the baseline; null where the service has none there
--          first_seen            timestamp       start of the release's first call in window and baseline
--          requests              bigint
--          calls                 bigint          priced or not
--          unpriced_calls        bigint          in calls, not in cost_usd
--          unknown_usage_calls   bigint          in calls, without any tokens told
--          input_tokens          bigint          of the calls that tell it, cached tokens included; 0 where none does
--          cache_read_tokens     bigint          likewise
--          output_tokens         bigint          likewise, reasoning included
--          cost_usd              decimal(38,12)  exact; priced calls only, 0 where none is priced
--          request_squares       double          of each request the square of its cost in USD, summed
-- order    service, release, the window before the baseline, hour, feature, environment
with

placed as not materialized (

    select *, period_of(started_at) as period
    from compared_records

),

-- By the number of their labels: texts are compared for each number, not for each call.
labelled as not materialized (

    select
        period = 0 as in_window,
        labels_number,
        count(*) as calls,
        min(started_at) as first_seen
    from placed
    where period is not null
    group by in_window, labels_number

),

counted as (

    select
        service,
        release,
        coalesce(sum(calls) filter (in_window), 0) as window_calls,
        coalesce(sum(calls) filter (not in_window), 0) as baseline_calls,
        min(first_seen) as first_seen
    from labelled
    join record_labels using (labels_number)
    group by service, release

),

shares as (

    select
        service,
        release,
        first_seen,
        window_calls / nullif(sum(window_calls) over (partition by service), 0) as window_share,
        baseline_calls / nullif(sum(baseline_calls) over (partition by service), 0) as baseline_share,
        -- Where the service itself is new there is nothing that a release could have replaced.
        release is not null and window_calls > 0 and baseline_share is not null
            and (baseline_share = 0 or (baseline_share < 0.05 and window_share > 0.2)) as is_new
    from counted

),

contexts as (

    select
        labels_number,
        service,
        release,
        feature,
        environment,
        hash(service, release, feature, environment) as context
    from record_labels
    semi join (from shares where is_new) as changed
        on changed.service is not distinct from record_labels.service

),

traces as (

    select
        calls.period = 0 as in_window,
        case when in_window then date_trunc('hour', min(calls.started_at)) end as hour,
        contexts.context,
        count(*) as calls,
        count(*) filter (calls.cost_usd is null) as unpriced_calls,
        count(*) filter (calls.usage_quality = 'missing') as unknown_usage_calls,
        sum(calls.input_tokens) as input_tokens,
        sum(calls.cache_read_tokens) as cache_read_tokens,
        sum(calls.output_tokens) as output_tokens,
        sum(calls.cost_usd) as cost_usd
    from placed as calls
    join contexts using (labels_number)
    where calls.period is not null
    group by calls.period, calls.trace_number, contexts.context

),

requests as (

    select
        in_window,
        hour,
        context,
        count(*) as requests,
        sum(calls)::bigint as calls,
        sum(unpriced_calls)::bigint as unpriced_calls,
        sum(unknown_usage_calls)::bigint as unknown_usage_calls,
        coalesce(sum(input_tokens), 0)::bigint as input_tokens,
        coalesce(sum(cache_read_tokens), 0)::bigint as cache_read_tokens,
        coalesce(sum(output_tokens), 0)::bigint as output_tokens,
        coalesce(sum(cost_usd), 0)::decimal(38, 12) as cost_usd,
        coalesce(sum(cost_usd::double * cost_usd::double), 0) as request_squares
    from traces
    group by in_window, hour, context

)

select
    requests.in_window,
    requests.hour,
    named.service,
    named.release,
    named.feature,
    named.environment,
    shares.is_new,
    shares.window_share,
    shares.baseline_share,
    shares.first_seen,
    requests.requests,
    requests.calls,
    requests.unpriced_calls,
    requests.unknown_usage_calls,
    requests.input_tokens,
    requests.cache_read_tokens,
    requests.output_tokens,
    requests.cost_usd,
    requests.request_squares
from requests
join (select distinct context, service, release, feature, environment from contexts) as named using (context)
join shares
    on shares.service is not distinct from named.service
    and shares.release is not distinct from named.release
order by
    named.service nulls last,
    named.release nulls last,
    requests.in_window desc,
    requests.hour nulls last,
    named.feature nulls last,
    named.environment nulls last;
