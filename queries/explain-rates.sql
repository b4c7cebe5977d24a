-- explain-rates: how much the rates of a segment differ between those who ask, so that a change can be told from chance.
--
-- A rate is y for each x: output tokens for each attempt, for one. Whoever asks is a user, or a request where there is none
-- and where one user or conversation is looked at. What a release did is compared with what the releases before it did, and
-- so conditions on releases, models, providers and versions of prompts hold for the window alone. The baseline is chosen as
-- in explain-cells.
--
-- params   since                  timestamp       required         first instant of the window, UTC
--          until                  timestamp       required         first instant after the window, UTC
--          baseline_since         timestamp       the days before  first instant of the baseline, UTC
--          baseline_until         timestamp       since            first instant after the baseline, UTC
--          baseline_days          varchar         1,2,3,4,5,6,7    how many lengths of the window, in whole days, the periods of the baseline lie back
--          window_release         varchar         all              of the window only calls of this release; '(none)' for those without
--          window_model           varchar         all              of the window only calls of this model; '(none)' for those without
--          window_provider        varchar         all              of the window only calls of this provider; '(none)' for those without
--          window_prompt_version  varchar         all              of the window only calls of this prompt version; '(none)' for those without
--          one_of                 varchar         1                only one of so many of those who ask is looked at
--          feature                varchar         all              only calls of this feature; '(none)' for those without; likewise the rest
--          release                varchar         all
--          model                  varchar         all              as the provider answered, else as it was asked for; of a use of a tool its name
--          service                varchar         all
--          environment            varchar         all
--          team                   varchar         all
--          user_id                varchar         all
--          conversation_id        varchar         all
--          region                 varchar         all
--          agent                  varchar         all
--          tool                   varchar         all
--          provider               varchar         all
--          prompt_name            varchar         all
--          prompt_version         varchar         all
--          operation              varchar         all
--          retry_count            varchar         all
--          loop_depth             varchar         all              1, 2, 3-4, 5-8, 9-16 or 17+; uses of tools have none
--          agent_depth            varchar         all
--          tag                    varchar         all              name=value of a tag, name=(none) for calls without it; of several a JSON list
-- reads    asked_records                                           records of window and baseline that the variables ask for: see README
-- returns  rate                   varchar                          loops: calls that were wanted for each request; retries: attempts for each call that was wanted; input: tokens for each attempt; cache: input tokens not read from a cache for each input token; output: tokens for each attempt; price: USD for each token, as many times as its kind costs more as a rule
--          period                 bigint                           0 is the window, n the nth length of it before; a baseline that was named is 1
--          askers                 bigint
--          x                      double                           sum over those who ask; likewise the rest
--          y                      double
--          xx                     double
--          xy                     double
--          yy                     double
-- order    rate, period
with

placed as not materialized (

    select *, period_of(started_at) as period
    from asked_records

),

asked_for as not materialized (

    select
        period,
        coalesce(
            case when coalesce(getvariable('user_id'), getvariable('conversation_id')) is null then user_id end, trace_id
        ) as asker,
        trace_number,
        not superseded as is_wanted,
        coalesce(input_tokens, 0) as input_tokens,
        coalesce(cache_read_tokens, 0) as cache_read_tokens,
        coalesce(cache_write_tokens, 0) as cache_write_tokens,
        coalesce(output_tokens, 0) as output_tokens,
        cost_usd
    from placed
    where period is not null
        and cost_usd is not null
        and record_kind <> 'tool'
        and hash(asker) <= 18446744073709551615 // coalesce(getvariable('one_of')::ubigint, 1)
        and (period > 0 or is_asked('window_release', release))
        and (period > 0 or is_asked('window_model', model))
        and (period > 0 or is_asked('window_provider', provider))
        and (period > 0 or is_asked('window_prompt_version', prompt_version))

),

askers as (

    select
        period,
        asker,
        (count(distinct trace_number))::double as requests,
        count(*)::double as attempts,
        (count(*) filter (is_wanted))::double as wanted,
        sum(input_tokens)::double as input,
        sum(greatest(0, input_tokens - cache_read_tokens))::double as not_cached,
        sum(output_tokens)::double as output,
        -- What is written to a cache costs a fourth more than what is read for the first time, what is read from one a tenth, and
        -- output five times as much, by most providers.
        sum(
            greatest(0, input_tokens - cache_read_tokens - cache_write_tokens)
            + 0.1 * cache_read_tokens + 1.25 * cache_write_tokens + 5 * output_tokens
        )::double as weighed,
        sum(cost_usd)::double as usd
    from asked_for
    group by period, asker

),

rates as (

    select period, 'loops' as rate, requests as x, wanted as y from askers
    union all
    select period, 'retries' as rate, wanted as x, attempts as y from askers
    union all
    select period, 'input' as rate, attempts as x, input as y from askers
    union all
    select period, 'cache' as rate, input as x, not_cached as y from askers
    union all
    select period, 'output' as rate, attempts as x, output as y from askers
    union all
    select period, 'price' as rate, weighed as x, usd as y from askers

)

select
    rate,
    period,
    count(*) as askers,
    sum(x) as x,
    sum(y) as y,
    sum(x * x) as xx,
    sum(x * y) as xy,
    sum(y * y) as yy
from rates
group by rate, period
order by rate, period;
