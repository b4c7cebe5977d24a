-- explain-windows: the window and each period of its baseline, with what their features cost.
--
-- `spancost explain` takes from it what it compares: days on which features cost alike.
-- Window and baseline are chosen as in the spike queries: see spike-by-feature.
--
-- params   since                timestamp       a day before until     first instant of the window, UTC
--          until                timestamp       after the last record  first instant after the window, UTC
--          baseline_since       timestamp       the 7 days before      first instant of the baseline, UTC
--          baseline_until       timestamp       since                  first instant after the baseline, UTC
--          baseline_days        varchar         1,2,3,4,5,6,7          how many lengths of the window, in whole days, the periods of the baseline lie back
--          feature              varchar         all                    only calls of this feature; '(none)' for those without; likewise the rest
--          release              varchar         all
--          model                varchar         all                    as the provider answered, else as it was asked for; of a use of a tool its name
--          service              varchar         all
--          environment          varchar         all
--          team                 varchar         all
--          user_id              varchar         all
--          conversation_id      varchar         all
--          region               varchar         all
--          agent                varchar         all
--          tool                 varchar         all
--          provider             varchar         all
--          prompt_name          varchar         all
--          prompt_version       varchar         all
--          operation            varchar         all
--          retry_count          varchar         all
--          loop_depth           varchar         all                    1, 2, 3-4, 5-8, 9-16 or 17+; uses of tools have none
--          agent_depth          varchar         all
--          tag                  varchar         all                    name=value of a tag, name=(none) for calls without it; of several a JSON list
-- reads    labelled_records                                            cost_records, each with the number of its labels
--          label_sets                                                  what labels that number stands for
-- returns  period               bigint          0 is the window, n the nth length of it before; a baseline that was named is 1
--          since                timestamp       its first instant, UTC
--          until                timestamp       first instant after it, UTC
--          feature              varchar         null for calls without one, and for a period without calls
--          calls                bigint          priced or not
--          cost_usd             decimal(38,12)  exact; priced calls only, null where calls have no price at all, 0 without calls
--          unpriced_calls       bigint          in calls, not in cost_usd
--          unknown_usage_calls  bigint          in calls, without any tokens told
--          first_call           timestamp       start of the first call of all that is stored, UTC
-- order    period: the window, then the baseline from its last period to its first; then feature
with

-- The window; without variables the last 24 hours that have records.
asked as (

    select
        coalesce(
            getvariable('until')::timestamp,
            date_trunc('minute', max(started_at)) + interval 1 minute
        ) as until,
        coalesce(getvariable('since')::timestamp, until - interval 1 day) as since,
        to_days(ceil(epoch(until - since) / 86400)::integer) as step,
        min(started_at) as first_call,
        date_trunc('hour', first_call) as first_hour
    from cost_records

),

periods as (

    select 0::bigint as period, since, until
    from asked

    union all

    select n, greatest(since - n * step, first_hour), until - n * step
    from asked
    cross join (
        select unnest(string_split(coalesce(getvariable('baseline_days'), '1,2,3,4,5,6,7'), ',')::bigint[]) as n
    )
    where getvariable('baseline_since') is null
        and until - n * step > first_hour

    union all

    select
        1,
        getvariable('baseline_since')::timestamp,
        coalesce(getvariable('baseline_until')::timestamp, since)
    from asked
    where getvariable('baseline_since') is not null

),

placed as not materialized (

    select
        calls.*,
        epoch_us(asked.until) - 1 - epoch_us(calls.started_at) as before_end,
        epoch_us(asked.until) - epoch_us(asked.since) as window_us,
        86400000000 * ceil(epoch(asked.until - asked.since) / 86400)::bigint as step_us,
        -- Whole days before the window are looked up at the end: there are few of them, and many calls.
        case
            when getvariable('baseline_since') is null then before_end // step_us
            when calls.started_at >= asked.since and calls.started_at < asked.until then 0
            when calls.started_at >= getvariable('baseline_since')::timestamp
                and calls.started_at < coalesce(getvariable('baseline_until')::timestamp, asked.since)
                then 1
        end as period,
        coalesce(
            calls.response_model, calls.request_model, case when calls.record_kind = 'tool' then calls.tool end
        ) as model,
        case
            when calls.loop_iteration <= 2 then calls.loop_iteration::varchar
            when calls.loop_iteration <= 4 then '3-4'
            when calls.loop_iteration <= 8 then '5-8'
            when calls.loop_iteration <= 16 then '9-16'
            when calls.loop_iteration > 16 then '17+'
        end as loop_depth
    from labelled_records as calls
    cross join asked
    -- Constants once the variables are set: the scan then skips what lies outside.
    where calls.started_at >= case
            when getvariable('since') is null or getvariable('until') is null then '-infinity'
            when getvariable('baseline_since') is not null
                then least(getvariable('since')::timestamp, getvariable('baseline_since')::timestamp)
            else getvariable('since')::timestamp
                - list_max(string_split(coalesce(getvariable('baseline_days'), '7'), ',')::integer[])
                * to_days(ceil(epoch(
                    getvariable('until')::timestamp - getvariable('since')::timestamp
                ) / 86400)::integer)
        end
        and calls.started_at < greatest(
            coalesce(getvariable('until')::timestamp, 'infinity'),
            case when getvariable('baseline_since') is not null then getvariable('baseline_until')::timestamp end
        )

),

labels as (

    select label_set as labels_number, feature
    from label_sets

    union all

    -- Of calls that have no label set their own.
    select labels_number, feature
    from placed
    where label_set is null

),

summed as (

    select
        period,
        labels_number,
        count(*) as calls,
        sum(cost_usd) as cost_usd,
        count(*) filter (cost_usd is null) as unpriced_calls,
        count(*) filter (usage_quality = 'missing') as unknown_usage_calls
    from placed
    where case
            when getvariable('baseline_since') is null then before_end - period * step_us < window_us
            else period is not null
        end
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
    group by period, labels_number

),

spent as (

    select
        period,
        feature,
        sum(calls)::bigint as calls,
        sum(cost_usd) as cost_usd,
        sum(unpriced_calls)::bigint as unpriced_calls,
        sum(unknown_usage_calls)::bigint as unknown_usage_calls
    from summed
    join labels using (labels_number)
    group by period, feature

)

select
    periods.period,
    periods.since,
    periods.until,
    spent.feature,
    coalesce(spent.calls, 0) as calls,
    case when spent.calls > 0 then spent.cost_usd else 0 end as cost_usd,
    coalesce(spent.unpriced_calls, 0) as unpriced_calls,
    coalesce(spent.unknown_usage_calls, 0) as unknown_usage_calls,
    asked.first_call
from periods
cross join asked
left join spent on spent.period = periods.period
where periods.since is not null
order by periods.period, spent.feature nulls last;
