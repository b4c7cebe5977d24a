-- unpriced: calls whose price is not known, by model and reason.
--
-- Their cost is in no sum, and nothing is guessed here: `tokens_at_risk` says how much waits for a price, and
-- `reported_cost_usd` what the emitter itself says that it cost. A price for the model, in a contract file or by a
-- newer catalogue, moves them into the sums.
--
-- params   since                 timestamp       first record  first instant counted, UTC
--          until                 timestamp       last record   first instant not counted, UTC
-- reads    cost_records                                        one row per billable call
-- returns  provider              varchar
--          model                 varchar         as the provider answered, else as it was asked for
--          unpriced_reason       varchar
--          calls                 bigint
--          tokens_at_risk        bigint          input_tokens + output_tokens; null where no call tells either
--          input_tokens          bigint          of the calls that tell it, cached tokens included; null where none does
--          output_tokens         bigint          likewise, reasoning included
--          calls_without_tokens  bigint          calls that tell neither
--          reported_cost_usd     decimal(38,12)  exact; what the emitter says they cost, null where it says nothing
--          first_seen            timestamp
--          last_seen             timestamp
--          example_trace_id      varchar         of the last of them
-- order    tokens_at_risk, most first, unknown last; then calls, most first; then provider, model, unpriced_reason
with

unpriced_calls as (

    select *, coalesce(response_model, request_model) as model
    from cost_records
    where cost_usd is null
        and started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')

)

select
    provider,
    model,
    unpriced_reason,
    count(*) as calls,
    sum(case
        when input_tokens is not null or output_tokens is not null
            then coalesce(input_tokens, 0) + coalesce(output_tokens, 0)
    end)::bigint as tokens_at_risk,
    sum(input_tokens)::bigint as input_tokens,
    sum(output_tokens)::bigint as output_tokens,
    count(*) filter (input_tokens is null and output_tokens is null) as calls_without_tokens,
    sum(reported_cost_usd) as reported_cost_usd,
    min(started_at) as first_seen,
    max(started_at) as last_seen,
    max({started_at: started_at, trace_id: trace_id}).trace_id as example_trace_id
from unpriced_calls
group by provider, model, unpriced_reason
order by tokens_at_risk desc nulls last, calls desc, provider nulls last, model nulls last, unpriced_reason nulls last;
