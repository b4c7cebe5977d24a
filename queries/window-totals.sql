-- window-totals: one row that says how large a window is: cost, requests, and how many users and features it touches.
--
-- params   since                timestamp       first record  first instant counted, UTC
--          until                timestamp       last record   first instant not counted, UTC
-- reads    cost_records                                       one row per billable call
-- returns  cost_usd             decimal(38,12)  exact; priced calls only, null where none is priced
--          calls                bigint          priced or not
--          unpriced_calls       bigint          in calls, not in cost_usd
--          unknown_usage_calls  bigint          in calls, without any tokens told
--          requests             bigint          traces with a call in the window
--          users                bigint          different ones that are told
--          conversations        bigint          likewise
--          features             bigint          likewise
--          services             bigint          likewise
--          input_tokens         bigint          of the calls that tell it, cached tokens included
--          output_tokens        bigint          likewise, reasoning included
-- order    one row, also without calls
with

calls_in_window as (

    select *
    from cost_records
    where started_at >= coalesce(getvariable('since')::timestamp, '-infinity')
        and started_at < coalesce(getvariable('until')::timestamp, 'infinity')

)

select
    sum(cost_usd) as cost_usd,
    count(*) as calls,
    count(*) filter (cost_usd is null) as unpriced_calls,
    count(*) filter (usage_quality = 'missing') as unknown_usage_calls,
    count(distinct trace_id) as requests,
    count(distinct user_id) as users,
    count(distinct conversation_id) as conversations,
    count(distinct feature) as features,
    count(distinct service) as services,
    sum(input_tokens)::bigint as input_tokens,
    sum(output_tokens)::bigint as output_tokens
from calls_in_window;
