-- explain-cells: everything that `spancost explain` looks for causes in, one row per set of labels and period.
--
-- Nothing is scaled here. A billed attempt that failed is superseded by the next record under the same parent
-- span for the same model: see retry-waste. `step` is loop_iteration less the superseded attempts before it, so
-- that repeated attempts do not look like a longer loop.
-- The baseline is chosen as in the spike queries, see spike-by-feature, or by `baseline_days`.
--
-- params   since                 timestamp       required         first instant of the window, UTC
--          until                 timestamp       required         first instant after the window, UTC
--          baseline_since        timestamp       the days before  first instant of the baseline, UTC
--          baseline_until        timestamp       since            first instant after the baseline, UTC
--          baseline_days         varchar         1,2,3,4,5,6,7    how many lengths of the window, in whole days, the periods of the baseline lie back
--          ordinals              varchar         none             which of retry_count, loop_depth and agent_depth are told apart
--          feature               varchar         all              only calls of this feature; '(none)' for those without; likewise the rest
--          release               varchar         all
--          model                 varchar         all              as the provider answered, else as it was asked for; of a use of a tool its name
--          service               varchar         all
--          environment           varchar         all
--          team                  varchar         all
--          user_id               varchar         all
--          conversation_id       varchar         all
--          region                varchar         all
--          agent                 varchar         all
--          tool                  varchar         all
--          provider              varchar         all
--          prompt_name           varchar         all
--          prompt_version        varchar         all
--          operation             varchar         all
--          retry_count           varchar         all
--          loop_depth            varchar         all              1, 2, 3-4, 5-8, 9-16 or 17+; uses of tools have none
--          agent_depth           varchar         all
--          tag                   varchar         all              name=value of a tag; name=(none) for calls without it
-- reads    cost_records                                           one row per billable call
-- returns  period                bigint          0 is the window, n the nth length of it before; a baseline that was named is 1
--          feature               varchar         null where calls have none; likewise the rest
--          release               varchar
--          model                 varchar
--          service               varchar
--          environment           varchar
--          team                  varchar
--          user_id               varchar         '(other)' for those below 1 % of the cost of each period
--          conversation_id       varchar         '(other)' for those below 2 % of the cost of each period
--          region                varchar
--          agent                 varchar
--          tool                  varchar
--          provider              varchar
--          prompt_name           varchar
--          prompt_version        varchar
--          operation             varchar
--          retry_count           varchar         null unless asked for in `ordinals`; likewise the next two
--          loop_depth            varchar
--          agent_depth           varchar
--          tags                  varchar[]       "name=value" of the tags that split the window's cost; '(other)' for values below 1 %
--          service_tier          varchar
--          step                  varchar         place in the agent run without repeated attempts: 1, 2, 3-4, 5-8, 9-16, 17+; of uses of tools 'tool'
--          calls                 bigint          priced ones
--          logical_calls         bigint          priced ones that no later attempt supersedes
--          unpriced_calls        bigint          in none of the other figures
--          unknown_usage_calls   bigint          of both, those without any tokens told
--          uncached_tokens       bigint          input neither read from a cache nor written to one; not below 0
--          cache_read_tokens     bigint
--          cache_write_tokens    bigint
--          output_tokens         bigint          reasoning included
--          input_cost_usd        decimal(38,12)  exact; of the uncached tokens
--          cache_read_cost_usd   decimal(38,12)  exact
--          cache_write_cost_usd  decimal(38,12)  exact
--          output_cost_usd       decimal(38,12)  exact
--          other_cost_usd        decimal(38,12)  exact; what is left of the cost of the calls
-- order    period, then the labels in their order
with

-- The periods of the baseline follow each other at steps of whole days, so that a number says which it is.
placed as not materialized (

    select
        *,
        case
            when started_at >= getvariable('since')::timestamp and started_at < getvariable('until')::timestamp then 0
            when getvariable('baseline_since') is not null then
                case
                    when started_at >= getvariable('baseline_since')::timestamp
                        and started_at < coalesce(getvariable('baseline_until'), getvariable('since'))::timestamp
                        then 1
                end
            when started_at < getvariable('since')::timestamp then
                (epoch_us(getvariable('since')::timestamp) - epoch_us(started_at) - 1)
                // (86400000000 * ceil(epoch(
                    getvariable('until')::timestamp - getvariable('since')::timestamp
                ) / 86400)::bigint) + 1
        end as nth,
        case
            when nth = 0 or getvariable('baseline_since') is not null then nth
            when list_contains(
                    string_split(coalesce(getvariable('baseline_days'), '1,2,3,4,5,6,7'), ',')::bigint[], nth
                )
                and epoch_us(started_at) < epoch_us(getvariable('until')::timestamp)
                - nth * 86400000000 * ceil(epoch(
                    getvariable('until')::timestamp - getvariable('since')::timestamp
                ) / 86400)::bigint
                then nth
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

),

asked_for as not materialized (

    select *, cost_usd is not null as is_priced
    from placed
    where period is not null
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
            or coalesce(tags[split_part(getvariable('tag'), '=', 1)], '(none)')
            = substr(getvariable('tag'), strpos(getvariable('tag'), '=') + 1)
        )

),

bills as (

    select period, sum(cost_usd)::double as cost_usd
    from asked_for
    group by period

),

-- Whoever was a hundredth of the cost of any period has a name here, the others share one.
dear_users as (

    select spent.user_id
    from (
        select period, user_id, sum(cost_usd)::double as cost_usd
        from asked_for
        where user_id is not null
        group by period, user_id
    ) as spent
    join bills on bills.period = spent.period
    where spent.cost_usd >= 0.01 * bills.cost_usd
    group by spent.user_id
    order by max(spent.cost_usd / bills.cost_usd) desc, spent.user_id
    limit 60

),

dear_conversations as (

    select spent.conversation_id
    from (
        select period, conversation_id, sum(cost_usd)::double as cost_usd
        from asked_for
        where conversation_id is not null
        group by period, conversation_id
    ) as spent
    join bills on bills.period = spent.period
    where spent.cost_usd >= 0.02 * bills.cost_usd
    group by spent.conversation_id
    order by max(spent.cost_usd / bills.cost_usd) desc, spent.conversation_id
    limit 20

),

tag_values as (

    select tag.key as name, tag.value as value, sum(cost_usd) as cost_usd
    from (
        select unnest(map_entries(tags)) as tag, cost_usd
        from asked_for
        where period = 0 and tags is not null
    )
    group by all
    having sum(cost_usd)::double >= 0.01 * (select cost_usd from bills where period = 0)

),

-- Tags with one value for everything, or with a value of its own for each call, split nothing.
splitting_tags as (

    select list(name order by cost_usd desc, name)[:4] as names
    from (
        select name, sum(cost_usd) as cost_usd
        from tag_values
        group by name
        having max(cost_usd)::double < 0.995 * (select cost_usd from bills where period = 0)
    )

),

dear_tags as (

    select list(name || '=' || value) as entries
    from tag_values

),

-- Traces in which an attempt may have been billed and repeated.
suspects as (

    select distinct period, trace_id
    from placed
    where period is not null and (status = 'error' or retry_evidence = 'explicit' and retry_count > 0)

),

in_order as (

    select
        calls.period,
        calls.trace_id,
        calls.span_id,
        calls.agent,
        calls.agent_depth,
        calls.started_at,
        calls.parent_span_id is not null
            and lead(calls.span_id) over same_call is not null
            and (
                calls.status = 'error'
                or (
                    calls.retry_evidence = 'explicit'
                    and lead(calls.retry_evidence) over same_call = 'explicit'
                    and lead(calls.retry_count) over same_call > calls.retry_count
                )
            ) as is_superseded
    from placed as calls
    semi join suspects
        on suspects.period = calls.period and suspects.trace_id = calls.trace_id
    where calls.record_kind = 'model'
    window same_call as (
        partition by calls.period, calls.trace_id, calls.parent_span_id, calls.request_model
        order by calls.started_at, calls.span_id
    )

),

repeats as (

    select
        period,
        trace_id,
        span_id,
        is_superseded,
        coalesce(sum(is_superseded::integer) over (
            partition by period, trace_id, agent, agent_depth
            order by started_at, span_id
            rows between unbounded preceding and 1 preceding
        ), 0) as superseded_before
    from in_order

),

labelled as not materialized (

    select
        calls.* exclude (user_id, conversation_id, tags, retry_count, loop_depth, agent_depth),
        case
            when calls.user_id is null or calls.user_id in (select user_id from dear_users) then calls.user_id
            else '(other)'
        end as user_id,
        case
            when calls.conversation_id is null
                or calls.conversation_id in (select conversation_id from dear_conversations)
                then calls.conversation_id
            else '(other)'
        end as conversation_id,
        case when calls.tags is not null then list_transform(
            splitting_tags.names,
            lambda name: case
                when calls.tags[name] is null then null
                when list_contains(dear_tags.entries, name || '=' || calls.tags[name])
                    then name || '=' || calls.tags[name]
                else name || '=(other)'
            end
        ) end as tags,
        case when contains(coalesce(getvariable('ordinals'), ''), 'retry_count')
            then calls.retry_count::varchar end as retry_count,
        case when contains(coalesce(getvariable('ordinals'), ''), 'loop_depth')
            then calls.loop_depth end as loop_depth,
        case when contains(coalesce(getvariable('ordinals'), ''), 'agent_depth')
            then calls.agent_depth::varchar end as agent_depth,
        greatest(1, calls.loop_iteration - coalesce(repeats.superseded_before, 0)) as iteration,
        case
            -- Uses of tools, which have no tokens, are a place by themselves: they must not thin out those of calls.
            when calls.record_kind = 'tool' then 'tool'
            when iteration <= 2 then iteration::varchar
            when iteration <= 4 then '3-4'
            when iteration <= 8 then '5-8'
            when iteration <= 16 then '9-16'
            else '17+'
        end as step,
        not coalesce(repeats.is_superseded, false) as is_logical
    from asked_for as calls
    cross join splitting_tags
    cross join dear_tags
    left join repeats
        on repeats.period = calls.period
        and repeats.trace_id = calls.trace_id
        and repeats.span_id = calls.span_id

)

select
    period,
    feature,
    release,
    model,
    service,
    environment,
    team,
    user_id,
    conversation_id,
    region,
    agent,
    tool,
    provider,
    prompt_name,
    prompt_version,
    operation,
    retry_count,
    loop_depth,
    agent_depth,
    tags,
    service_tier,
    step,
    count(*) filter (is_priced) as calls,
    count(*) filter (is_priced and is_logical) as logical_calls,
    count(*) filter (not is_priced) as unpriced_calls,
    count(*) filter (usage_quality = 'missing') as unknown_usage_calls,
    coalesce(sum(greatest(
        0, input_tokens - coalesce(cache_read_tokens, 0) - coalesce(cache_write_tokens, 0)
    )) filter (is_priced), 0)::bigint as uncached_tokens,
    coalesce(sum(cache_read_tokens) filter (is_priced), 0)::bigint as cache_read_tokens,
    coalesce(sum(cache_write_tokens) filter (is_priced), 0)::bigint as cache_write_tokens,
    coalesce(sum(output_tokens) filter (is_priced), 0)::bigint as output_tokens,
    coalesce(sum(input_cost_usd) filter (is_priced), 0) as input_cost_usd,
    coalesce(sum(cache_read_cost_usd) filter (is_priced), 0) as cache_read_cost_usd,
    coalesce(sum(cache_write_cost_usd) filter (is_priced), 0) as cache_write_cost_usd,
    coalesce(sum(output_cost_usd) filter (is_priced), 0) as output_cost_usd,
    coalesce(sum(cost_usd), 0) - coalesce(sum(input_cost_usd) filter (is_priced), 0)
        - coalesce(sum(cache_read_cost_usd) filter (is_priced), 0)
        - coalesce(sum(cache_write_cost_usd) filter (is_priced), 0)
        - coalesce(sum(output_cost_usd) filter (is_priced), 0) as other_cost_usd
from labelled
group by all
order by all;
