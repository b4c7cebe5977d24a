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
-- reads    labelled_records                                      cost_records, each with the number of its labels
--          label_sets                                            what labels that number stands for
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

),

asked_for as not materialized (

    select *
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

    select label_set as labels_number, * exclude (label_set, labels_hash)
    from label_sets

    union all by name

    -- Of calls that have no label set their own.
    select
        labels_number, feature, release,
        coalesce(response_model, request_model, case when record_kind = 'tool' then tool end) as model,
        service, environment, team, region, agent, tool, provider, prompt_name, prompt_version, operation, service_tier,
        record_kind, tags
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
            when json_array_length(getvariable('told'), '$.release') = 0 then null
            when not coalesce(json_exists(getvariable('told'), '$.release'), false) or release is null
                or list_contains(json_extract_string(getvariable('told'), '$.release[*]'), release)
                then release
            else '(other)'
        end as release,
        case
            when json_array_length(getvariable('told'), '$.model') = 0 then null
            when not coalesce(json_exists(getvariable('told'), '$.model'), false) or model is null
                or list_contains(json_extract_string(getvariable('told'), '$.model[*]'), model)
                then model
            else '(other)'
        end as model,
        case
            when json_array_length(getvariable('told'), '$.service') = 0 then null
            when not coalesce(json_exists(getvariable('told'), '$.service'), false) or service is null
                or list_contains(json_extract_string(getvariable('told'), '$.service[*]'), service)
                then service
            else '(other)'
        end as service,
        case
            when json_array_length(getvariable('told'), '$.environment') = 0 then null
            when not coalesce(json_exists(getvariable('told'), '$.environment'), false) or environment is null
                or list_contains(json_extract_string(getvariable('told'), '$.environment[*]'), environment)
                then environment
            else '(other)'
        end as environment,
        case
            when json_array_length(getvariable('told'), '$.team') = 0 then null
            when not coalesce(json_exists(getvariable('told'), '$.team'), false) or team is null
                or list_contains(json_extract_string(getvariable('told'), '$.team[*]'), team)
                then team
            else '(other)'
        end as team,
        case
            when json_array_length(getvariable('told'), '$.region') = 0 then null
            when not coalesce(json_exists(getvariable('told'), '$.region'), false) or region is null
                or list_contains(json_extract_string(getvariable('told'), '$.region[*]'), region)
                then region
            else '(other)'
        end as region,
        case
            when json_array_length(getvariable('told'), '$.agent') = 0 then null
            when not coalesce(json_exists(getvariable('told'), '$.agent'), false) or agent is null
                or list_contains(json_extract_string(getvariable('told'), '$.agent[*]'), agent)
                then agent
            else '(other)'
        end as agent,
        case
            when json_array_length(getvariable('told'), '$.tool') = 0 then null
            when not coalesce(json_exists(getvariable('told'), '$.tool'), false) or tool is null
                or list_contains(json_extract_string(getvariable('told'), '$.tool[*]'), tool)
                then tool
            else '(other)'
        end as tool,
        case
            when json_array_length(getvariable('told'), '$.provider') = 0 then null
            when not coalesce(json_exists(getvariable('told'), '$.provider'), false) or provider is null
                or list_contains(json_extract_string(getvariable('told'), '$.provider[*]'), provider)
                then provider
            else '(other)'
        end as provider,
        case
            when json_array_length(getvariable('told'), '$.prompt_name') = 0 then null
            when not coalesce(json_exists(getvariable('told'), '$.prompt_name'), false) or prompt_name is null
                or list_contains(json_extract_string(getvariable('told'), '$.prompt_name[*]'), prompt_name)
                then prompt_name
            else '(other)'
        end as prompt_name,
        case
            when json_array_length(getvariable('told'), '$.prompt_version') = 0 then null
            when not coalesce(json_exists(getvariable('told'), '$.prompt_version'), false) or prompt_version is null
                or list_contains(json_extract_string(getvariable('told'), '$.prompt_version[*]'), prompt_version)
                then prompt_version
            else '(other)'
        end as prompt_version,
        case
            when json_array_length(getvariable('told'), '$.operation') = 0 then null
            when not coalesce(json_exists(getvariable('told'), '$.operation'), false) or operation is null
                or list_contains(json_extract_string(getvariable('told'), '$.operation[*]'), operation)
                then operation
            else '(other)'
        end as operation,
        tags[json_extract_string(getvariable('told'), '$.tags[0].name')] as own_tag_1,
        case
            when own_tag_1 is null
                or list_contains(json_extract_string(getvariable('told'), '$.tags[0].values[*]'), own_tag_1)
                then own_tag_1
            else '(other)'
        end as tag_1,
        tags[json_extract_string(getvariable('told'), '$.tags[1].name')] as own_tag_2,
        case
            when own_tag_2 is null
                or list_contains(json_extract_string(getvariable('told'), '$.tags[1].values[*]'), own_tag_2)
                then own_tag_2
            else '(other)'
        end as tag_2,
        tags[json_extract_string(getvariable('told'), '$.tags[2].name')] as own_tag_3,
        case
            when own_tag_3 is null
                or list_contains(json_extract_string(getvariable('told'), '$.tags[2].values[*]'), own_tag_3)
                then own_tag_3
            else '(other)'
        end as tag_3,
        tags[json_extract_string(getvariable('told'), '$.tags[3].name')] as own_tag_4,
        case
            when own_tag_4 is null
                or list_contains(json_extract_string(getvariable('told'), '$.tags[3].values[*]'), own_tag_4)
                then own_tag_4
            else '(other)'
        end as tag_4,
        service_tier
    from labels

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
        case
            when json_array_length(getvariable('told'), '$.user_id') = 0 then null
            when not coalesce(json_exists(getvariable('told'), '$.user_id'), false) or user_id is null
                or list_contains(json_extract_string(getvariable('told'), '$.user_id[*]'), user_id)
                then user_id
            else '(other)'
        end as user_id,
        case
            when json_array_length(getvariable('told'), '$.conversation_id') = 0 then null
            when not coalesce(json_exists(getvariable('told'), '$.conversation_id'), false) or conversation_id is null
                or list_contains(json_extract_string(getvariable('told'), '$.conversation_id[*]'), conversation_id)
                then conversation_id
            else '(other)'
        end as conversation_id,
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
