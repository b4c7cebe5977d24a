-- repricing-by-model-and-day: what a re-pricing changes, beside what was booked.
--
-- Calls that the run did not see are in neither sum. A call with a price on one side only changes the sum by all
-- of its cost: newly_priced_calls and no_longer_priced_calls say how many there are.
--
-- params   run                     bigint          the newest    number of the run: see spancost prices runs
--          since                   timestamp       first record  first instant counted, UTC
--          until                   timestamp       last record   first instant not counted, UTC
-- reads    repriced_records                                      one row per record and run
-- returns  day                     date            UTC
--          provider                varchar
--          model                   varchar         as the provider answered, else as it was asked for; of a tool its name
--          calls                   bigint          priced or not
--          booked_cost_usd         decimal(38,12)  exact; null where none was priced
--          cost_usd                decimal(38,12)  exact; of the run, null where none is priced
--          delta_usd               decimal(38,12)  exact; what the run adds, where one side is unknown all of the other
--          newly_priced_calls      bigint          booked without a price
--          no_longer_priced_calls  bigint          booked with a price, and none in the run
--          unpriced_calls          bigint          in calls, not in cost_usd
--          unknown_usage_calls     bigint          in calls, without any tokens told
--          price_sources           varchar         of the run's prices
-- order    day; within it the largest change first; then provider, model
with

asked as (

    select coalesce(getvariable('run')::integer, max(run_id)) as pricing_run
    from pricing_runs

)

select
    records.started_at::date as day,
    records.provider,
    coalesce(
        records.response_model, records.request_model, case when records.record_kind = 'tool' then records.tool end
    ) as model,
    count(*) as calls,
    sum(records.cost_usd) as booked_cost_usd,
    sum(records.run_cost_usd) as cost_usd,
    coalesce(sum(records.run_cost_usd), 0) - coalesce(sum(records.cost_usd), 0) as delta_usd,
    count(*) filter (records.cost_usd is null and records.run_cost_usd is not null) as newly_priced_calls,
    count(*) filter (records.cost_usd is not null and records.run_cost_usd is null) as no_longer_priced_calls,
    count(*) filter (records.run_cost_usd is null) as unpriced_calls,
    count(*) filter (records.usage_quality = 'missing') as unknown_usage_calls,
    string_agg(distinct records.run_price_source, ', ' order by records.run_price_source) as price_sources
from repriced_records as records
join asked on asked.pricing_run = records.pricing_run
where records.started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
    and records.started_at < coalesce(getvariable('until')::timestamp, 'infinity')
    -- A tool that neither side prices is no record.
    and (records.record_kind = 'model' or records.cost_usd is not null or records.run_cost_usd is not null)
group by day, records.provider, model
order by day, abs(delta_usd) desc nulls last, records.provider nulls last, model nulls last;
