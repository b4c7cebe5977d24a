-- cost-and-tokens-per-request-by-feature: what one request of each feature costs and uses.
--
-- A request is a trace, as far as its calls belong to the feature and started in the window. Cost per request
-- is told by requests whose every call has a price; the percentiles are costs of requests that happened, and
-- exact. The mean is a mean of money: rounded to a double.
--
-- params   since                      timestamp       first record  first instant counted, UTC
--          until                      timestamp       last record   first instant not counted, UTC
-- reads    cost_records                                             one row per billable call
-- returns  feature                    varchar         null for calls without one
--          requests                   bigint
--          priced_requests            bigint          those whose every call has a price
--          cost_usd                   decimal(38,12)  exact; all priced calls, null where none is priced
--          unpriced_calls             bigint          not in cost_usd
--          unknown_usage_calls        bigint          calls without any tokens told
--          mean_cost_usd              double          of a priced request
--          median_cost_usd            decimal(38,12)  likewise
--          p95_cost_usd               decimal(38,12)  likewise
--          max_cost_usd               decimal(38,12)  likewise
--          calls_per_request          double          priced or not
--          input_tokens_per_request   double          mean of the requests that tell it, cached tokens included
--          output_tokens_per_request  double          mean of the requests that tell it, reasoning included
--          cached_share_of_input      double          of the tokens of calls that tell both; null where none does
-- order    cost_usd, dearest first, unknown last; then feature
with

calls_in_window as (

    select *
    from cost_records
    where started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')

),

requests as (

    select
        feature,
        trace_id,
        count(*) as calls,
        sum(cost_usd) as cost_usd,
        count(*) filter (cost_usd is null) as unpriced_calls,
        unpriced_calls = 0 as is_priced,
        count(*) filter (usage_quality = 'missing') as unknown_usage_calls,
        sum(input_tokens) as input_tokens,
        sum(output_tokens) as output_tokens,
        sum(cache_read_tokens) filter (input_tokens is not null) as cache_read_tokens,
        sum(input_tokens) filter (cache_read_tokens is not null) as input_tokens_with_cache_told
    from calls_in_window
    group by feature, trace_id

)

select
    feature,
    count(*) as requests,
    count(*) filter (is_priced) as priced_requests,
    sum(cost_usd) as cost_usd,
    sum(unpriced_calls)::bigint as unpriced_calls,
    sum(unknown_usage_calls)::bigint as unknown_usage_calls,
    avg(cost_usd) filter (is_priced) as mean_cost_usd,
    quantile_disc(cost_usd, 0.5) filter (is_priced) as median_cost_usd,
    quantile_disc(cost_usd, 0.95) filter (is_priced) as p95_cost_usd,
    max(cost_usd) filter (is_priced) as max_cost_usd,
    avg(calls) as calls_per_request,
    avg(input_tokens) as input_tokens_per_request,
    avg(output_tokens) as output_tokens_per_request,
    sum(cache_read_tokens) / nullif(sum(input_tokens_with_cache_told), 0) as cached_share_of_input
from requests
group by feature
order by cost_usd desc nulls last, feature nulls last;
