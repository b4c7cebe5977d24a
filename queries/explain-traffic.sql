-- explain-traffic: requests with a priced call, in the window and in its baseline.
--
-- A trace is a request of a feature if one of its calls is; calls without a feature are told apart by their service.
-- Calls of the window and of each period are counted apart.
-- The baseline is chosen as in explain-cells.
--
-- params   since            timestamp  required         first instant of the window, UTC
--          until            timestamp  required         first instant after the window, UTC
--          baseline_since   timestamp  the days before  first instant of the baseline, UTC
--          baseline_until   timestamp  since            first instant after the baseline, UTC
--          baseline_days    varchar    1,2,3,4,5,6,7    how many lengths of the window, in whole days, the periods of the baseline lie back
--          told             varchar    all              JSON: by dimension the values that are told by name, others are '(other)'; in `tags` up to four of {name, values}
--          feature          varchar    all              only calls of this feature; '(none)' for those without; likewise the rest
--          release          varchar    all
--          model            varchar    all              as the provider answered, else as it was asked for; of a use of a tool its name
--          service          varchar    all
--          environment      varchar    all
--          team             varchar    all
--          user_id          varchar    all
--          conversation_id  varchar    all
--          region           varchar    all
--          agent            varchar    all
--          tool             varchar    all
--          provider         varchar    all
--          prompt_name      varchar    all
--          prompt_version   varchar    all
--          operation        varchar    all
--          retry_count      varchar    all
--          loop_depth       varchar    all              1, 2, 3-4, 5-8, 9-16 or 17+; uses of tools have none
--          agent_depth      varchar    all
--          tag              varchar    all              name=value of a tag, name=(none) for calls without it; of several a JSON list
-- reads    asked_records                                records of window and baseline that the variables ask for: see README
--          record_labels                                what the numbers of their labels stand for
-- returns  period           bigint                      0 is the window, n the nth length of it before; a baseline that was named is 1
--          feature          varchar
--          environment      varchar
--          service          varchar                     of calls without a feature, else null
--          requests         bigint                      not scaled to the length of the window
-- order    period, feature, environment, service
with

placed as not materialized (

    select *, period_of(started_at) as period
    from asked_records

),

asked_for as not materialized (

    select period, trace_number, labels_number
    from placed
    where period is not null
        and cost_usd is not null

),

told as not materialized (

    select
        labels_number,
        told_as('feature', feature) as feature,
        told_as('environment', environment) as environment,
        told_as('service', service) as own_service
    from record_labels

),

contexts as not materialized (

    select
        labels_number,
        feature,
        environment,
        case when feature is null then own_service end as service,
        hash(feature, environment, service) as context
    from told

),

-- A bit for each trace: bits of the same trace fall into one, which takes a fourth of the time of looking traces up.
blocks as (

    select
        period,
        context,
        bit_count(bitstring_agg(trace_number & 1023, 0, 1023)) as requests
    from asked_for
    join contexts using (labels_number)
    group by period, context, trace_number >> 10

),

counted as (

    select period, context, sum(requests)::bigint as requests
    from blocks
    group by period, context

)

select
    period,
    feature,
    environment,
    service,
    requests
from counted
join (select distinct context, feature, environment, service from contexts) using (context)
order by period, feature nulls last, environment nulls last, service nulls last;
