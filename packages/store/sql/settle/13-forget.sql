-- What the last settling of these traces had found.
delete from calls
where started_at between getvariable('settle_from') and getvariable('settle_until')
    and trace_id in (select trace_id from settling_traces where settled_before);

delete from span_roles
where started_at between getvariable('settle_from') and getvariable('settle_until')
    and trace_id in (select trace_id from settling_traces where settled_before);

delete from traces
where first_started_at between getvariable('settle_from') and getvariable('settle_until')
    and trace_id in (select trace_id from settling_traces where settled_before);
