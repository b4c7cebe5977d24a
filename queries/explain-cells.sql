-- explain-cells: everything that `spancost explain` looks for causes in, one row per set of labels.
--
-- Nothing is scaled here. A billed attempt that failed is superseded by the next record under the same parent
-- span for the same model: see retry-waste. `step` is loop_step, which is loop_iteration less the superseded attempts
-- before it, so that repeated attempts do not look like a longer loop.
-- The baseline is chosen as in the spike queries, see spike-by-feature, or by `baseline_days`.
--
-- `counts` holds for each period that has calls: its number (0 is the window, n the nth length of it before; a
-- baseline that was named is 1); calls; those that no later attempt supersedes; tokens of input that were neither read
-- from a cache nor written to one, of cache reads, of cache writes, of output; the squared costs of the calls in USD, summed. `costs` holds for each of these
-- periods its number, the cost of the four kinds of tokens, and what is left of the cost.
--
-- params   since                timestamp       required         first instant of the window, UTC
--          until                timestamp       required         first instant after the window, UTC
--          baseline_since       timestamp       the days before  first instant of the baseline, UTC
--          baseline_until       timestamp       since            first instant after the baseline, UTC
--          baseline_days        varchar         1,2,3,4,5,6,7    how many lengths of the window, in whole days, the periods of the baseline lie back
--          ordinals             varchar         none             which of retry_count, loop_depth and agent_depth are told apart
--          told                 varchar         all              JSON: by dimension the values that are told by name, others are '(other)'; in `tags` up to four of {name, values}
--          feature              varchar         all              only calls of this feature; '(none)' for those without; likewise the rest
--          release              varchar         all
--          model                varchar         all              as the provider answered, else as it was asked for; of a use of a tool its name
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
--          loop_depth           varchar         all              1, 2, 3-4, 5-8, 9-16 or 17+; uses of tools have none
--          agent_depth          varchar         all
--          tag                  varchar         all              name=value of a tag, name=(none) for calls without it; of several a JSON list
-- reads    asked_records                                         records of window and baseline that the variables ask for: see README
--          record_labels                                         what the numbers of their labels stand for
-- returns  feature              varchar                          null where calls have none; likewise the rest
--          release              varchar
--          model                varchar
--          service              varchar
--          environment          varchar
--          team                 varchar
--          user_id              varchar
--          conversation_id      varchar
--          region               varchar
--          agent                varchar
--          tool                 varchar
--          provider             varchar
--          prompt_name          varchar
--          prompt_version       varchar
--          operation            varchar
--          retry_count          varchar                          null unless asked for in `ordinals`; likewise the next two
--          loop_depth           varchar
--          agent_depth          varchar
--          service_tier         varchar
--          tag_1                varchar                          value of the first tag in `told`; likewise the next three
--          tag_2                varchar
--          tag_3                varchar
--          tag_4                varchar
--          step                 varchar                          place in the agent run without repeated attempts: 1, 2, 3-4, 5-8, 9-16, 17+; of uses of tools 'tool'
--          calls                bigint                           priced ones, of window and baseline together
--          unpriced_calls       bigint                           in none of the other figures; they have rows of their own
--          unknown_usage_calls  bigint                           of both, those without any tokens told
--          cost_usd             decimal(38,12)                   exact; null where calls have no price
--          counts               double[]                         eight numbers for each period: see above
--          costs                hugeint[]                        six numbers for each period, in pico-dollars
-- order    the labels in their order; then calls
with

placed as not materialized (

    select *, period_of(started_at) as period
    from asked_records

),

asked_for as not materialized (

    select *
    from placed
    where period is not null

),

told as not materialized (

    select
        labels_number,
        told_as('feature', feature) as feature,
        told_as('release', release) as release,
        told_as('model', model) as model,
        told_as('service', service) as service,
        told_as('environment', environment) as environment,
        told_as('team', team) as team,
        told_as('region', region) as region,
        told_as('agent', agent) as agent,
        told_as('tool', tool) as tool,
        told_as('provider', provider) as provider,
        told_as('prompt_name', prompt_name) as prompt_name,
        told_as('prompt_version', prompt_version) as prompt_version,
        told_as('operation', operation) as operation,
        told_tag(0, tags) as tag_1,
        told_tag(1, tags) as tag_2,
        told_tag(2, tags) as tag_3,
        told_tag(3, tags) as tag_4,
        service_tier
    from record_labels

),

numbered as not materialized (

    select
        *,
        hash(
            feature, release, model, service, environment, team, region, agent, tool, provider,
            prompt_name, prompt_version, operation, service_tier, tag_1, tag_2, tag_3, tag_4
        ) as tuple
    from told

),

labelled as not materialized (

    select
        calls.period,
        numbered.tuple,
        calls.cost_usd is not null as is_priced,
        told_as('user_id', user_id) as user_id,
        told_as('conversation_id', conversation_id) as conversation_id,
        case when contains(coalesce(getvariable('ordinals'), ''), 'retry_count')
            then calls.retry_count end as retry_count,
        case when contains(coalesce(getvariable('ordinals'), ''), 'loop_depth')
            then case
                when calls.loop_iteration <= 2 then calls.loop_iteration
                when calls.loop_iteration <= 4 then 3
                when calls.loop_iteration <= 8 then 4
                when calls.loop_iteration <= 16 then 5
                when calls.loop_iteration > 16 then 6
            end
        end as loop_depth,
        case when contains(coalesce(getvariable('ordinals'), ''), 'agent_depth')
            then calls.agent_depth end as agent_depth,
        case
            -- Uses of tools, which have no tokens, are a place by themselves: they must not thin out those of calls.
            -- Numbers are grouped faster than texts: see the end.
            when calls.record_kind = 'tool' then 0
            when calls.loop_step <= 1 then 1
            when calls.loop_step <= 2 then 2
            when calls.loop_step <= 4 then 3
            when calls.loop_step <= 8 then 4
            when calls.loop_step <= 16 then 5
            else 6
        end::tinyint as step,
        not calls.superseded as is_logical,
        calls.usage_quality,
        calls.input_tokens,
        calls.cache_read_tokens,
        calls.cache_write_tokens,
        calls.output_tokens,
        calls.input_cost_usd,
        calls.cache_read_cost_usd,
        calls.cache_write_cost_usd,
        calls.output_cost_usd,
        calls.cost_usd
    from asked_for as calls
    join numbered using (labels_number)

),

counted as (

    select
        period,
        tuple,
        user_id,
        conversation_id,
        retry_count,
        loop_depth,
        agent_depth,
        step,
        is_priced,
        count(*) as calls,
        count(*) filter (is_logical) as logical_calls,
        count(*) filter (usage_quality = 'missing') as unknown_usage_calls,
        sum(greatest(
            0, input_tokens - coalesce(cache_read_tokens, 0) - coalesce(cache_write_tokens, 0)
        )) as uncached_tokens,
        sum(cache_read_tokens) as cache_read_tokens,
        sum(cache_write_tokens) as cache_write_tokens,
        sum(output_tokens) as output_tokens,
        sum(cost_usd::double * cost_usd::double) as squares,
        sum(input_cost_usd) as input_cost_usd,
        sum(cache_read_cost_usd) as cache_read_cost_usd,
        sum(cache_write_cost_usd) as cache_write_cost_usd,
        sum(output_cost_usd) as output_cost_usd,
        sum(cost_usd) as cost_usd
    from labelled
    group by period, tuple, user_id, conversation_id, retry_count, loop_depth, agent_depth, step, is_priced

),

summed as (

    select
        tuple,
        user_id,
        conversation_id,
        retry_count,
        loop_depth,
        agent_depth,
        step,
        coalesce(sum(calls) filter (is_priced), 0)::bigint as calls,
        coalesce(sum(calls) filter (not is_priced), 0)::bigint as unpriced_calls,
        sum(unknown_usage_calls)::bigint as unknown_usage_calls,
        sum(cost_usd) as cost_usd,
        flatten(list_sort(list(
            [
                period::double,
                calls::double,
                logical_calls::double,
                coalesce(uncached_tokens, 0)::double,
                coalesce(cache_read_tokens, 0)::double,
                coalesce(cache_write_tokens, 0)::double,
                coalesce(output_tokens, 0)::double,
                coalesce(squares, 0)
            ]
        ))) as counts,
        -- What is below 1,000 USD is a whole number of picos in a double too, which is faster.
        flatten(list_sort(list(
            [
                period::hugeint,
                case
                    when abs(input_usd) < 1000 then round(input_usd::double * 1e12)::hugeint
                    else (input_usd * 1000000000000::decimal(13, 0))::hugeint
                end,
                case
                    when abs(cache_read_usd) < 1000 then round(cache_read_usd::double * 1e12)::hugeint
                    else (cache_read_usd * 1000000000000::decimal(13, 0))::hugeint
                end,
                case
                    when abs(cache_write_usd) < 1000 then round(cache_write_usd::double * 1e12)::hugeint
                    else (cache_write_usd * 1000000000000::decimal(13, 0))::hugeint
                end,
                case
                    when abs(output_usd) < 1000 then round(output_usd::double * 1e12)::hugeint
                    else (output_usd * 1000000000000::decimal(13, 0))::hugeint
                end,
                case
                    when abs(other_usd) < 1000 then round(other_usd::double * 1e12)::hugeint
                    else (other_usd * 1000000000000::decimal(13, 0))::hugeint
                end
            ]
        ))) as costs
    from (
        select
            *,
            coalesce(input_cost_usd, 0) as input_usd,
            coalesce(cache_read_cost_usd, 0) as cache_read_usd,
            coalesce(cache_write_cost_usd, 0) as cache_write_usd,
            coalesce(output_cost_usd, 0) as output_usd,
            coalesce(cost_usd, 0) - input_usd - cache_read_usd - cache_write_usd - output_usd as other_usd
        from counted
    )
    group by tuple, user_id, conversation_id, retry_count, loop_depth, agent_depth, step, is_priced

),

tuples as (

    select
        tuple,
        first(feature) as feature,
        first(release) as release,
        first(model) as model,
        first(service) as service,
        first(environment) as environment,
        first(team) as team,
        first(region) as region,
        first(agent) as agent,
        first(tool) as tool,
        first(provider) as provider,
        first(prompt_name) as prompt_name,
        first(prompt_version) as prompt_version,
        first(operation) as operation,
        first(service_tier) as service_tier,
        first(tag_1) as tag_1,
        first(tag_2) as tag_2,
        first(tag_3) as tag_3,
        first(tag_4) as tag_4
    from numbered
    group by tuple

)

select
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
    retry_count::varchar as retry_count,
    case when loop_depth <= 2 then loop_depth::varchar else ['3-4', '5-8', '9-16', '17+'][loop_depth - 2] end as loop_depth,
    agent_depth::varchar as agent_depth,
    service_tier,
    tag_1,
    tag_2,
    tag_3,
    tag_4,
    ['tool', '1', '2', '3-4', '5-8', '9-16', '17+'][step + 1] as step,
    calls,
    unpriced_calls,
    unknown_usage_calls,
    cost_usd,
    counts,
    costs
from summed
join tuples using (tuple)
order by feature, release, model, service, environment, team, user_id, conversation_id, region, agent, tool, provider, prompt_name, prompt_version, operation, retry_count, loop_depth, agent_depth, service_tier, tag_1, tag_2, tag_3, tag_4, step, calls;
