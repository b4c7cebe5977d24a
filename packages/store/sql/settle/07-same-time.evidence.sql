-- Same time, same counts: instrumentations in different branches of the trace. Only between groups that no
-- better evidence has joined, and that have no scope in common: a scope tells of each call once. Two calls side by
-- side may have equal counts by chance, so neither may name a model that the other contradicts.
create or replace temp table settling_evidence as
with mixed as (
    select trace, count(distinct scope) as scopes
    from settling_members
    group by trace
    having min(scope) <> max(scope)
),
scopes as (
    select m.group_span, list(m.scope) as scopes
    from settling_members m
    join mixed on mixed.trace = m.trace
    group by m.group_span, mixed.scopes
    -- A group that every scope of the trace tells of is complete.
    having count(*) < mixed.scopes
),
members as materialized (
    select m.span, s.scopes
    from settling_members m
    join scopes s on s.group_span = m.group_span
),
numbered as materialized (
    select
        c.trace, c.span, c.scope, c.input_tokens, c.output_tokens, c.started_at, c.ended_at, m.scopes,
        c.embeds, c.hands_over,
        -- "global.anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic/claude-sonnet-4-5@20250929": one model.
        list_transform(
            list_filter([c.request_model, c.response_model], lambda name: name is not null),
            lambda name: regexp_replace(
                regexp_replace(lower(name), '^(.*/)?([a-z-]+\.)*', ''),
                '([-@](20\d{6}|20\d\d-\d\d-\d\d|latest))?(-v\d+)?(:\w+)?$',
                ''
            )
        ) as models,
        row_number() over (
            partition by c.trace, c.scope, c.input_tokens, c.output_tokens
            order by c.started_at, c.ended_at, c.span
        ) as nth
    from settling_calls c
    join members m on m.span = c.span
    where c.input_tokens + c.output_tokens > 0
    -- So many equal calls in one trace are no evidence, and pairing them would take their square.
    qualify count(*) over (partition by c.trace, c.input_tokens, c.output_tokens) <= 1000
),
candidates as (
    select
        x.trace, x.span, least(x.span, y.span) as a, greatest(x.span, y.span) as b,
        abs(epoch_us(x.started_at) - epoch_us(y.started_at))
            + abs(epoch_us(x.ended_at) - epoch_us(y.ended_at)) as distance,
        -- Twins that ran at the same time: the first belongs to the first, the second to the second.
        abs(x.nth - y.nth) as out_of_turn
    from numbered x
    join numbered y
        on y.trace = x.trace
        and y.input_tokens = x.input_tokens
        and y.output_tokens = x.output_tokens
    where y.scope <> x.scope
        -- 2 ms: some emitters keep whole milliseconds.
        and y.ended_at <= x.ended_at + interval 2 milliseconds
        and (
            y.started_at >= x.started_at - interval 2 milliseconds
            -- No model answers at once: it is a note of a call that has just ended, such as of a stream.
            or not x.hands_over
                and x.ended_at <= x.started_at + interval 1 millisecond
                and y.ended_at >= x.started_at - interval 1 second
        )
        and not list_has_any(x.scopes, y.scopes)
        and y.embeds = x.embeds
        and (len(x.models) = 0 or len(y.models) = 0 or list_has_any(x.models, y.models))
    -- Beyond the 16 nearest there is nothing to find.
    qualify row_number() over (partition by x.span order by distance, out_of_turn, a, b) <= 16
)
select trace, a, b, row_number() over (order by trace, distance, out_of_turn, a, b) as place
from (select distinct trace, a, b, distance, out_of_turn from candidates) pairs;
