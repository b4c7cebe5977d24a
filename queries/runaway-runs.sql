-- runaway-runs: agent runs of a window that went on far longer than such runs used to, dearest first.
--
-- A run is called runaway where it has at least 10 calls of a model, and at least twice as many as 95 % of the runs
-- of the same feature and agent had in the baseline. Of an agent that has no runs there: at least 30.
-- Calls that started before the window are not counted, so a run that crosses its edge shows a part of its cost.
-- The baseline is chosen as in explain-cells.
--
-- params   since                 timestamp       required         first instant of the window, UTC
--          until                 timestamp       required         first instant after the window, UTC
--          baseline_since        timestamp       the days before  first instant of the baseline, UTC
--          baseline_until        timestamp       since            first instant after the baseline, UTC
--          baseline_days         varchar         1,2,3,4,5,6,7    how many lengths of the window, in whole days, the periods of the baseline lie back
--          max_rows              bigint          20               runs shown
-- reads    compared_records                                       records of window and baseline: see README
-- returns  trace_id              varchar
--          run_id                varchar         span of the run
--          started_at            timestamp       start of its first call
--          feature               varchar         null for runs without one; likewise the next two
--          agent                 varchar
--          release               varchar
--          steps                 integer         its longest loop, in calls
--          usual_steps           double          median of the runs of this feature and agent in the baseline; null where there are none
--          calls                 bigint          priced or not
--          cost_usd              decimal(38,12)  exact; priced calls only, null where none is priced
--          unpriced_calls        bigint          in calls, not in cost_usd
--          unknown_usage_calls   bigint          in calls, without any tokens told
--          runaway_runs          bigint          how many there are in all
--          runaway_cost_usd      decimal(38,12)  exact; of all of them
-- order    cost_usd, dearest first, unknown last; then trace_id, run_id
with

placed as (

    select *, period_of(started_at) as period
    from compared_records
    where record_kind = 'model'

),

runs as (

    select
        period,
        trace_id,
        run_id,
        any_value(feature) as feature,
        any_value(agent) as agent,
        any_value(release) as release,
        min(started_at) as started_at,
        max(loop_iteration) as steps,
        count(*) as calls,
        sum(cost_usd) as cost_usd,
        count(*) filter (cost_usd is null) as unpriced_calls,
        count(*) filter (usage_quality = 'missing') as unknown_usage_calls
    from placed
    where period is not null
    group by period, trace_id, run_id

),

usual as (

    select feature, agent, median(steps) as median_steps, quantile_cont(steps, 0.95) as many_steps
    from runs
    where period > 0
    group by feature, agent

)

select
    runs.trace_id,
    runs.run_id,
    runs.started_at,
    runs.feature,
    runs.agent,
    runs.release,
    runs.steps,
    usual.median_steps as usual_steps,
    runs.calls,
    runs.cost_usd,
    runs.unpriced_calls,
    runs.unknown_usage_calls,
    count(*) over () as runaway_runs,
    sum(runs.cost_usd) over () as runaway_cost_usd
from runs
left join usual
    on usual.feature is not distinct from runs.feature and usual.agent is not distinct from runs.agent
where runs.period = 0
    and runs.steps >= 10
    and runs.steps >= coalesce(2 * usual.many_steps, 30)
order by runs.cost_usd desc nulls last, runs.trace_id, runs.run_id
limit coalesce(getvariable('max_rows')::bigint, 20);
