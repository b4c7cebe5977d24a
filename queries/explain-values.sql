-- explain-values: the values of a dimension, or of two, that are dear enough to be told by name.
--
-- Those that were a hundredth of the cost of any period, of the window or of its baseline, and at most 60;
-- conversations, of which there are many more, a fiftieth and 20. `spancost explain` gives all others one name, where
-- there are too many to look at each.
-- Calls without a price count for nothing: they cost what nobody knows.
--
-- params   since            timestamp  required         first instant of the window, UTC
--          until            timestamp  required         first instant after the window, UTC
--          baseline_since   timestamp  the days before  first instant of the baseline, UTC
--          baseline_until   timestamp  since            first instant after the baseline, UTC
--          baseline_days    varchar    1,2,3,4,5,6,7    how many lengths of the window, in whole days, the periods of the baseline lie back
--          dimension        varchar    required         feature, release, user_id and the like: whose values
--          other_dimension  varchar    none             the same of another one
--          one_of           varchar    1                only one of so many calls is looked at: shares are about right then
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
-- reads    cost_records                                 one row per billable call
-- returns  dimension        varchar                     the one or the other
--          value            varchar                     never null
--          share            double                      the largest share of a period's cost that it was
-- order    dimension; then share, largest first; then value
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
    from cost_records
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
        and (getvariable('one_of') is null or hash(started_at) % getvariable('one_of')::ubigint = 0)

),

asked_for as not materialized (

    select
        period,
        cost_usd,
        case getvariable('dimension')
            when 'feature' then feature
            when 'release' then release
            when 'model' then model
            when 'service' then service
            when 'environment' then environment
            when 'team' then team
            when 'user_id' then user_id
            when 'conversation_id' then conversation_id
            when 'region' then region
            when 'agent' then agent
            when 'tool' then tool
            when 'provider' then provider
            when 'prompt_name' then prompt_name
            when 'prompt_version' then prompt_version
            when 'operation' then operation
        end as value,
        case getvariable('other_dimension')
            when 'feature' then feature
            when 'release' then release
            when 'model' then model
            when 'service' then service
            when 'environment' then environment
            when 'team' then team
            when 'user_id' then user_id
            when 'conversation_id' then conversation_id
            when 'region' then region
            when 'agent' then agent
            when 'tool' then tool
            when 'provider' then provider
            when 'prompt_name' then prompt_name
            when 'prompt_version' then prompt_version
            when 'operation' then operation
        end as other_value
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

spent as (

    select
        period,
        (case when grouping(value) = 0 then getvariable('dimension') else getvariable('other_dimension') end)::varchar
            as dimension,
        coalesce(value, other_value) as value,
        sum(cost_usd)::double as cost_usd
    from asked_for
    group by grouping sets ((period, value), (period, other_value))

),

bills as (

    select
        dimension,
        period,
        sum(cost_usd) as cost_usd
    from spent
    group by dimension, period

)

select
    spent.dimension,
    spent.value,
    max(spent.cost_usd / bills.cost_usd) as share
from spent
join bills on bills.dimension = spent.dimension and bills.period = spent.period
where spent.value is not null
    and bills.cost_usd > 0
    and spent.cost_usd >= bills.cost_usd * case when spent.dimension = 'conversation_id' then 0.02 else 0.01 end
group by spent.dimension, spent.value
qualify row_number() over (partition by spent.dimension order by max(spent.cost_usd / bills.cost_usd) desc, spent.value)
    <= case when spent.dimension = 'conversation_id' then 20 else 60 end
order by spent.dimension, share desc, spent.value;
