-- retry-waste: how many attempts calls needed, and what the superseded ones cost.
--
-- A call that succeeds at its third attempt has retry_count 2. Attempts that were refused cost nothing: they
-- are counted in extra_attempts and not costed. An attempt that used tokens before it failed is billed and has
-- a record of its own. It is superseded when another record follows under the same parent span for the same
-- model and either it failed, or both state their retry_count and the next one's is higher. That cost is the
-- waste that is known; it stands beside the calls that repeated the attempt. Other waste: waste-ledger. Uses of
-- tools are left out.
--
-- params   since                        timestamp       first record  first instant counted, UTC
--          until                        timestamp       last record   first instant not counted, UTC
--          feature                      varchar         all           only calls of this feature; '(none)' for those without
-- reads    cost_records                                               one row per billable call
-- returns  retry_count                  integer         attempts before the one that the record bills; null where the trace cannot show it
--          retry_evidence               varchar         explicit, http or sibling; null where there is none
--          calls                        bigint          priced or not
--          failed_calls                 bigint          calls that failed
--          extra_attempts               bigint          calls * retry_count; null where retry_count is
--          cost_usd                     decimal(38,12)  exact; of these calls alone; null where none is priced
--          unpriced_calls               bigint          in calls, not in cost_usd
--          unknown_usage_calls          bigint          in calls, without any tokens told
--          superseded_records           bigint          billed attempts that these calls repeated; calls too, in rows of their own
--          superseded_cost_usd          decimal(38,12)  exact; of those that are priced; null where none is, 0 where there are none
--          superseded_unpriced_records  bigint          in superseded_records, not in superseded_cost_usd
--          error_types                  varchar         of the superseded attempts and of the failed calls, by name
-- order    retry_count, unknown last; then retry_evidence
with

-- Read several times over, which is cheaper than to keep it.
calls_in_window as not materialized (

    select *
    from cost_records
    where record_kind = 'model'
        and started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')
        and (
            getvariable('feature') is null
            or coalesce(feature, '(none)') = getvariable('feature')
        )

),

-- Traces in which an attempt may have been billed and repeated.
suspects as (

    select distinct trace_id
    from calls_in_window
    where status = 'error' or retry_evidence = 'explicit'

),

in_order as (

    select
        calls.trace_id,
        calls.cost_usd,
        calls.error_type,
        lead(calls.span_id) over same_call as repeated_by,
        calls.status = 'error'
            or (
                calls.retry_evidence = 'explicit'
                and lead(calls.retry_evidence) over same_call = 'explicit'
                and lead(calls.retry_count) over same_call > calls.retry_count
            ) as is_superseded
    from calls_in_window as calls
    semi join suspects on suspects.trace_id = calls.trace_id
    where calls.parent_span_id is not null
    window same_call as (
        partition by calls.trace_id, calls.parent_span_id, calls.request_model
        order by calls.started_at, calls.span_id
    )

),

superseded as (

    select *
    from in_order
    where is_superseded and repeated_by is not null

)

select
    calls.retry_count,
    calls.retry_evidence,
    count(*) as calls,
    count(*) filter (calls.status = 'error') as failed_calls,
    count(*) * calls.retry_count as extra_attempts,
    sum(calls.cost_usd) as cost_usd,
    count(*) filter (calls.cost_usd is null) as unpriced_calls,
    count(*) filter (calls.usage_quality = 'missing') as unknown_usage_calls,
    count(superseded.trace_id) as superseded_records,
    case when superseded_records > 0 then sum(superseded.cost_usd) else 0 end as superseded_cost_usd,
    count(superseded.trace_id) filter (superseded.cost_usd is null) as superseded_unpriced_records,
    nullif(
        array_to_string(
            list_sort(list_distinct(
                list_concat(list(calls.error_type), list(superseded.error_type))
            )), ', '
        ), ''
    ) as error_types
from calls_in_window as calls
left join superseded
    on superseded.trace_id = calls.trace_id and superseded.repeated_by = calls.span_id
group by calls.retry_count, calls.retry_evidence
order by calls.retry_count nulls last, calls.retry_evidence nulls last;
