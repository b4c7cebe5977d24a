-- Writes the outcome.
insert into calls by name
select r.* exclude (span), l.label_set, t.trace_number
from settling_records r
left join settling_labels l on l.span = r.span
join settling_spans s on s.span = r.span
join settling_traces t on t.trace = s.trace;

-- Of spans that are what the view `spans` takes them for by themselves there is no row.
insert into span_roles
select
    t.trace_id, n.span_id, s.started_at,
    case
        when b.span is not null then 'billable'
        when c.wraps or g.winner <> s.span then 'rollup'
        else 'other'
    end as role,
    w.span_id as counted_as
from settling_spans s
join settling_numbers n on n.span = s.span
join settling_traces t on t.trace = s.trace
left join settling_steps b on b.span = s.span
left join settling_calls c on c.span = s.span
left join settling_groups g on g.span = s.span
left join settling_numbers w on w.span = g.winner and g.winner <> s.span
where (s.node = 'call') <> (b.span is not null);

insert into traces by name
select
    t.trace_id, t.trace_key, t.trace_number, t.first_started_at, t.last_started_at,
    count(*)::integer as spans,
    max(t.redelivered) + coalesce(max(r.redelivered), 0) as redelivered
from settling_traces t
join settling_spans s on s.trace = t.trace
left join (
    select trace_id, count(*)::integer as redelivered from settling_redelivered group by trace_id
) r on r.trace_id = t.trace_id
group by t.trace_id, t.trace_key, t.trace_number, t.first_started_at, t.last_started_at;

delete from dirty_traces where trace_id in (select trace_id from settling_traces);
