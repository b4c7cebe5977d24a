-- 0002: prices in layers, re-pricing as runs, and priced units that are no model calls.

-- What prices may depend on beside the model and its tokens.
alter table span_facts add column account varchar;
alter table span_facts add column region varchar;
alter table span_facts add column units integer;                    -- of a tool span; null is one
alter table span_facts add column input_audio_tokens bigint;
alter table span_facts add column input_image_tokens bigint;
alter table span_facts add column cache_read_audio_tokens bigint;
alter table span_facts add column output_audio_tokens bigint;
alter table span_facts add column output_image_tokens bigint;
alter table span_facts add column web_searches bigint;

drop view cost_records;

-- Tools and retrievals become records where a contract prices them.
alter table calls alter column loop_iteration drop not null;
alter table calls alter column usage_quality drop not null;
alter table calls add column record_kind varchar default 'model';   -- model, tool
alter table calls alter column record_kind drop default;
alter table calls add column account varchar;
alter table calls add column region varchar;
alter table calls add column units integer;
alter table calls add column input_audio_tokens bigint;
alter table calls add column input_image_tokens bigint;
alter table calls add column output_audio_tokens bigint;
alter table calls add column output_image_tokens bigint;
alter table calls add column web_searches bigint;
alter table calls alter column record_kind set not null;

-- Contract files as they were loaded; the newest prices what arrives from then on.
create table contracts (
    contract_id           varchar not null,   -- first 12 hex digits of the text's SHA-256
    loaded_at             timestamp not null,
    file_name             varchar not null,
    text                  varchar not null
);

-- Re-pricings, numbered from 1. What was booked when spans arrived is never changed.
create table pricing_runs (
    run_id                integer not null,
    made_at               timestamp not null,
    catalogue             varchar not null,   -- such as genai-prices@0.1.8
    catalogue_sha256      varchar not null,
    contract_id           varchar,            -- null: without a contract
    since                 timestamp,          -- null: from the first span
    until                 timestamp,          -- null: to the last
    spans                 bigint not null     -- priced anew, with or without a price
);

-- What a run found, a row per span that has anything to price.
create table span_prices (
    run_id                integer not null,
    trace_id              varchar not null,
    span_id               varchar not null,
    started_at            timestamp not null,
    cost_usd              decimal(18, 12),
    input_cost_usd        decimal(18, 12),
    cache_read_cost_usd   decimal(18, 12),
    cache_write_cost_usd  decimal(18, 12),
    output_cost_usd       decimal(18, 12),
    other_cost_usd        decimal(18, 12),
    unpriced_reason       varchar,
    price_source          varchar,
    price_id              varchar,
    priced_at             timestamp
);

-- The run whose prices are read where nobody asks for one: null is as booked. Replaced when another is chosen.
create macro chosen_pricing_run() as null::integer;

-- The contract. Scripts read this view, not the tables behind it. Costs are as booked, or of the run that the
-- variable `pricing_run` names (0 is as booked). Spans that a run did not see keep what was booked: for them
-- `pricing_run` is null. Only one of the two halves is ever read, for a variable is a constant to the planner.
create view cost_records as
select *, null::integer as pricing_run
from calls
where coalesce(getvariable('pricing_run')::integer, chosen_pricing_run(), 0) = 0
    -- A tool is a record where it has a price.
    and (record_kind = 'model' or cost_usd is not null)
union all by name
select
    c.* replace (
        case when p.run_id is null then c.cost_usd else p.cost_usd end as cost_usd,
        case when p.run_id is null then c.input_cost_usd else p.input_cost_usd end as input_cost_usd,
        case when p.run_id is null then c.cache_read_cost_usd else p.cache_read_cost_usd end as cache_read_cost_usd,
        case when p.run_id is null then c.cache_write_cost_usd else p.cache_write_cost_usd end as cache_write_cost_usd,
        case when p.run_id is null then c.output_cost_usd else p.output_cost_usd end as output_cost_usd,
        case when p.run_id is null then c.other_cost_usd else p.other_cost_usd end as other_cost_usd,
        case when p.run_id is null then c.unpriced_reason else p.unpriced_reason end as unpriced_reason,
        case when p.run_id is null then c.price_source else p.price_source end as price_source,
        case when p.run_id is null then c.price_id else p.price_id end as price_id,
        case when p.run_id is null then c.priced_at else p.priced_at end as priced_at
    ),
    p.run_id as pricing_run
from calls c
left join span_prices p
    on p.run_id = coalesce(getvariable('pricing_run')::integer, chosen_pricing_run())
    and p.trace_id = c.trace_id and p.span_id = c.span_id and p.started_at = c.started_at
where coalesce(getvariable('pricing_run')::integer, chosen_pricing_run(), 0) <> 0
    and (c.record_kind = 'model' or case when p.run_id is null then c.cost_usd else p.cost_usd end is not null);

-- Records as booked beside what each run found, a row per run.
create view repriced_records as
select
    c.*,
    p.run_id as pricing_run,
    p.cost_usd as run_cost_usd,
    p.unpriced_reason as run_unpriced_reason,
    p.price_source as run_price_source,
    p.price_id as run_price_id
from calls c
join span_prices p
    on p.trace_id = c.trace_id and p.span_id = c.span_id and p.started_at = c.started_at;
