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
-- reads    asked_records                                records of window and baseline that the variables ask for: see README
-- returns  dimension        varchar                     the one or the other
--          value            varchar                     never null
--          share            double                      the largest share of a period's cost that it was
-- order    dimension; then share, largest first; then value
with

placed as not materialized (

    select *, period_of(started_at) as period
    from asked_records

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
        -- Compared, for a remainder is taken only after all columns of a record were read.
        and hash(started_at) <= 18446744073709551615 // coalesce(getvariable('one_of')::ubigint, 1)

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
