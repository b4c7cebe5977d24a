-- trust: one row that says how far the numbers of a window can be believed.
--
-- params   since                      timestamp       first record  first instant counted, UTC
--          until                      timestamp       last record   first instant not counted, UTC
-- reads    cost_records                                             one row per billable call
-- returns  calls                      bigint          each counted once
--          cost_usd                   decimal(38,12)  exact; priced calls only, null where none is priced
--          unpriced_calls             bigint          in calls, not in cost_usd
--          priced_share               double          of calls; null without calls
--          priced_token_share         double          of input and output tokens told; null where no call tells any
--          attributed_share           double          of calls that have a feature; null without calls. Other dimensions: trust-by-dimension
--          attributed_cost_share      double          of cost_usd; null where that is null or 0
--          attributed_release_share   double          of calls that have a release; null without calls
--          unknown_usage_calls        bigint          calls that tell no tokens at all
--          estimated_usage_calls      bigint          calls whose tokens the emitter guessed
--          partial_usage_calls        bigint          calls that were cut off before they told all
--          lower_bound_calls          bigint          priced calls that did not tell all their tokens: they cost at least what is in cost_usd
--          usage_issue_calls          bigint          calls whose numbers contradict themselves: see usage-issues
--          cache_split_unknown_calls  bigint          calls that tell input tokens and not how many were cached
--          deduplicated               bigint          further spans that told of a call counted already: see duplicates
-- order    one row, also without calls
with

calls_in_window as (

    select *, coalesce(input_tokens, 0) + coalesce(output_tokens, 0) as tokens
    from cost_records
    where started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')

)

select
    count(*) as calls,
    sum(cost_usd) as cost_usd,
    count(*) filter (cost_usd is null) as unpriced_calls,
    count(cost_usd) / nullif(count(*), 0) as priced_share,
    coalesce(sum(tokens) filter (cost_usd is not null), 0) / nullif(sum(tokens), 0) as priced_token_share,
    count(feature) / nullif(count(*), 0) as attributed_share,
    coalesce(sum(cost_usd) filter (feature is not null), 0)
        / nullif(sum(cost_usd), 0) as attributed_cost_share,
    count(release) / nullif(count(*), 0) as attributed_release_share,
    count(*) filter (usage_quality = 'missing') as unknown_usage_calls,
    count(*) filter (usage_quality = 'estimated') as estimated_usage_calls,
    count(*) filter (usage_quality = 'partial') as partial_usage_calls,
    count(*) filter (
        cost_usd is not null
        and (usage_quality in ('partial', 'missing') or regexp_matches(usage_issue, 'input_excludes_cache|input_may_exclude_cache|output_excludes_reasoning'))
    ) as lower_bound_calls,
    count(usage_issue) as usage_issue_calls,
    -- Embeddings are never cached.
    count(*) filter (
        input_tokens is not null
        and cache_read_tokens is null
        and operation is distinct from 'embeddings'
    ) as cache_split_unknown_calls,
    coalesce(sum(told_by - 1), 0)::bigint as deduplicated
from calls_in_window;
