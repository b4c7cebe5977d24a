-- showback: what each team answers for: its own cost, and its part of the cost that nobody owns.
--
-- Calls without a team are shared cost. It is split by a key, exactly: the parts add up to it to the last digit, for
-- what is left by rounding goes to the largest remainders. So the costs of all rows add up to the bill of the window. A
-- team whose every call is unpriced is told, and is not free.
--
-- params   dimension            varchar         team          who answers: service, environment, release, feature, team, user_id, agent,
--                                                             tool, prompt_name, provider, model, operation, or tag:NAME
--          key                  varchar         cost          what shared cost is split by: cost, requests, calls, tokens, or even
--          since                timestamp       first record  first instant counted, UTC
--          until                timestamp       last record   first instant not counted, UTC
-- reads    cost_records                                       one row per billable call
-- returns  value                varchar         of the dimension; null for shared cost
--          own_cost_usd         decimal(38,12)  exact; priced calls only, null where none is priced
--          shared_cost_usd      decimal(38,12)  exact; its part of shared cost; what was split of it, negative, where value is null
--          cost_usd             decimal(38,12)  exact; the two together, null where nothing of it is known
--          share                double          of all cost
--          requests             bigint          traces with a call of it
--          calls                bigint          priced or not
--          unpriced_calls       bigint          in calls, not in cost_usd
--          unknown_usage_calls  bigint          in calls, without any tokens told
-- order    cost_usd, dearest first, unknown last; then value
with

calls_in_window as (

    select
        trace_id,
        cost_usd,
        usage_quality,
        coalesce(input_tokens, 0) + coalesce(output_tokens, 0) as tokens,
        case coalesce(getvariable('dimension'), 'team')
            when 'service' then service
            when 'environment' then environment
            when 'release' then release
            when 'feature' then feature
            when 'team' then team
            when 'user_id' then user_id
            when 'agent' then agent
            when 'tool' then tool
            when 'prompt_name' then prompt_name
            when 'provider' then provider
            when 'model' then coalesce(response_model, request_model, case when record_kind = 'tool' then tool end)
            when 'operation' then operation
            else case
                when starts_with(getvariable('dimension'), 'tag:') then tags[substr(getvariable('dimension'), 5)]
                else error(
                    'dimension takes service, environment, release, feature, team, user_id, agent, tool, '
                    || 'prompt_name, provider, model, operation or tag:NAME, not "' || getvariable('dimension') || '"'
                )
            end
        end as value
    from cost_records
    where started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')

),

owners as (

    select
        value,
        sum(cost_usd) as own_cost_usd,
        count(distinct trace_id) as requests,
        count(*) as calls,
        count(*) filter (cost_usd is null) as unpriced_calls,
        count(*) filter (usage_quality = 'missing') as unknown_usage_calls,
        case
            when value is null then 0
            else case coalesce(getvariable('key'), 'cost')
                -- In millionths, that a product with money fits.
                when 'cost' then trunc(coalesce(greatest(sum(cost_usd), 0), 0)::decimal(25, 12) * 1000000::decimal(7, 0))::hugeint
                when 'requests' then count(distinct trace_id)::hugeint
                when 'calls' then count(*)::hugeint
                when 'tokens' then sum(tokens)::hugeint
                when 'even' then 1::hugeint
                else error('key takes cost, requests, calls, tokens or even, not "' || getvariable('key') || '"')
            end
        end as weight
    from calls_in_window
    group by value

),

to_split as (

    select
        coalesce(sum(own_cost_usd) filter (value is null), 0) as shared_usd,
        -- In 10^-12 USD: whole numbers divide with a remainder.
        (shared_usd::decimal(25, 12) * 1000000000000::decimal(13, 0))::hugeint as shared,
        sum(weight)::hugeint as weights
    from owners

),

parts as (

    select
        owners.*,
        weights,
        shared,
        case when weights > 0 then shared * weight // weights else 0 end as part,
        case when weights > 0 then shared * weight % weights else 0 end as remainder
    from owners
    cross join to_split

),

exact_parts as (

    select
        *,
        row_number() over (order by remainder desc, value nulls last) as nth,
        case when weights > 0 then shared - sum(part) over () else 0 end as left_over
    from parts

),

split as (

    select
        *,
        case
            when value is null then -shared * (weights > 0)::hugeint
            else part + (nth <= left_over)::hugeint
        end::decimal(25, 0) * 0.000000000001::decimal(13, 12) as shared_cost_usd
    from exact_parts

),

told as (

    select
        *,
        case
            when own_cost_usd is null and shared_cost_usd = 0 then null
            else coalesce(own_cost_usd, 0) + shared_cost_usd
        end::decimal(38, 12) as cost_usd
    from split

)

select
    value,
    own_cost_usd,
    shared_cost_usd,
    cost_usd,
    cost_usd / nullif(sum(cost_usd) over (), 0) as share,
    requests,
    calls,
    unpriced_calls,
    unknown_usage_calls
from told
order by cost_usd desc nulls last, value nulls last;
