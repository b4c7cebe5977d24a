-- spike-by-agent-depth: did agents that call agents make a window dearer? Largest change first.
--
-- The baseline is the same hours of the 7 days before the window, or the range from `baseline_since` to
-- `baseline_until`. A window of more than n days goes back in steps of n + 1 days; what lies before the hour of
-- the first record does not count, and where nothing is left the baseline is 0. All baseline figures are
-- scaled to the length of the window, so that money among them is a mean, rounded to its last decimal.
-- Values that appear or vanish are kept: the side on which they are absent is 0.
-- How both are added up stands in the database, once for all spike queries: see `spike_by` in README.md.
--
-- params   since                         timestamp       a day before until     first instant of the window, UTC
--          until                         timestamp       after the last record  first instant after the window, UTC
--          baseline_since                timestamp       the 7 days before      first instant of the baseline, UTC
--          baseline_until                timestamp       since                  first instant after the baseline, UTC
--          baseline_days                 varchar         1,2,3,4,5,6,7          how many lengths of the window, in whole days, the periods of the baseline lie back
--          feature                       varchar         all                    only calls of this feature; '(none)' for those without
--          release                       varchar         all                    only calls of this release; '(none)' for those without
--          model                         varchar         all                    only calls of this model; '(none)' for those without
-- reads    cost_records                                                         one row per billable call
-- returns  agent_depth                   integer         agent runs that enclose the call
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
-- order    largest change of cost first, unknown ones last; then agent_depth
select
    value as agent_depth,
    cost_usd,
    baseline_cost_usd,
    delta_cost_usd,
    share_of_delta,
    calls,
    baseline_calls,
    delta_calls,
    input_tokens_per_call,
    delta_input_tokens_per_call,
    output_tokens_per_call,
    delta_output_tokens_per_call,
    unpriced_calls,
    unknown_usage_calls,
    baseline_unpriced_calls
from spike_by(agent_depth)
order by abs(delta_cost_usd) desc nulls last, value nulls last;
