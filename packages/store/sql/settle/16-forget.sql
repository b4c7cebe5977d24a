-- What the last settling of these traces had found. Records of before the first span that is left of a trace stay: the
-- spans that they were made of are expired.
delete from calls
using (
    select t.trace_id, min(s.started_at) as first_started_at
    from settling_traces t
    join settling_spans s on s.trace = t.trace
    where t.settled_before
    group by t.trace_id
) left_of_trace
where calls.trace_id = left_of_trace.trace_id
    and calls.started_at >= left_of_trace.first_started_at
    and calls.started_at between getvariable('settle_from') and getvariable('settle_until');

delete from span_roles
where started_at between getvariable('settle_from') and getvariable('settle_until')
    and trace_id in (select trace_id from settling_traces where settled_before);

delete from traces
where first_started_at between getvariable('settle_from') and getvariable('settle_until')
    and trace_id in (select trace_id from settling_traces where settled_before);
