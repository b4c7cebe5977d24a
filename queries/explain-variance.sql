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
-- reads    labelled_records                             cost_records, each with the number of its labels
--          label_sets                                   what labels that number stands for
-- returns  feature          varchar
--          environment      varchar
--          service          varchar                     of calls without a feature, else null
--          variance         double                      of the cost of a period, in USD squared; null with fewer than two periods of a baseline
--          request_squares  double                      of each request the square of its cost in USD, summed over window and baseline
--          call_squares     double                      the same of each call
-- order    feature, environment, service
with

placed as not materialized (

    select
        *,
        string_split(coalesce(getvariable('baseline_days'), '1,2,3,4,5,6,7'), ',')::bigint[] as days,
        to_days(ceil(epoch(
            getvariable('until')::timestamp - getvariable('since')::timestamp
        ) / 86400)::integer) as days_apart,
        epoch_us(getvariable('until')::timestamp) - 1 - epoch_us(started_at) as before_end,
        epoch_us(getvariable('until')::timestamp) - epoch_us(getvariable('since')::timestamp) as window_us,
        -- How many steps of whole days before the window: 0 is the window itself. Seven comparisons, all that there are
        -- as a rule, take a fourth of the time of a division.
        case
            when getvariable('baseline_since') is not null then
                case
                    when started_at >= getvariable('since')::timestamp
                        and started_at < getvariable('until')::timestamp then 0
                    when started_at >= getvariable('baseline_since')::timestamp
                        and started_at < coalesce(getvariable('baseline_until'), getvariable('since'))::timestamp
                        then 1
                end
            when started_at >= getvariable('since')::timestamp
                and started_at < getvariable('until')::timestamp then 0
            when started_at >= getvariable('since')::timestamp - days[1] * days_apart
                and started_at < getvariable('until')::timestamp - days[1] * days_apart then days[1]
            when started_at >= getvariable('since')::timestamp - days[2] * days_apart
                and started_at < getvariable('until')::timestamp - days[2] * days_apart then days[2]
            when started_at >= getvariable('since')::timestamp - days[3] * days_apart
                and started_at < getvariable('until')::timestamp - days[3] * days_apart then days[3]
            when started_at >= getvariable('since')::timestamp - days[4] * days_apart
                and started_at < getvariable('until')::timestamp - days[4] * days_apart then days[4]
            when started_at >= getvariable('since')::timestamp - days[5] * days_apart
                and started_at < getvariable('until')::timestamp - days[5] * days_apart then days[5]
            when started_at >= getvariable('since')::timestamp - days[6] * days_apart
                and started_at < getvariable('until')::timestamp - days[6] * days_apart then days[6]
            when started_at >= getvariable('since')::timestamp - days[7] * days_apart
                and started_at < getvariable('until')::timestamp - days[7] * days_apart then days[7]
            when len(days) > 7
                and list_contains(days, before_end // epoch_us(days_apart))
                and before_end % epoch_us(days_apart) < window_us
                then before_end // epoch_us(days_apart)
        end as period,
        coalesce(response_model, request_model, case when record_kind = 'tool' then tool end) as model,
        case
            when loop_iteration <= 2 then loop_iteration::varchar
            when loop_iteration <= 4 then '3-4'
            when loop_iteration <= 8 then '5-8'
            when loop_iteration <= 16 then '9-16'
            when loop_iteration > 16 then '17+'
        end as loop_depth
    from labelled_records
    -- Constants once the variables are set: the scan then skips what lies outside.
    where started_at >= case
            when getvariable('baseline_since') is not null
                then least(getvariable('since')::timestamp, getvariable('baseline_since')::timestamp)
            else getvariable('since')::timestamp
                - list_max(string_split(coalesce(getvariable('baseline_days'), '7'), ',')::integer[])
                * to_days(ceil(epoch(
                    getvariable('until')::timestamp - getvariable('since')::timestamp
                ) / 86400)::integer)
        end
        and started_at < greatest(getvariable('until')::timestamp, getvariable('baseline_until')::timestamp)
        and hash(coalesce(user_id, trace_id)) % coalesce(getvariable('one_of')::ubigint, 1) = 0

),

asked_for as not materialized (

    select period, trace_number, user_id, cost_usd, labels_number
    from placed
    where period is not null
        and cost_usd is not null
        and (getvariable('feature') is null or coalesce(feature, '(none)') = getvariable('feature'))
        and (getvariable('release') is null or coalesce(release, '(none)') = getvariable('release'))
        and (getvariable('model') is null or coalesce(model, '(none)') = getvariable('model'))
        and (getvariable('service') is null or coalesce(service, '(none)') = getvariable('service'))
        and (getvariable('environment') is null or coalesce(environment, '(none)') = getvariable('environment'))
        and (getvariable('team') is null or coalesce(team, '(none)') = getvariable('team'))
        and (getvariable('user_id') is null or coalesce(user_id, '(none)') = getvariable('user_id'))
        and (getvariable('conversation_id') is null or coalesce(conversation_id, '(none)') = getvariable('conversation_id'))
        and (getvariable('region') is null or coalesce(region, '(none)') = getvariable('region'))
        and (getvariable('agent') is null or coalesce(agent, '(none)') = getvariable('agent'))
        and (getvariable('tool') is null or coalesce(tool, '(none)') = getvariable('tool'))
        and (getvariable('provider') is null or coalesce(provider, '(none)') = getvariable('provider'))
        and (getvariable('prompt_name') is null or coalesce(prompt_name, '(none)') = getvariable('prompt_name'))
        and (getvariable('prompt_version') is null or coalesce(prompt_version, '(none)') = getvariable('prompt_version'))
        and (getvariable('operation') is null or coalesce(operation, '(none)') = getvariable('operation'))
        and (getvariable('retry_count') is null or coalesce(retry_count::varchar, '(none)') = getvariable('retry_count')::varchar)
        and (getvariable('loop_depth') is null or coalesce(loop_depth, '(none)') = getvariable('loop_depth'))
        and (getvariable('agent_depth') is null or coalesce(agent_depth::varchar, '(none)') = getvariable('agent_depth')::varchar)
        and (
            getvariable('tag') is null
            or list_bool_and(list_transform(
                case
                    when starts_with(getvariable('tag'), '[') then json_extract_string(getvariable('tag'), '$[*]')
                    else [getvariable('tag')]
                end,
                lambda one: coalesce(tags[split_part(one, '=', 1)], '(none)') = substr(one, strpos(one, '=') + 1)
            ))
        )

),

labels as not materialized (

    select label_set as labels_number, feature, environment, service
    from label_sets

    union all

    -- Of calls that have no label set their own.
    select labels_number, feature, environment, service
    from placed
    where label_set is null

),

told as not materialized (

    select
        labels_number,
        case
            when json_array_length(getvariable('told'), '$.feature') = 0 then null
            when not coalesce(json_exists(getvariable('told'), '$.feature'), false) or feature is null
                or list_contains(json_extract_string(getvariable('told'), '$.feature[*]'), feature)
                then feature
            else '(other)'
        end as feature,
        case
            when json_array_length(getvariable('told'), '$.environment') = 0 then null
            when not coalesce(json_exists(getvariable('told'), '$.environment'), false) or environment is null
                or list_contains(json_extract_string(getvariable('told'), '$.environment[*]'), environment)
                then environment
            else '(other)'
        end as environment,
        case
            when json_array_length(getvariable('told'), '$.service') = 0 then null
            when not coalesce(json_exists(getvariable('told'), '$.service'), false) or service is null
                or list_contains(json_extract_string(getvariable('told'), '$.service[*]'), service)
                then service
            else '(other)'
        end as own_service
    from labels

),

contexts as not materialized (

    select labels_number, feature, environment, case when feature is null then own_service end as service
    from told

),

requests as (

    select
        period,
        feature,
        environment,
        service,
        min(user_id) as user_id,
        sum(cost_usd)::double as usd,
        sum(cost_usd::double * cost_usd::double) as call_squares
    from asked_for
    join contexts using (labels_number)
    group by period, feature, environment, service, trace_number

),

periods as (

    select count(distinct period) as count
    from requests
    where period > 0

),

users as (

    select
        feature,
        environment,
        service,
        user_id,
        period,
        sum(usd) as usd
    from requests
    where period > 0
        and user_id is not null
        and not coalesce(
            list_contains(json_extract_string(getvariable('told'), '$.user_id[*]'), user_id), false
        )
    group by feature, environment, service, user_id, period

),

parts as (

    select
        feature,
        environment,
        service,
        (sum(usd * usd) - sum(usd) * sum(usd) / any_value(periods.count)) / nullif(any_value(periods.count) - 1, 0)
            as variance,
        0 as request_squares,
        0 as call_squares
    from users
    cross join periods
    group by feature, environment, service, user_id

    union all

    select
        feature,
        environment,
        service,
        case when any_value(periods.count) > 1 then
            coalesce(sum(usd * usd) filter (period > 0 and user_id is null), 0) / any_value(periods.count)
        end as variance,
        sum(usd * usd) as request_squares,
        sum(call_squares) as call_squares
    from requests
    cross join periods
    group by feature, environment, service

)

select
    feature,
    environment,
    service,
    coalesce(getvariable('one_of')::bigint, 1) * sum(variance) as variance,
    coalesce(getvariable('one_of')::bigint, 1) * sum(request_squares) as request_squares,
    coalesce(getvariable('one_of')::bigint, 1) * sum(call_squares) as call_squares
from parts
group by feature, environment, service
order by feature nulls last, environment nulls last, service nulls last;
