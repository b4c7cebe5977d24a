-- trace-spans: one trace as a tree, with what each span and everything under it cost.
--
-- A span whose parent is not stored stands at depth 0, and so do spans that name each other as parents.
--
-- params   trace_id                     varchar         required  32 hex digits, in any case
-- reads    spans                                                  one row per stored span
--          cost_records                                           one row per billable call
-- returns  depth                        integer         0 at the top
--          span_id                      varchar
--          parent_span_id               varchar
--          name                         varchar
--          role                         varchar         billable, rollup, tool, agent, http or other; null until settled
--          record_kind                  varchar         of a span that is a cost record: model, or tool for a use of a tool that has a price
--          counted_as                   varchar         of a call that another span tells of too: the span that counts
--          status                       varchar         ok or error
--          error_type                   varchar
--          started_at                   timestamp
--          offset_ms                    double          from the start of the trace's first span
--          duration_ms                  double
--          service                      varchar
--          agent                        varchar
--          tool                         varchar
--          model                        varchar         as the provider answered, else as it was asked for
--          http_status                  usmallint
--          agent_depth                  integer         of a billable call: agent runs that enclose it
--          loop_iteration               integer         of a billable call: its place in its agent run, from 1
--          retry_count                  integer         of a billable call: attempts before it; null where the trace cannot show it
--          input_tokens                 bigint          as the span tells it; a rollup repeats its children
--          cache_read_tokens            bigint
--          output_tokens                bigint
--          cost_usd                     decimal(18,12)  of this span alone; null for spans that are not billed and calls without a price
--          subtree_calls                bigint          billable calls of this span and all under it
--          subtree_cost_usd             decimal(38,12)  exact; their cost, null where none is priced
--          subtree_unpriced_calls       bigint          in subtree_calls, not in subtree_cost_usd
--          subtree_unknown_usage_calls  bigint          in subtree_calls, without any tokens told
--          unpriced_reason              varchar
--          usage_quality                varchar
--          usage_issue                  varchar
-- order    as a tree is read: each span before its children, siblings by start, then span_id
with recursive

trace_spans as (

    select *
    from spans
    where trace_id = lower(getvariable('trace_id'))

),

trace_calls as (

    select *
    from cost_records
    where trace_id = lower(getvariable('trace_id'))

),

linked as (

    select
        child.span_id,
        parent.span_id as parent_id,
        row_number() over (order by child.started_at, child.span_id) as place
    from trace_spans as child
    left join trace_spans as parent
        on parent.span_id = child.parent_span_id and parent.span_id <> child.span_id

),

reached as (

    select span_id, 0 as depth, [place] as path
    from linked
    where parent_id is null

    union all

    select linked.span_id, reached.depth + 1, list_append(reached.path, linked.place)
    from linked
    join reached on reached.span_id = linked.parent_id

),

-- Parents that form a circle are reached from nowhere.
tree as (

    select span_id, depth, path
    from reached

    union all

    select span_id, 0, [place]
    from linked
    where span_id not in (select span_id from reached)

),

-- Each call together with each span above it. `union` keeps a circle from turning for ever.
enclosing as (

    select span_id as call_id, span_id
    from trace_calls

    union

    select enclosing.call_id, linked.parent_id
    from enclosing
    join linked on linked.span_id = enclosing.span_id
    where linked.parent_id is not null

),

subtrees as (

    select
        enclosing.span_id,
        count(*) as calls,
        sum(trace_calls.cost_usd) as cost_usd,
        count(*) filter (trace_calls.cost_usd is null) as unpriced_calls,
        count(*) filter (trace_calls.usage_quality = 'missing') as unknown_usage_calls
    from enclosing
    join trace_calls on trace_calls.span_id = enclosing.call_id
    group by enclosing.span_id

)

select
    tree.depth,
    trace_spans.span_id,
    trace_spans.parent_span_id,
    trace_spans.name,
    trace_spans.role,
    trace_calls.record_kind,
    trace_spans.counted_as,
    trace_spans.status,
    trace_spans.error_type,
    trace_spans.started_at,
    (epoch_us(trace_spans.started_at) - min(epoch_us(trace_spans.started_at)) over ()) / 1000 as offset_ms,
    trace_spans.duration_ms,
    trace_spans.service,
    coalesce(trace_calls.agent, trace_spans.agent) as agent,
    coalesce(trace_calls.tool, trace_spans.tool) as tool,
    coalesce(trace_spans.response_model, trace_spans.request_model) as model,
    trace_spans.http_status,
    trace_calls.agent_depth,
    trace_calls.loop_iteration,
    trace_calls.retry_count,
    trace_spans.input_tokens,
    trace_spans.cache_read_tokens,
    trace_spans.output_tokens,
    trace_calls.cost_usd,
    coalesce(subtrees.calls, 0) as subtree_calls,
    subtrees.cost_usd as subtree_cost_usd,
    coalesce(subtrees.unpriced_calls, 0) as subtree_unpriced_calls,
    coalesce(subtrees.unknown_usage_calls, 0) as subtree_unknown_usage_calls,
    trace_calls.unpriced_reason,
    coalesce(trace_calls.usage_quality, trace_spans.usage_quality) as usage_quality,
    coalesce(trace_calls.usage_issue, trace_spans.usage_issue) as usage_issue
from tree
join trace_spans on trace_spans.span_id = tree.span_id
left join trace_calls on trace_calls.span_id = tree.span_id
left join subtrees on subtrees.span_id = tree.span_id
order by tree.path;
