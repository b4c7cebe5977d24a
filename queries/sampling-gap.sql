-- sampling-gap: what a Collector counted before it sampled, beside what is recorded.
--
-- With collector-config/counters.yaml a Collector counts calls to models and their tokens ahead of any sampler. Where
-- nothing is lost behind them, the two sides are equal. Counters begin with the Collector: the window has to hold all that they
-- count. Records of calls that do not name an operation of the conventions' are counted on one side only, and so are calls that two
-- instrumentations tell of; the Collector takes tokens as their emitter means them. Uses of tools are left out.
--
-- params   since                   timestamp  first record  first instant counted, UTC
--          until                   timestamp  last record   first instant not counted, UTC
--          counters                varchar    required      what the Collector answers at port 8889 under /metrics
-- reads    cost_records                                     one row per billable call
-- returns  service                 varchar                  as its resource names it; 'unknown' where it does not
--          model                   varchar                  as it was asked for; 'unknown' where the span does not say
--          counted_calls           bigint                   by the Collector; 0 where it saw none
--          recorded_calls          bigint                   here; 0 where there are none
--          missing_calls           bigint                   counted and not recorded; below 0: recorded and not counted
--          counted_input_tokens    bigint                   as emitters told them
--          recorded_input_tokens   bigint                   caches included
--          missing_input_tokens    bigint
--          counted_output_tokens   bigint                   as emitters told them
--          recorded_output_tokens  bigint                   reasoning included
--          missing_output_tokens   bigint
-- order    missing_calls, largest first either way; then service, model
with

-- A line of Prometheus text: spancost_collector_calls_total{gen_ai_request_model="gpt-5-mini",job="chat-api"} 1204
lines as (

    select unnest(case
        when contains(getvariable('counters'), 'spancost_collector_calls_total') then regexp_extract_all(
            getvariable('counters'), 'spancost_collector_(?:calls|input_tokens|output_tokens)_total\{[^\n]*?\}\s*[0-9.e+]+'
        )
        -- An answer that did not come is no count of 0.
        else error(
            'counters takes the answer of a Collector that has counted a call (spancost_collector_calls_total), not "'
            || regexp_replace(left(getvariable('counters'), 40), '["\s]+', ' ', 'g') || '"'
        )::varchar[]
    end) as line

),

counters as (

    select
        regexp_extract(line, '^spancost_collector_(\w+)_total', 1) as counter,
        regexp_extract(line, '[{,]job="((?:[^"\\]|\\.)*)"', 1) as service,
        regexp_extract(line, '[{,]gen_ai_request_model="((?:[^"\\]|\\.)*)"', 1) as model,
        regexp_extract(line, '([0-9.e+]+)$', 1)::double::bigint as value
    from lines

),

counted as (

    select
        service,
        model,
        sum(value) filter (counter = 'calls') as calls,
        sum(value) filter (counter = 'input_tokens') as input_tokens,
        sum(value) filter (counter = 'output_tokens') as output_tokens
    from counters
    group by service, model

),

recorded as (

    select
        coalesce(service, 'unknown') as service,
        coalesce(request_model, 'unknown') as model,
        count(*) as calls,
        sum(input_tokens) as input_tokens,
        sum(output_tokens) as output_tokens
    from cost_records
    where record_kind = 'model'
        and started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')
    group by all

)

select
    service,
    model,
    coalesce(counted.calls, 0)::bigint as counted_calls,
    coalesce(recorded.calls, 0) as recorded_calls,
    counted_calls - recorded_calls as missing_calls,
    coalesce(counted.input_tokens, 0)::bigint as counted_input_tokens,
    coalesce(recorded.input_tokens, 0)::bigint as recorded_input_tokens,
    counted_input_tokens - recorded_input_tokens as missing_input_tokens,
    coalesce(counted.output_tokens, 0)::bigint as counted_output_tokens,
    coalesce(recorded.output_tokens, 0)::bigint as recorded_output_tokens,
    counted_output_tokens - recorded_output_tokens as missing_output_tokens
from counted
full join recorded using (service, model)
order by abs(missing_calls) desc, service, model;
