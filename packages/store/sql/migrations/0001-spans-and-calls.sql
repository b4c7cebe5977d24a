-- 0001: spans as they came in, and what settling makes of them.

-- A span as delivered, read by itself: nothing here depends on the rest of its trace. Append-only; a span
-- that is delivered twice stands here twice until its trace is settled.
create table span_facts (
    trace_id              varchar not null,
    span_id               varchar not null,
    parent_span_id        varchar,
    started_at            timestamp not null,
    ended_at              timestamp not null,
    duration_ms           double not null,
    name                  varchar not null,
    kind                  utinyint not null,
    node                  varchar not null,   -- call, agent, run, tool, http, other
    status                varchar not null,   -- ok, error
    error_type            varchar,

    service               varchar,
    environment           varchar,
    release               varchar,
    -- attribution that the span itself carries; its descendants inherit it
    feature               varchar,
    team                  varchar,
    user_id               varchar,
    conversation_id       varchar,
    agent                 varchar,
    prompt_name           varchar,
    prompt_version        varchar,
    tags                  map(varchar, varchar),
    -- attribution by baggage copy or resource, used where neither the span nor an ancestor has any
    default_feature       varchar,
    default_team          varchar,
    default_user_id       varchar,
    default_conversation_id varchar,

    tool                  varchar,            -- of a tool span: which tool
    operation             varchar,
    provider              varchar,
    request_model         varchar,
    response_model        varchar,
    response_id           varchar,
    service_tier          varchar,
    emitter               varchar,
    emitter_version       varchar,
    dialect               varchar,

    -- what the span says of attempts and loops by itself
    stated_retry_count    integer,
    stated_loop_iteration integer,
    stated_agent_depth    integer,
    http_status           usmallint,
    model_request         boolean not null,   -- an HTTP request to a model API
    served_from_cache     boolean not null,   -- a gateway answered without calling the model

    usage_quality         varchar,            -- null: the span says nothing of usage and need not
    usage_issue           varchar,
    input_tokens          bigint,
    cache_read_tokens     bigint,
    cache_write_tokens    bigint,
    cache_write_1h_tokens bigint,
    output_tokens         bigint,
    reasoning_tokens      bigint,

    cost_usd              decimal(18, 12),
    input_cost_usd        decimal(18, 12),
    cache_read_cost_usd   decimal(18, 12),
    cache_write_cost_usd  decimal(18, 12),
    output_cost_usd       decimal(18, 12),
    other_cost_usd        decimal(18, 12),
    unpriced_reason       varchar,
    reported_cost_usd     decimal(18, 12),
    price_source          varchar,
    price_id              varchar,
    priced_at             timestamp
);

-- Traces that got spans since they were last settled, written in the transaction that wrote the spans.
create table dirty_traces (
    trace_id              varchar not null,
    first_started_at      timestamp not null,
    last_started_at       timestamp not null,
    spans                 integer not null
);

-- One row per settled trace; its times bound the search for its spans and calls.
create table traces (
    trace_id              varchar not null,
    first_started_at      timestamp not null,
    last_started_at       timestamp not null,
    spans                 integer not null,
    redelivered           integer not null    -- deliveries of a span that was there already
);

-- What a span is within its whole trace.
create table span_roles (
    trace_id              varchar not null,
    span_id               varchar not null,
    started_at            timestamp not null,
    role                  varchar not null,   -- billable, rollup, tool, agent, http, other
    counted_as            varchar             -- of a call that another span tells of too: the span that counts
);

-- One row per billable call.
create table calls (
    trace_id              varchar not null,
    span_id               varchar not null,
    parent_span_id        varchar,
    started_at            timestamp not null,
    duration_ms           double not null,
    service               varchar,
    environment           varchar,
    release               varchar,
    feature               varchar,
    team                  varchar,
    user_id               varchar,
    conversation_id       varchar,
    agent                 varchar,
    tool                  varchar,
    prompt_name           varchar,
    prompt_version        varchar,
    tags                  map(varchar, varchar),
    operation             varchar,
    provider              varchar,
    request_model         varchar,
    response_model        varchar,
    status                varchar not null,
    error_type            varchar,
    emitter               varchar,
    emitter_version       varchar,
    dialect               varchar,
    agent_depth           integer not null,
    loop_iteration        integer not null,
    retry_count           integer,
    retry_evidence        varchar,
    usage_quality         varchar not null,
    input_tokens          bigint,
    cache_read_tokens     bigint,
    cache_write_tokens    bigint,
    output_tokens         bigint,
    reasoning_tokens      bigint,
    cost_usd              decimal(18, 12),
    input_cost_usd        decimal(18, 12),
    cache_read_cost_usd   decimal(18, 12),
    cache_write_cost_usd  decimal(18, 12),
    output_cost_usd       decimal(18, 12),
    other_cost_usd        decimal(18, 12),
    unpriced_reason       varchar,
    usage_issue           varchar,
    reported_cost_usd     decimal(18, 12),
    price_source          varchar,
    price_id              varchar,
    priced_at             timestamp,
    -- beyond the contract
    entry_point           varchar,            -- name of the trace's root span, as far as it has arrived
    run_id                varchar,            -- span of the agent or workflow run that loop_iteration counts in
    response_id           varchar,
    service_tier          varchar,
    cache_write_1h_tokens bigint,
    told_by               integer not null    -- spans that tell of this call; 1 where nothing was merged
);

-- The contract. Scripts read this view, not the table behind it.
create view cost_records as
select * from calls;

-- Every stored span, once, with its role in its trace.
create view spans as
select
    f.trace_id, f.span_id, f.parent_span_id, f.started_at, f.ended_at, f.duration_ms,
    f.name, f.kind, r.role, r.counted_as, f.node, f.status, f.error_type,
    f.http_status, f.model_request,
    f.service, f.environment, f.release, f.agent, f.tool,
    f.operation, f.provider, f.request_model, f.response_model, f.emitter, f.emitter_version, f.dialect,
    f.usage_quality, f.usage_issue,
    f.input_tokens, f.cache_read_tokens, f.cache_write_tokens, f.output_tokens, f.reasoning_tokens
from span_facts f
left join span_roles r
    on r.trace_id = f.trace_id and r.span_id = f.span_id and r.started_at = f.started_at;
