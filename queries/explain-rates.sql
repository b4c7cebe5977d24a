-- explain-rates: how much the rates of a segment differ between those who ask, so that a change can be told from chance.
--
-- A rate is y for each x: output tokens for each attempt, for one. Whoever asks is a user, or a request where there is none
-- and where one user is looked at. What a release did is compared with what the releases before it did, and so conditions
-- on releases, models, providers and versions of prompts hold for the window alone. The baseline is chosen as in
-- explain-cells.
--
-- params   since                  timestamp       required         first instant of the window, UTC
--          until                  timestamp       required         first instant after the window, UTC
--          baseline_since         timestamp       the days before  first instant of the baseline, UTC
--          baseline_until         timestamp       since            first instant after the baseline, UTC
--          baseline_days          varchar         1,2,3,4,5,6,7    how many lengths of the window, in whole days, the periods of the baseline lie back
--          window_release         varchar         all              of the window only calls of this release; '(none)' for those without
--          window_model           varchar         all              of the window only calls of this model; '(none)' for those without
--          window_provider        varchar         all              of the window only calls of this provider; '(none)' for those without
--          window_prompt_version  varchar         all              of the window only calls of this prompt version; '(none)' for those without
--          feature                varchar         all              only calls of this feature; '(none)' for those without; likewise the rest
--          release                varchar         all
--          model                  varchar         all              as the provider answered, else as it was asked for; of a use of a tool its name
--          service                varchar         all
--          environment            varchar         all
--          team                   varchar         all
--          user_id                varchar         all
--          conversation_id        varchar         all
--          region                 varchar         all
--          agent                  varchar         all
--          tool                   varchar         all
--          provider               varchar         all
--          prompt_name            varchar         all
--          prompt_version         varchar         all
--          operation              varchar         all
--          retry_count            varchar         all
--          loop_depth             varchar         all              1, 2, 3-4, 5-8, 9-16 or 17+; uses of tools have none
--          agent_depth            varchar         all
--          tag                    varchar         all              name=value of a tag, name=(none) for calls without it; of several a JSON list
-- reads    cost_records                                            one row per billable call
-- returns  rate                   varchar                          retries: attempts for each call that was wanted; input: tokens for each attempt; cache: input tokens not read from a cache for each input token; output: tokens for each attempt; price: USD for each token, as many times as its kind costs more as a rule
--          period                 bigint                           0 is the window, n the nth length of it before; a baseline that was named is 1
--          askers                 bigint
--          x                      double                           sum over those who ask; likewise the rest
--          y                      double
--          xx                     double
--          xy                     double
--          yy                     double
-- order    rate, period
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

),

asked_for as not materialized (

    select
        period,
        coalesce(case when getvariable('user_id') is null then user_id end, trace_id) as asker,
        not superseded as is_wanted,
        coalesce(input_tokens, 0) as input_tokens,
        coalesce(cache_read_tokens, 0) as cache_read_tokens,
        coalesce(cache_write_tokens, 0) as cache_write_tokens,
        coalesce(output_tokens, 0) as output_tokens,
        cost_usd
    from placed
    where period is not null
        and cost_usd is not null
        and record_kind <> 'tool'
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
        and (period > 0 or getvariable('window_release') is null or coalesce(release, '(none)') = getvariable('window_release'))
        and (period > 0 or getvariable('window_model') is null or coalesce(model, '(none)') = getvariable('window_model'))
        and (period > 0 or getvariable('window_provider') is null or coalesce(provider, '(none)') = getvariable('window_provider'))
        and (period > 0 or getvariable('window_prompt_version') is null or coalesce(prompt_version, '(none)') = getvariable('window_prompt_version'))

),

askers as (

    select
        period,
        asker,
        count(*)::double as attempts,
        (count(*) filter (is_wanted))::double as wanted,
        sum(input_tokens)::double as input,
        sum(greatest(0, input_tokens - cache_read_tokens))::double as not_cached,
        sum(output_tokens)::double as output,
        -- What is written to a cache costs a fourth more than what is read for the first time, what is read from one a tenth, and
        -- output five times as much, by most providers.
        sum(
            greatest(0, input_tokens - cache_read_tokens - cache_write_tokens)
            + 0.1 * cache_read_tokens + 1.25 * cache_write_tokens + 5 * output_tokens
        )::double as weighed,
        sum(cost_usd)::double as usd
    from asked_for
    group by period, asker

),

rates as (

    select period, 'retries' as rate, wanted as x, attempts as y from askers
    union all
    select period, 'input' as rate, attempts as x, input as y from askers
    union all
    select period, 'cache' as rate, input as x, not_cached as y from askers
    union all
    select period, 'output' as rate, attempts as x, output as y from askers
    union all
    select period, 'price' as rate, weighed as x, usd as y from askers

)

select
    rate,
    period,
    count(*) as askers,
    sum(x) as x,
    sum(y) as y,
    sum(x * x) as xx,
    sum(x * y) as xy,
    sum(y * y) as yy
from rates
group by rate, period
order by rate, period;
