-- explain-variance: how much the cost of each feature, or of a service's calls without one, varies by chance.
--
-- By users, who come or do not, and ask for more or less. They are taken to be independent, so the variance is the sum of
-- what each of them varies by from one period of the baseline to the next; requests without a user count as one each.
-- Users who are told by name are left out: what they do can be seen.
-- The baseline is chosen as in explain-cells.
--
-- params   since            timestamp  required         first instant of the window, UTC
--          until            timestamp  required         first instant after the window, UTC
--          baseline_since   timestamp  the days before  first instant of the baseline, UTC
--          baseline_until   timestamp  since            first instant after the baseline, UTC
--          baseline_days    varchar    1,2,3,4,5,6,7    how many lengths of the window, in whole days, the periods of the baseline lie back
--          told             varchar    all              JSON: by dimension the values that are told by name, others are '(other)'; in `tags` up to four of {name, values}
--          one_of           varchar    1                only one of so many users, and of the requests without one, is looked at; sums stand for all
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
-- returns  feature          varchar
--          environment      varchar
--          service          varchar                     of calls without a feature, else null
--          variance         double                      of the cost of a period, in USD squared; null with fewer than two periods of a baseline
--          request_squares  double                      of each request the square of its cost in USD, summed over window and baseline
--          call_squares     double                      the same of each call
-- order    feature, environment, service
with

placed as not materialized (

    select *, period_of(started_at) as period
    from asked_records

),

asked_for as not materialized (

    select period, trace_number, user_id, cost_usd, labels_number
    from placed
    where period is not null
        and cost_usd is not null
        -- A trace's number is read in a fraction of the time of its id.
        and case when user_id is null then hash(trace_number) else hash(user_id) end
            <= 18446744073709551615 // coalesce(getvariable('one_of')::ubigint, 1)

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

requests as (

    select
        period,
        context,
        min(user_id) as user_id,
        sum(cost_usd)::double as usd,
        sum(cost_usd::double * cost_usd::double) as call_squares
    from asked_for
    join contexts using (labels_number)
    group by period, context, trace_number

),

periods as (

    select count(distinct period) as count
    from requests
    where period > 0

),

users as (

    select
        context,
        user_id,
        period,
        sum(usd) as usd
    from requests
    where period > 0
        and user_id is not null
        and not coalesce(
            list_contains(json_extract_string(getvariable('told'), '$.user_id[*]'), user_id), false
        )
    group by context, user_id, period

),

parts as (

    select
        context,
        (sum(usd * usd) - sum(usd) * sum(usd) / any_value(periods.count)) / nullif(any_value(periods.count) - 1, 0)
            as variance,
        0 as request_squares,
        0 as call_squares
    from users
    cross join periods
    group by context, user_id

    union all

    select
        context,
        case when any_value(periods.count) > 1 then
            coalesce(sum(usd * usd) filter (period > 0 and user_id is null), 0) / any_value(periods.count)
        end as variance,
        sum(usd * usd) as request_squares,
        sum(call_squares) as call_squares
    from requests
    cross join periods
    group by context

)

select
    feature,
    environment,
    service,
    coalesce(getvariable('one_of')::bigint, 1) * sum(variance) as variance,
    coalesce(getvariable('one_of')::bigint, 1) * sum(request_squares) as request_squares,
    coalesce(getvariable('one_of')::bigint, 1) * sum(call_squares) as call_squares
from parts
join (select distinct context, feature, environment, service from contexts) using (context)
group by feature, environment, service
order by feature nulls last, environment nulls last, service nulls last;
