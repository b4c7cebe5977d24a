-- usage-issues: token counts that contradict themselves, by emitter.
--
-- Such numbers are kept as they were sent and never clamped; so is the cost made from them. A call with several
-- issues stands in several rows.
--
-- params   since                timestamp       first record  first instant counted, UTC
--          until                timestamp       last record   first instant not counted, UTC
-- reads    cost_records                                       one row per billable call
-- returns  emitter              varchar         instrumentation scope
--          emitter_version      varchar
--          dialect              varchar         by which its attributes were read
--          usage_issue          varchar
--          calls                bigint          priced or not
--          cost_usd             decimal(38,12)  exact; priced calls only, null where none is priced
--          unpriced_calls       bigint          in calls, not in cost_usd
--          unknown_usage_calls  bigint          in calls, without any tokens told: none was a number of tokens
--          first_seen           timestamp
--          last_seen            timestamp
--          example_trace_id     varchar         of the last of them
-- order    calls, most first; then emitter, emitter_version, dialect, usage_issue
with

calls_with_issue as (

    select * replace (unnest(string_split(usage_issue, ',')) as usage_issue)
    from cost_records
    where usage_issue is not null
        and started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')

)

select
    emitter,
    emitter_version,
    dialect,
    usage_issue,
    count(*) as calls,
    sum(cost_usd) as cost_usd,
    count(*) filter (cost_usd is null) as unpriced_calls,
    count(*) filter (usage_quality = 'missing') as unknown_usage_calls,
    min(started_at) as first_seen,
    max(started_at) as last_seen,
    max({started_at: started_at, trace_id: trace_id}).trace_id as example_trace_id
from calls_with_issue
group by emitter, emitter_version, dialect, usage_issue
order by calls desc, emitter nulls last, emitter_version nulls last, dialect nulls last, usage_issue;
