-- cost-per-outcome: what an outcome costs, such as a ticket that was solved, split by a dimension of your choice.
--
-- An outcome is what the service says of a request in a tag: `spancost.tag.outcome` on the request's own span, which may be
-- set when it ends, or another tag that is asked for. A request is a trace; it has the outcome that its last call with one
-- tells. What was spent on requests that came to nothing belongs to the price of those that came to something: an outcome
-- costs what all requests cost, over the number of those with it.
--
-- params   dimension                  varchar         feature       service, environment, release, feature, team, user_id, agent,
--                                                                   tool, prompt_name, provider, model, operation, or tag:NAME
--          tag                        varchar         outcome       the tag that tells the outcome
--          since                      timestamp       first record  first instant counted, UTC
--          until                      timestamp       last record   first instant not counted, UTC
-- reads    cost_records                                             one row per billable call
-- returns  value                      varchar         of the dimension; null for calls without one
--          outcome                    varchar         null for requests that tell none
--          requests                   bigint          with this outcome
--          share_of_requests          double          of those of the value
--          cost_usd                   decimal(38,12)  exact; of these requests, priced calls only, null where none is priced
--          mean_cost_per_request_usd  double          of these requests; a mean of money, rounded
--          mean_cost_per_outcome_usd  double          cost of all requests of the value over these; null where no outcome is told
--          unpriced_calls             bigint          not in cost_usd
--          unknown_usage_calls        bigint          calls without any tokens told
-- order    value; within it requests, most first, then outcome
with

calls_in_window as (

    select
        trace_id,
        started_at,
        cost_usd,
        usage_quality,
        tags[coalesce(getvariable('tag'), 'outcome')] as outcome,
        case coalesce(getvariable('dimension'), 'feature')
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

per_request as (

    select
        value,
        trace_id,
        arg_max(outcome, started_at) filter (outcome is not null) as outcome,
        sum(cost_usd) as cost_usd,
        count(*) filter (cost_usd is null) as unpriced_calls,
        count(*) filter (usage_quality = 'missing') as unknown_usage_calls
    from calls_in_window
    group by value, trace_id

),

per_outcome as (

    select
        value,
        outcome,
        count(*) as requests,
        sum(cost_usd) as cost_usd,
        sum(unpriced_calls)::bigint as unpriced_calls,
        sum(unknown_usage_calls)::bigint as unknown_usage_calls
    from per_request
    group by value, outcome

)

select
    value,
    outcome,
    requests,
    requests / sum(requests) over (partition by value) as share_of_requests,
    cost_usd,
    cost_usd::double / requests as mean_cost_per_request_usd,
    case
        when outcome is not null then sum(cost_usd) over (partition by value)::double / requests
    end as mean_cost_per_outcome_usd,
    unpriced_calls,
    unknown_usage_calls
from per_outcome
order by value nulls last, requests desc, outcome nulls last;
