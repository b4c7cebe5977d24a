-- explain-resampling: what a segment cost in each of 128 parts of its requests, so that they can be drawn anew.
--
-- What a release cost is compared with what the releases before it cost, and so conditions on releases, models,
-- providers and versions of prompts hold for the window alone. The baseline is chosen as in explain-cells.
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
-- returns  period                 bigint                           0 is the window, n the nth length of it before; a baseline that was named is 1
--          bucket                 integer                          0 to 127: requests are spread over them by chance, each always into the same one
--          cost_usd               decimal(38,12)                   exact; priced calls only
--          unpriced_calls         bigint                           in no cost
--          unknown_usage_calls    bigint                           those without any tokens told
-- order    period, bucket
with

placed as not materialized (

    select *, period_of(started_at) as period
    from asked_records

),

asked_for as not materialized (

    select
        period,
        (hash(trace_id) & 127)::integer as bucket,
        cost_usd,
        usage_quality
    from placed
    where period is not null
        and (period > 0 or is_asked('window_release', release))
        and (period > 0 or is_asked('window_model', model))
        and (period > 0 or is_asked('window_provider', provider))
        and (period > 0 or is_asked('window_prompt_version', prompt_version))

)

select
    period,
    bucket,
    coalesce(sum(cost_usd), 0) as cost_usd,
    count(*) filter (cost_usd is null) as unpriced_calls,
    count(*) filter (usage_quality = 'missing') as unknown_usage_calls
from asked_for
group by period, bucket
order by period, bucket;
