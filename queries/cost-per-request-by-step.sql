-- cost-per-request-by-step: what one request of each feature costs, step by step.
--
-- A request is a trace, as far as its calls belong to the feature and started in the window. A step is what a call is
-- made for: its prompt's name; else its agent; else the tool whose result it answers; else its operation and model. A
-- use of a tool that has a price is a step of that tool's name. All figures per request are per request of the
-- feature, whether it takes the step or not: so the steps of a feature add up to its total.
--
-- To compare two designs, such as one large model against a small and a large one in a chain, give each its own
-- feature, or look at the window of each.
--
-- params   since                      timestamp       first record  first instant counted, UTC
--          until                      timestamp       last record   first instant not counted, UTC
--          feature                    varchar         all           only calls of this feature; '(none)' for those without
-- reads    cost_records                                             one row per billable call
-- returns  feature                    varchar         null for calls without one
--          step_kind                  varchar         total, prompt, agent, after_tool, tool or operation
--          step                       varchar         null in the total, and where calls tell nothing of it
--          models                     varchar         as the provider answered, by name
--          requests                   bigint          of the feature
--          requests_with_step         bigint          those that take it
--          priced_requests            bigint          those of the feature whose every call has a price
--          calls_per_request          double          priced or not
--          input_tokens_per_request   double          of the calls that tell it, cached tokens included; null where none does
--          output_tokens_per_request  double          likewise, reasoning included
--          mean_cost_per_request_usd  double          of priced requests; a mean of money, rounded to a double
--          cost_usd                   decimal(38,12)  exact; all priced calls, null where none is priced
--          share_of_cost              double          of the feature's; null where that is 0
--          unpriced_calls             bigint          not in cost_usd
--          unknown_usage_calls        bigint          calls without any tokens told
-- order    features by cost_usd, dearest first, unknown last; within one the total, then steps likewise; then by name
with

calls_in_window as (

    select
        *,
        case
            when record_kind = 'tool' then 'tool'
            when prompt_name is not null then 'prompt'
            when agent is not null then 'agent'
            when tool is not null then 'after_tool'
            else 'operation'
        end as step_kind,
        case step_kind
            when 'prompt' then prompt_name
            when 'agent' then agent
            when 'operation' then nullif(concat_ws(' ', operation, coalesce(response_model, request_model)), '')
            else tool
        end as step,
        count(*) filter (cost_usd is null) over (partition by feature, trace_id) = 0 as is_in_priced_request
    from cost_records
    where started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')
        and (
            getvariable('feature') is null
            or coalesce(feature, '(none)') = getvariable('feature')
        )

),

features as (

    select
        feature,
        count(distinct trace_id) as requests,
        count(distinct trace_id) filter (is_in_priced_request) as priced_requests,
        sum(cost_usd) as cost_usd
    from calls_in_window
    group by feature

),

steps as (

    select
        feature,
        grouping(step_kind) = 1 as is_total,
        step_kind,
        step,
        string_agg(
            distinct coalesce(response_model, request_model), ', '
            order by coalesce(response_model, request_model)
        ) as models,
        count(distinct trace_id) as requests_with_step,
        count(*) as calls,
        sum(input_tokens) as input_tokens,
        sum(output_tokens) as output_tokens,
        sum(cost_usd) as cost_usd,
        sum(cost_usd) filter (is_in_priced_request) as cost_of_priced_requests,
        count(*) filter (cost_usd is null) as unpriced_calls,
        count(*) filter (usage_quality = 'missing') as unknown_usage_calls
    from calls_in_window
    group by grouping sets ((feature), (feature, step_kind, step))

)

select
    steps.feature,
    case when steps.is_total then 'total' else steps.step_kind end as step_kind,
    steps.step,
    steps.models,
    features.requests,
    steps.requests_with_step,
    features.priced_requests,
    steps.calls / features.requests as calls_per_request,
    steps.input_tokens / features.requests as input_tokens_per_request,
    steps.output_tokens / features.requests as output_tokens_per_request,
    -- A step of none of the priced requests adds nothing to their mean.
    coalesce(steps.cost_of_priced_requests, 0) / nullif(features.priced_requests, 0) as mean_cost_per_request_usd,
    steps.cost_usd,
    steps.cost_usd / nullif(features.cost_usd, 0) as share_of_cost,
    steps.unpriced_calls,
    steps.unknown_usage_calls
from steps
join features on features.feature is not distinct from steps.feature
order by
    features.cost_usd desc nulls last,
    steps.feature nulls last,
    steps.is_total desc,
    steps.cost_usd desc nulls last,
    steps.step_kind,
    steps.step nulls last;
