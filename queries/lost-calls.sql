-- lost-calls: answered requests to model APIs in traces that tell of no model call.
--
-- The provider billed them, and no cost record speaks of them: their instrumentation does not know the client's
-- version, or never ended the span of a stream. Where an exporter puts model calls into traces of their own, the
-- requests of calls that do count show here as well.
--
-- params   since             timestamp  first record  first instant counted, UTC
--          until             timestamp  last record   first instant not counted, UTC
-- reads    spans                                      one row per stored span
-- returns  service           varchar
--          emitter           varchar    instrumentation scope that told of the request
--          requests          bigint     answered with a status below 400
--          traces            bigint
--          first_seen        timestamp
--          last_seen         timestamp
--          example_trace_id  varchar    of the last of them
-- order    requests, most first; then service, emitter
with

traces_without_calls as (

    select trace_id
    from spans
    where started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')
    group by trace_id
    having not bool_or(node = 'call' or role = 'billable')

)

select
    service,
    emitter,
    count(*) as requests,
    count(distinct trace_id) as traces,
    min(started_at) as first_seen,
    max(started_at) as last_seen,
    max({started_at: started_at, trace_id: trace_id}).trace_id as example_trace_id
from spans
semi join traces_without_calls using (trace_id)
where model_request
    and http_status < 400
    and started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
    and started_at < coalesce(getvariable('until')::timestamp, 'infinity')
group by service, emitter
order by requests desc, service nulls last, emitter nulls last;
