-- waste-ledger: what was paid for nothing, by reason and by how well its cost is known.
--
-- Each record and each attempt stands in at most one row: that of the first reason which holds for it.
--
--     superseded_attempt    a billed attempt that a later record of the same parent and model repeats, as in
--                           retry-waste
--     fallback              a billed call that failed or was cut off, and the next call under the same parent,
--                           begun after it had ended, went to another model
--     aborted_stream        a billed call that was cut off: its usage is partial, or its error says that it was
--                           cancelled, or it tells no tokens at all. The last may also be an emitter that never
--                           tells those of streams: then nothing was wasted
--     failed_after_billing  a billed call, or a priced use of a tool, that failed in another way
--     refused_attempt       an attempt without a record that was answered with an error, or never reached the
--                           provider
--     timed_out_attempt     an attempt without a record that ended without an answer, or with one that only says
--                           that somebody stopped waiting (408, 499, 504, 524): it may have been billed
--     untold_attempt        an attempt of which a retry_count speaks, or a failed span, and nothing says how it
--                           ended; or that was answered, and its call tells the tokens of the last answer only. It
--                           may have been billed
--
-- A `measured` cost has a price and tokens that the provider counted. An `estimated` one has tokens that were
-- guessed, contradict themselves or are not all told, so that it may be a lower bound. An `unknown` one is null.
-- Refused requests are not billed, which is a measured 0:
--     https://ai.google.dev/gemini-api/docs/billing
-- except that Azure may bill a 400, whose cost is therefore unknown, or a 408:
--     https://learn.microsoft.com/azure/ai-services/openai/how-to/manage-costs
--
-- Attempts take their labels from the record that repeats them. Where there is none they have what their span
-- says, which is no feature, team or user. What follows after the end of the window is not seen.
--
-- params   dimension            varchar         none          split by: service, environment, release, feature, team, user_id, agent,
--                                                             tool, prompt_name, provider, model, operation, or tag:NAME
--          since                timestamp       first record  first instant counted, UTC
--          until                timestamp       last record   first instant not counted, UTC
--          feature              varchar         all           only calls of this feature; '(none)' for those without
-- reads    cost_records                                       one row per billable call
--          spans                                              one row per stored span
-- returns  reason               varchar         see above
--          certainty            varchar         measured, estimated or unknown
--          value                varchar         of the dimension; null for calls without one, and where none is asked for
--          attempts             bigint          records, and attempts without one
--          requests             bigint          traces that they are in
--          input_tokens         bigint          of the records that tell it, cached tokens included
--          output_tokens        bigint          likewise, reasoning included
--          cost_usd             decimal(38,12)  exact; null where certainty is unknown
--          unpriced_calls       bigint          in attempts, not in cost_usd
--          unknown_usage_calls  bigint          in attempts, without any tokens told although there may have been some
--          share_of_cost        double          of the cost of all priced calls of the window; null where that is 0
--          example_trace_id     varchar         of the dearest, of equals the last
-- order    cost_usd, dearest first, unknown last; then attempts, most first; then reason, certainty, value
with recursive

-- Read several times over, which is cheaper than to keep it.
calls_in_window as not materialized (

    select
        *,
        coalesce(response_model, request_model, case when record_kind = 'tool' then tool end) as model,
        coalesce(regexp_matches(error_type, 'cancel|abort', 'i'), false)
            -- Partial are also emitters that never tell their cached tokens, and counts that are no numbers.
            or (
                usage_quality = 'partial'
                and not regexp_matches(coalesce(usage_issue, ''), 'input_excludes_cache|input_may_exclude_cache|output_excludes_reasoning|invalid_token_count')
            ) as is_cut_off
    from cost_records
    where started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')
        and (
            getvariable('feature') is null
            or coalesce(feature, '(none)') = getvariable('feature')
        )

),

-- Traces in which a call may have been paid for nothing.
suspects as (

    select distinct trace_id
    from calls_in_window
    where status = 'error' or retry_evidence = 'explicit' or is_cut_off or usage_quality = 'missing'

),

in_order as (

    select
        calls.*,
        calls.record_kind = 'model' and calls.parent_span_id is not null
            and lead(calls.span_id) over same_call is not null
            and (
                calls.status = 'error'
                or (
                    calls.retry_evidence = 'explicit'
                    and lead(calls.retry_evidence) over same_call = 'explicit'
                    and lead(calls.retry_count) over same_call > calls.retry_count
                )
            ) as is_superseded,
        lag(calls.retry_count) over same_call as previous_retry_count
    from calls_in_window as calls
    semi join suspects on suspects.trace_id = calls.trace_id
    window same_call as (
        partition by calls.record_kind, calls.trace_id, calls.parent_span_id, calls.request_model
        order by calls.started_at, calls.span_id
    )

),

-- The next call under the same parent. 2 ms: some emitters keep whole milliseconds.
followed as (

    select
        failed.trace_id,
        failed.span_id,
        -- A struct, for arg_min passes over nulls.
        arg_min(
            {model: next_call.request_model}, {started_at: next_call.started_at, span_id: next_call.span_id}
        ).model as next_model
    from in_order as failed
    join in_order as next_call
        on next_call.trace_id = failed.trace_id
        and next_call.parent_span_id = failed.parent_span_id
        and next_call.record_kind = 'model'
        and next_call.started_at + interval 2 milliseconds
            >= failed.started_at + to_microseconds((failed.duration_ms * 1000)::bigint)
        and next_call.span_id <> failed.span_id
    where failed.record_kind = 'model' and (failed.status = 'error' or failed.is_cut_off)
    group by failed.trace_id, failed.span_id

),

wasted_records as (

    select
        calls.*,
        case
            when calls.is_superseded then 'superseded_attempt'
            when followed.next_model <> calls.request_model then 'fallback'
            when calls.is_cut_off
                or (
                    calls.usage_quality = 'missing'
                    and (calls.status = 'error' or calls.operation is distinct from 'embeddings')
                ) then 'aborted_stream'
            when calls.status = 'error' then 'failed_after_billing'
        end as reason
    from in_order as calls
    left join followed on followed.trace_id = calls.trace_id and followed.span_id = calls.span_id

),

-- Traces in which an attempt may have no record.
attempt_traces as (

    select trace_id
    from spans
    where started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')
        and (
            (model_request and coalesce(http_status, 0) not between 200 and 399)
            or (node = 'call' and role = 'other' and status = 'error')
        )

    union

    select trace_id
    from calls_in_window
    where retry_count > 0

),

-- A trace reaches over the edges of a window: a day around it is wide enough, and spares a scan of everything.
near_spans as (

    select *
    from spans
    semi join attempt_traces using (trace_id)
    where started_at >= coalesce(getvariable('since')::timestamp - interval 1 day, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp + interval 1 day, 'infinity')

),

near_calls as (

    select *
    from cost_records
    semi join attempt_traces using (trace_id)
    where record_kind = 'model'
        and started_at >= coalesce(getvariable('since')::timestamp - interval 1 day, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp + interval 1 day, 'infinity')

),

-- All spans that tell of a call, those that only wrap others left out.
tellings as (

    select
        spans.*,
        coalesce(spans.counted_as, spans.span_id) as call_id,
        near_calls.span_id is not null as is_billed
    from near_spans as spans
    left join near_calls
        on near_calls.trace_id = spans.trace_id
        and near_calls.span_id = coalesce(spans.counted_as, spans.span_id)
    where spans.node = 'call' and (spans.role <> 'rollup' or spans.counted_as is not null)

),

-- Each request to a model API with each span above it. 100 levels: deeper than life, so circles end.
above as (

    select trace_id, span_id, parent_span_id as above_id, 1 as level
    from near_spans
    where model_request and parent_span_id is not null

    union all

    select above.trace_id, above.span_id, spans.parent_span_id, above.level + 1
    from above
    join near_spans as spans on spans.trace_id = above.trace_id and spans.span_id = above.above_id
    where spans.parent_span_id is not null and above.level < 100

),

-- A request is one of the call around it. What a tool sends is its own.
around as (

    select
        above.trace_id,
        above.span_id,
        arg_min(
            {call_id: tellings.call_id}, above.level
        ) filter (tellings.span_id is not null or spans.node in ('tool', 'agent')) as nearest,
        bool_or(spans.model_request) as in_request
    from above
    join near_spans as spans on spans.trace_id = above.trace_id and spans.span_id = above.above_id
    left join tellings on tellings.trace_id = above.trace_id and tellings.span_id = above.above_id
    group by above.trace_id, above.span_id

),

-- Some frameworks lose the context: then of the only call in whose time it lies and that is not above it.
beside as (

    select requests.trace_id, requests.span_id, any_value(tellings.call_id) as call_id
    from near_spans as requests
    left join around on around.trace_id = requests.trace_id and around.span_id = requests.span_id
    join tellings
        on tellings.trace_id = requests.trace_id
        and requests.started_at >= tellings.started_at - interval 2 milliseconds
        and requests.ended_at <= tellings.ended_at + interval 2 milliseconds
    anti join above
        on above.trace_id = requests.trace_id
        and above.span_id = requests.span_id
        and above.above_id = tellings.span_id
    where requests.model_request and around.nearest.call_id is null
    group by requests.trace_id, requests.span_id
    having count(distinct tellings.call_id) = 1

),

requests as (

    select
        spans.*,
        coalesce(around.nearest.call_id, beside.call_id) as call_id,
        coalesce(around.nearest.call_id, beside.call_id, spans.span_id) as told_in
    from near_spans as spans
    left join around on around.trace_id = spans.trace_id and around.span_id = spans.span_id
    left join beside on beside.trace_id = spans.trace_id and beside.span_id = spans.span_id
    where spans.model_request
        -- Of a request without a call that another instrumentation tells of too, the outer span.
        and (coalesce(around.nearest.call_id, beside.call_id) is not null or not coalesce(around.in_request, false))

),

-- Spans of one call's requests that overlap tell of the same request.
requests_in_order as (

    select
        *,
        coalesce(started_at < max(ended_at) over (
            partition by trace_id, told_in order by started_at, ended_at, span_id
            rows between unbounded preceding and 1 preceding
        ), false) as is_same
    from requests

),

numbered_requests as (

    select
        *,
        sum((not is_same)::integer) over (
            partition by trace_id, told_in order by started_at, ended_at, span_id
        ) as nth
    from requests_in_order

),

tries as (

    select
        trace_id,
        told_in,
        nth,
        any_value(call_id) as call_id,
        min(started_at) as started_at,
        bool_or(http_status between 200 and 399) as was_answered,
        max(http_status) filter (http_status >= 400) as http_status,
        min(error_type) filter (error_type is not null) as error_type,
        arg_min(span_id, {started_at: started_at, span_id: span_id}) as span_id,
        true as is_request
    from numbered_requests
    group by trace_id, told_in, nth

    union all

    -- Calls that failed and show no request.
    select
        trace_id, span_id, 1, span_id, started_at, null, http_status, error_type, span_id, false
    from tellings
    where counted_as is null and role = 'other' and status = 'error'
        and (trace_id, span_id) not in (select (trace_id, call_id) from requests where call_id is not null)

),

-- A failed call belongs to the first that follows it with its parent, scope and model, as retry_count has it.
repeated as (

    select failed.trace_id, failed.call_id, billed.call_id as repeated_by
    from tellings as failed
    join tellings as billed
        on billed.trace_id = failed.trace_id
        and billed.parent_span_id = failed.parent_span_id
        and billed.emitter is not distinct from failed.emitter
        and billed.request_model is not distinct from failed.request_model
        and billed.started_at >= failed.ended_at
        and billed.is_billed
    where not failed.is_billed
    qualify row_number() over (
        partition by failed.trace_id, failed.call_id
        order by billed.started_at, billed.ended_at, billed.span_id
    ) = 1

),

attempts as (

    select
        tries.*,
        coalesce(repeated.repeated_by, tries.call_id) as record_id,
        coalesce(tellings.is_billed, false) as is_billed,
        -- The last request that was answered is the one that the record bills.
        tellings.is_billed and row_number() over (
            partition by tries.trace_id, tries.told_in
            order by coalesce(tries.was_answered, false) desc, tries.nth desc
        ) = 1 as is_the_record,
        tellings.provider as call_provider,
        coalesce(
            tries.http_status, try_cast(regexp_extract(tries.error_type, '^[45]\d\d$') as usmallint)
        ) as refusal
    from tries
    left join tellings on tellings.trace_id = tries.trace_id and tellings.span_id = tries.call_id
    left join repeated on repeated.trace_id = tries.trace_id and repeated.call_id = tries.call_id
    -- Answered, and of no billed call: a gateway's own cache, or a call that lost-calls tells of.
    where not coalesce(tries.was_answered, false) or tellings.is_billed

),

wasted_attempts as (

    select
        *,
        case
            when was_answered then 'untold_attempt'
            when refusal in (408, 499, 504, 524) then 'timed_out_attempt'
            when refusal is not null then 'refused_attempt'
            -- Names of exceptions: of a host that was not found or let nobody in, then of statuses.
            when regexp_matches(error_type, 'ENOTFOUND|EAI_AGAIN|ECONNREFUSED') then 'refused_attempt'
            when is_request or regexp_matches(error_type, 'time.?out|cancel|abort|connection|ECONN', 'i')
                then 'timed_out_attempt'
            when regexp_matches(
                error_type,
                'RateLimit|Throttling|TooManyRequests|QuotaExceeded|Overloaded|BadRequest|Validation|Authentication'
                || '|AccessDenied|PermissionDenied|NotFound|Conflict|UnprocessableEntity|InternalServer|ServiceUnavailable'
            ) then 'refused_attempt'
            else 'untold_attempt'
        end as reason,
        case
            when reason <> 'refused_attempt' then 'unknown'
            when refusal = 400 and call_provider like 'azure%' then 'unknown'
            else 'measured'
        end as certainty
    from attempts
    where not coalesce(is_the_record, false)

),

-- Attempts of which only a number tells. A retry that has a record counts what came before that again.
stated_attempts as (

    select
        calls.trace_id,
        calls.span_id as record_id,
        calls.started_at,
        calls.retry_count
            - case
                when calls.retry_evidence = 'explicit' and repeats.repeats_another
                    then coalesce(repeats.previous_retry_count, 0) + 1
                else 0
            end
            - coalesce(seen.attempts, 0) as attempts
    from calls_in_window as calls
    left join (
        select
            *,
            coalesce(lag(is_superseded) over (
                partition by trace_id, parent_span_id, request_model order by started_at, span_id
            ), false) as repeats_another
        from in_order
        where record_kind = 'model'
    ) as repeats on repeats.trace_id = calls.trace_id and repeats.span_id = calls.span_id
    left join (
        select trace_id, record_id, count(*) as attempts
        from wasted_attempts
        group by trace_id, record_id
    ) as seen on seen.trace_id = calls.trace_id and seen.record_id = calls.span_id
    where calls.retry_count > 0

),

entries as (

    select
        trace_id,
        started_at,
        reason,
        case
            when cost_usd is null then 'unknown'
            when usage_quality <> 'measured' or usage_issue is not null then 'estimated'
            else 'measured'
        end as certainty,
        1 as attempts,
        input_tokens,
        output_tokens,
        cost_usd,
        usage_quality = 'missing' as is_usage_unknown,
        service, environment, release, feature, team, user_id, agent, tool, prompt_name, provider, model, operation, tags
    from wasted_records
    where reason is not null

    union all

    select
        told.trace_id,
        told.started_at,
        told.reason,
        told.certainty,
        told.attempts,
        null,
        null,
        case when told.certainty = 'measured' then 0 end,
        told.certainty = 'unknown',
        coalesce(records.service, spans.service),
        coalesce(records.environment, spans.environment),
        coalesce(records.release, spans.release),
        records.feature,
        records.team,
        records.user_id,
        coalesce(records.agent, spans.agent),
        records.tool,
        records.prompt_name,
        coalesce(records.provider, spans.provider),
        coalesce(
            records.response_model, records.request_model, spans.response_model, spans.request_model
        ),
        coalesce(records.operation, spans.operation),
        records.tags
    from (
        select trace_id, started_at, reason, certainty, 1 as attempts, record_id, coalesce(call_id, span_id) as span_id
        from wasted_attempts

        union all

        select trace_id, started_at, 'untold_attempt', 'unknown', attempts, record_id, record_id
        from stated_attempts
        where attempts > 0
    ) as told
    left join near_calls as records
        on records.trace_id = told.trace_id and records.span_id = told.record_id
    left join near_spans as spans
        on spans.trace_id = told.trace_id and spans.span_id = told.span_id
    where told.started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and told.started_at < coalesce(getvariable('until')::timestamp, 'infinity')
        and (
            getvariable('feature') is null
            or coalesce(records.feature, '(none)') = getvariable('feature')
        )

),

with_value as (

    select
        *,
        case
            when getvariable('dimension') is null then null
            when getvariable('dimension') = 'service' then service
            when getvariable('dimension') = 'environment' then environment
            when getvariable('dimension') = 'release' then release
            when getvariable('dimension') = 'feature' then feature
            when getvariable('dimension') = 'team' then team
            when getvariable('dimension') = 'user_id' then user_id
            when getvariable('dimension') = 'agent' then agent
            when getvariable('dimension') = 'tool' then tool
            when getvariable('dimension') = 'prompt_name' then prompt_name
            when getvariable('dimension') = 'provider' then provider
            when getvariable('dimension') = 'model' then model
            when getvariable('dimension') = 'operation' then operation
            when starts_with(getvariable('dimension'), 'tag:') then tags[substr(getvariable('dimension'), 5)]
            else error(
                'dimension takes service, environment, release, feature, team, user_id, agent, tool, '
                || 'prompt_name, provider, model, operation or tag:NAME, not "' || getvariable('dimension') || '"'
            )
        end as value
    from entries

)

select
    reason,
    certainty,
    value,
    sum(attempts)::bigint as attempts,
    count(distinct trace_id) as requests,
    sum(input_tokens)::bigint as input_tokens,
    sum(output_tokens)::bigint as output_tokens,
    sum(cost_usd) as cost_usd,
    coalesce(sum(with_value.attempts) filter (with_value.cost_usd is null), 0)::bigint as unpriced_calls,
    coalesce(sum(with_value.attempts) filter (is_usage_unknown), 0)::bigint as unknown_usage_calls,
    sum(with_value.cost_usd) / nullif((select sum(calls_in_window.cost_usd) from calls_in_window), 0) as share_of_cost,
    first(trace_id order by with_value.cost_usd desc nulls last, started_at desc, trace_id) as example_trace_id
from with_value
group by reason, certainty, value
order by cost_usd desc nulls last, attempts desc, reason, certainty, value nulls last;
