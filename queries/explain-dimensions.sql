-- explain-dimensions: how many values each dimension has in a window, and which tags split its cost.
--
-- `spancost explain` asks it what it can look at value by value. Of tags it takes those four whose values account for the
-- most; those with one value for everything, or with a value of its own for each call, split nothing. Calls without a
-- price count for nothing in them.
--
-- params   since            timestamp  required  first instant of the window, UTC
--          until            timestamp  required  first instant after the window, UTC
--          one_of           varchar    1         only one of so many calls is looked at: what is dear is there too
--          feature          varchar    all       only calls of this feature; '(none)' for those without; likewise the rest
--          release          varchar    all
--          model            varchar    all       as the provider answered, else as it was asked for; of a use of a tool its name
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
--          loop_depth       varchar    all       1, 2, 3-4, 5-8, 9-16 or 17+; uses of tools have none
--          agent_depth      varchar    all
--          tag              varchar    all       name=value of a tag, name=(none) for calls without it; of several a JSON list
-- reads    asked_records                         records of window and baseline that the variables ask for: see README
--          record_labels                         what the numbers of their labels stand for
-- returns  dimension        varchar              such as release, or tag:plan
--          distinct_values  bigint               about how many the window has; of a tag those that are told
--          told_values      varchar[]            of a tag the values that are a hundredth of the window's cost, dearest first; else null
-- order    dimension; of tags the dearest first
with

asked_for as not materialized (

    select *
    from asked_records
    where started_at >= getvariable('since')::timestamp
        and started_at < getvariable('until')::timestamp
        and cost_usd is not null
        -- Compared, for a remainder is taken only after all columns of a record were read.
        and hash(started_at) <= 18446744073709551615 // coalesce(getvariable('one_of')::ubigint, 1)

),

spent as materialized (

    select record_labels.*, cost_usd
    from (select labels_number, sum(cost_usd) as cost_usd from asked_for group by labels_number)
    join record_labels using (labels_number)

),

counted as (

    select *
    from (
        select
            approx_count_distinct(feature) as feature,
            approx_count_distinct(release) as release,
            approx_count_distinct(model) as model,
            approx_count_distinct(service) as service,
            approx_count_distinct(environment) as environment,
            approx_count_distinct(team) as team,
            approx_count_distinct(region) as region,
            approx_count_distinct(agent) as agent,
            approx_count_distinct(tool) as tool,
            approx_count_distinct(provider) as provider,
            approx_count_distinct(prompt_name) as prompt_name,
            approx_count_distinct(prompt_version) as prompt_version,
            approx_count_distinct(operation) as operation
        from spent
    )
    cross join (
        select
            approx_count_distinct(user_id) as user_id,
            approx_count_distinct(conversation_id) as conversation_id
        from asked_for
    )

),

tag_values as (

    select tag.key as name, tag.value as value, sum(cost_usd)::double as cost_usd
    from (
        select unnest(map_entries(tags)) as tag, cost_usd
        from spent
        where tags is not null
    )
    group by name, value
    having sum(cost_usd)::double >= 0.01 * (select sum(cost_usd)::double from spent)

),

splitting_tags as (

    select
        'tag:' || name as dimension,
        count(*) as distinct_values,
        list(value order by cost_usd desc, value) as told_values,
        sum(cost_usd) as told_cost
    from tag_values
    group by name
    having max(cost_usd) < 0.995 * (select sum(cost_usd)::double from spent)
    order by told_cost desc, dimension
    limit 4

)

select
    dimension,
    distinct_values,
    told_values
from (
    select dimension, distinct_values, null::varchar[] as told_values, 0 as place
    from (unpivot counted on columns(*) into name dimension value distinct_values)

    union all

    select dimension, distinct_values, told_values, row_number() over (order by told_cost desc, dimension) as place
    from splitting_tags
)
order by place, dimension;
