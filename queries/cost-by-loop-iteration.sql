-- cost-by-loop-iteration: how the cost of a call grows with its place in the agent loop.
--
-- An agent that sends its whole conversation again at each step pays for it again. `resent_share` is the share
-- of the input of iteration k that the call before it in the same run had already sent or received:
--     the smaller of input(k) and input(k-1) + output(k-1), divided by input(k), summed over the calls compared.
-- It is a highest value: it takes for granted that a context only grows. So it is not known, and the call not
-- compared, for the first iteration; where a call or the one before it does not tell its tokens; and where the
-- input shrank, for then something was left out. It is null where no call could be compared. Uses of tools are no
-- steps and are left out.
--
-- params   since                   timestamp       first record  first instant counted, UTC
--          until                   timestamp       last record   first instant not counted, UTC
--          feature                 varchar         all           only calls of this feature; '(none)' for those without
--          agent                   varchar         all           only calls of this agent; '(none)' for those without
-- reads    cost_records                                          one row per billable call
-- returns  loop_iteration          integer         place of the call in its agent run, from 1
--          calls                   bigint          priced or not
--          cost_usd                decimal(38,12)  exact; priced calls only, null where none is priced
--          unpriced_calls          bigint          in calls, not in cost_usd
--          unknown_usage_calls     bigint          in calls, without any tokens told
--          mean_cost_usd           double          of a priced call; a mean of money, rounded to a double
--          input_tokens_per_call   double          mean of the calls that tell it, cached tokens included
--          cached_share_of_input   double          of the tokens of calls that tell both; null where none does
--          output_tokens_per_call  double          mean of the calls that tell it, reasoning included
--          resent_share            double          see above
--          compared_calls          bigint          calls that resent_share is taken from
-- order    loop_iteration
with

calls_in_window as (

    select
        loop_iteration,
        usage_quality,
        input_tokens,
        cache_read_tokens,
        output_tokens,
        cost_usd,
        lag({iteration: loop_iteration, input: input_tokens, output: output_tokens}) over (
            partition by trace_id, run_id order by loop_iteration, started_at, span_id
        ) as previous
    from cost_records
    where record_kind = 'model'
        and started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')
        and (
            getvariable('feature') is null
            or coalesce(feature, '(none)') = getvariable('feature')
        )
        and (
            getvariable('agent') is null
            or coalesce(agent, '(none)') = getvariable('agent')
        )

),

with_previous as (

    select
        *,
        case
            when previous.iteration = loop_iteration - 1 and previous.input <= input_tokens
                and previous.output is not null
                then least(input_tokens, previous.input + previous.output)
        end as resent_tokens
    from calls_in_window

)

select
    loop_iteration,
    count(*) as calls,
    sum(cost_usd) as cost_usd,
    count(*) filter (cost_usd is null) as unpriced_calls,
    count(*) filter (usage_quality = 'missing') as unknown_usage_calls,
    avg(cost_usd) as mean_cost_usd,
    avg(input_tokens) as input_tokens_per_call,
    sum(cache_read_tokens) filter (input_tokens is not null)
        / nullif(sum(input_tokens) filter (cache_read_tokens is not null), 0) as cached_share_of_input,
    avg(output_tokens) as output_tokens_per_call,
    sum(resent_tokens) / nullif(sum(input_tokens) filter (resent_tokens is not null), 0) as resent_share,
    count(resent_tokens) as compared_calls
from with_previous
group by loop_iteration
order by loop_iteration;
