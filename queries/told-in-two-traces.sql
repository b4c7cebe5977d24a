-- told-in-two-traces: calls that two emitters told of in traces of their own, and that are counted twice.
--
-- Within a trace a call is counted once, whoever tells of it. An SDK with a tracer provider of its own, such as MLflow's, puts
-- it into another trace than the service's, and a gateway that was not passed the trace does so too: then both are records. Two
-- are taken for one call where they have the provider's id of the answer in common, of different emitters, ran at the
-- same time and do not contradict each other's tokens. Caches and fake servers answer often under one id: where
-- several calls of an emitter could be meant, none is taken. Calls whose emitter tells no id are not found.
--
-- params   since                timestamp       first record  first instant counted, UTC; of both calls
--          until                timestamp       last record   first instant not counted, UTC
-- reads    spans                                              one row per stored span
--          cost_records                                       one row per billable call
-- returns  emitter              varchar         instrumentation scope of the call that tells more: within a trace it would be the record
--          other_emitter        varchar         of the call that is too much
--          service              varchar         of the former
--          other_service        varchar         of the call that is too much
--          calls                bigint          that are too much
--          surplus_cost_usd     decimal(38,12)  exact; what they add to the cost; null where none is priced
--          unpriced_calls       bigint          in calls, not in surplus_cost_usd
--          unknown_usage_calls  bigint          in calls, without any tokens told
--          last_seen            timestamp
--          example_trace_id     varchar         of the last of them, as emitter tells it
--          other_trace_id       varchar         the same call, as other_emitter tells it
-- order    calls, most first; then emitter, other_emitter, service, other_service
with

-- Compared as numbers, which is faster than as texts.
shared_ids as (

    select hash(response_id) as answer
    from spans
    where node = 'call'
        and response_id is not null
        and started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')
    group by answer
    having min(hash(trace_id)) <> max(hash(trace_id))
        and min(hash(coalesce(emitter, ''))) <> max(hash(coalesce(emitter, '')))
        -- An id that comes so often tells of nothing, and to compare its calls would take the square of them.
        and count(*) <= 250

),

-- Also by spans for which another one of their trace is counted: it may tell no id itself.
told as (

    select
        hash(response_id) as answer,
        trace_id,
        coalesce(counted_as, span_id) as span_id,
        list(coalesce(emitter, '')) as emitters,
        min(started_at) as begun_at,
        max(ended_at) as ended_at
    from spans
    semi join shared_ids on shared_ids.answer = hash(spans.response_id)
    where node = 'call'
        and started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')
    group by all

),

told_calls as (

    select
        told.answer,
        hash(told.trace_id, told.span_id) as id,
        list_append(told.emitters, coalesce(calls.emitter, '')) as emitters,
        told.begun_at,
        told.ended_at,
        calls.input_tokens,
        calls.output_tokens,
        calls.trace_id,
        calls.started_at,
        calls.service,
        calls.emitter,
        calls.usage_quality,
        calls.cost_usd,
        -- Which tells more of its call, as settling compares those of a trace: of equals the shorter.
        {
            richness: 10 * case calls.usage_quality when 'measured' then 3 when 'partial' then 2 when 'estimated' then 1 else 0 end
                + 5 * (calls.usage_issue is null)::integer
                + (calls.cache_read_tokens is not null)::integer
                + (calls.cache_write_tokens is not null)::integer
                + (calls.cache_write_1h_tokens is not null)::integer
                + (calls.reasoning_tokens is not null)::integer
                + (calls.service_tier is not null)::integer
                + (calls.cost_usd is not null)::integer,
            shortness: -calls.duration_ms,
            id: id
        } as told_best
    from told
    join cost_records as calls
        on calls.trace_id = told.trace_id and calls.span_id = told.span_id
    where calls.record_kind = 'model'
        and calls.started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and calls.started_at < coalesce(getvariable('until')::timestamp, 'infinity')

),

pairs as (

    select
        calls.told_best,
        calls.emitter,
        calls.service,
        calls.trace_id,
        others.id as other_id,
        others.told_best as other_told_best,
        others.emitter as other_emitter,
        others.service as other_service,
        others.trace_id as other_trace_id,
        others.started_at,
        others.usage_quality,
        others.cost_usd
    from told_calls as calls
    join told_calls as others
        on others.answer = calls.answer and others.trace_id <> calls.trace_id
    where not list_has_any(calls.emitters, others.emitters)
        -- 2 ms: some emitters keep whole milliseconds.
        and others.begun_at <= calls.ended_at + interval 2 milliseconds
        and calls.begun_at <= others.ended_at + interval 2 milliseconds
        -- Only what both measured can contradict.
        and (
            calls.usage_quality <> 'measured'
            or others.usage_quality <> 'measured'
            or coalesce(calls.input_tokens = others.input_tokens, true)
                and coalesce(calls.output_tokens = others.output_tokens, true)
        )
    qualify count(*) over (partition by calls.answer, calls.id, others.emitter) = 1
        and count(*) over (partition by calls.answer, others.id, calls.emitter) = 1

),

-- Of three that tell of one call two are too much, each once.
surplus as (

    select *
    from pairs
    where told_best > other_told_best
    qualify row_number() over (partition by other_id order by told_best desc) = 1

)

select
    emitter,
    other_emitter,
    service,
    other_service,
    count(*) as calls,
    sum(cost_usd) as surplus_cost_usd,
    count(*) filter (cost_usd is null) as unpriced_calls,
    count(*) filter (usage_quality = 'missing') as unknown_usage_calls,
    max(started_at) as last_seen,
    max({started_at: started_at, trace_id: trace_id}).trace_id as example_trace_id,
    max({started_at: started_at, trace_id: trace_id, other: other_trace_id}).other as other_trace_id
from surplus
group by emitter, other_emitter, service, other_service
order by
    count(*) desc, emitter nulls last, other_emitter nulls last, service nulls last, other_service nulls last;
