-- 0010: what questions that compare a window with what was before it have in common stands here once, and not in each.
--
-- They read variables, and so each question sees these views as it set them. `queries/README.md` says what they hold.

-- Whether a variable that narrows a question down is not set, or says just this value; '(none)' is what has none.
create macro is_asked(name, value) as
    getvariable(name) is null or coalesce(value::varchar, '(none)') = getvariable(name)::varchar;

-- A value that `told` names, JSON of {dimension: values, …}. Others are '(other)'; all are told of a dimension that is not
-- in it, and none of one that has no values there.
create macro told_as(dimension, value) as case
    when json_array_length(getvariable('told'), '$.' || dimension) = 0 then null
    when not coalesce(json_exists(getvariable('told'), '$.' || dimension), false) or value is null
        or list_contains(json_extract_string(getvariable('told'), '$.' || dimension || '[*]'), value)
        then value
    else '(other)'
end;

-- Likewise the value of the nth tag that `told` names, counted from 0; of what is not there null.
create macro told_tag(nth, tags) as case
    when tags[json_extract_string(getvariable('told'), '$.tags[' || nth || '].name')] is null
        or list_contains(
            json_extract_string(getvariable('told'), '$.tags[' || nth || '].values[*]'),
            tags[json_extract_string(getvariable('told'), '$.tags[' || nth || '].name')]
        )
        then tags[json_extract_string(getvariable('told'), '$.tags[' || nth || '].name')]
    else '(other)'
end;

-- The window that was asked for, in how many days' steps its baseline goes back from it, and by how many of them.
create macro asked_since() as getvariable('since')::timestamp;
create macro asked_until() as getvariable('until')::timestamp;
create macro days_apart() as to_days(ceil(epoch(asked_until() - asked_since()) / 86400)::integer);
create macro baseline_days() as string_split(coalesce(getvariable('baseline_days'), '1,2,3,4,5,6,7'), ',')::bigint[];
create macro baseline_day(nth) as baseline_days()[nth];

-- The window, without variables the last 24 hours that have records, and the periods of its baseline.
create view compared_periods as
with

asked as (

    select
        coalesce(asked_until(), date_trunc('minute', max(started_at)) + interval 1 minute) as until,
        coalesce(asked_since(), until - interval 1 day) as since,
        to_days(ceil(epoch(until - since) / 86400)::integer) as step,
        min(started_at) as first_call,
        date_trunc('hour', first_call) as first_hour
    from cost_records

)

select 0::bigint as period, since, until, first_call
from asked

union all

select n, greatest(since - n * step, first_hour), until - n * step, first_call
from asked
cross join (select unnest(baseline_days()) as n)
where getvariable('baseline_since') is null
    and until - n * step > first_hour

union all

select
    1,
    getvariable('baseline_since')::timestamp,
    coalesce(getvariable('baseline_until')::timestamp, since),
    first_call
from asked
where getvariable('baseline_since') is not null;

-- From when until when these periods are. Constants once the variables are set: a scan then skips what lies outside.
create macro compared_since() as case
    when asked_since() is null or asked_until() is null then '-infinity'::timestamp
    when getvariable('baseline_since') is not null then least(asked_since(), getvariable('baseline_since')::timestamp)
    else asked_since() - list_max(baseline_days()) * days_apart()
end;
create macro compared_until() as greatest(
    coalesce(asked_until(), 'infinity'::timestamp),
    case when getvariable('baseline_since') is not null then getvariable('baseline_until')::timestamp end
);

-- The records of that time.
create view compared_records as
select
    *,
    coalesce(response_model, request_model, case when record_kind = 'tool' then tool end) as model,
    case
        when loop_iteration <= 2 then loop_iteration::varchar
        when loop_iteration <= 4 then '3-4'
        when loop_iteration <= 8 then '5-8'
        when loop_iteration <= 16 then '9-16'
        when loop_iteration > 16 then '17+'
    end as loop_depth
from labelled_records
where started_at >= compared_since() and started_at < compared_until();

create macro is_lengths_before(instant, n) as
    instant >= asked_since() - n * days_apart() and instant < asked_until() - n * days_apart();
create macro before_end(instant) as epoch_us(asked_until()) - 1 - epoch_us(instant);

-- The period that an instant is in: 0 is the window, n the nth length of it before, in whole days; null between them, and
-- wherever `since` or `until` is not set. Seven comparisons with constants, all that there are as a rule, take a fourth of
-- the time of a division. Not in the view above: to bind it takes as long as to read 100,000 records.
create macro period_of(instant) as case
    when is_lengths_before(instant, 0) then 0
    when getvariable('baseline_since') is not null then
        case
            when instant >= getvariable('baseline_since')::timestamp
                and instant < coalesce(getvariable('baseline_until')::timestamp, asked_since())
                then 1
        end
    when is_lengths_before(instant, baseline_day(1)) then baseline_day(1)
    when is_lengths_before(instant, baseline_day(2)) then baseline_day(2)
    when is_lengths_before(instant, baseline_day(3)) then baseline_day(3)
    when is_lengths_before(instant, baseline_day(4)) then baseline_day(4)
    when is_lengths_before(instant, baseline_day(5)) then baseline_day(5)
    when is_lengths_before(instant, baseline_day(6)) then baseline_day(6)
    when is_lengths_before(instant, baseline_day(7)) then baseline_day(7)
    when len(baseline_days()) > 7
        and list_contains(baseline_days(), before_end(instant) // epoch_us(days_apart()))
        and before_end(instant) % epoch_us(days_apart()) < epoch_us(asked_until()) - epoch_us(asked_since())
        then before_end(instant) // epoch_us(days_apart())
end;

-- Those of them whose labels are as the variables say.
create view asked_records as
select *
from compared_records
where is_asked('feature', feature)
    and is_asked('release', release)
    and is_asked('model', model)
    and is_asked('service', service)
    and is_asked('environment', environment)
    and is_asked('team', team)
    and is_asked('user_id', user_id)
    and is_asked('conversation_id', conversation_id)
    and is_asked('region', region)
    and is_asked('agent', agent)
    and is_asked('tool', tool)
    and is_asked('provider', provider)
    and is_asked('prompt_name', prompt_name)
    and is_asked('prompt_version', prompt_version)
    and is_asked('operation', operation)
    and is_asked('retry_count', retry_count)
    and is_asked('loop_depth', loop_depth)
    and is_asked('agent_depth', agent_depth)
    and (
        getvariable('tag') is null
        or list_bool_and(list_transform(
            case
                when starts_with(getvariable('tag'), '[') then json_extract_string(getvariable('tag'), '$[*]')
                else [getvariable('tag')]
            end,
            lambda one: coalesce(tags[split_part(one, '=', 1)], '(none)') = substr(one, strpos(one, '=') + 1)
        ))
    );

-- The labels that the labels number of a record stands for.
create view record_labels as
select label_set as labels_number, * exclude (label_set, labels_hash)
from label_sets

union all by name

-- Of records that have no label set their own.
select
    labels_number, feature, release, model, service, environment, team, region, agent, tool, provider, prompt_name,
    prompt_version, operation, service_tier, record_kind, tags
from compared_records
where label_set is null;

-- What the records of each value of `dimension`, which is a column or made of columns, cost in the window and in its
-- baseline. All baseline figures are scaled to the length of the window. See queries/spike-by-feature.sql.
create macro spike_by(dimension) as table
with

periods as (

    select period = 0 as is_window, since, until
    from compared_periods

),

lengths as (

    select
        sum(epoch_us(until) - epoch_us(since)) filter (is_window) as window_us,
        sum(epoch_us(until) - epoch_us(since)) filter (not is_window) as baseline_us,
        window_us / baseline_us as scale
    from periods

),

-- A record of window and baseline at once, where these were named so, counts in both.
compared as (

    select
        periods.is_window,
        dimension as value,
        calls.input_tokens,
        calls.output_tokens,
        calls.usage_quality,
        calls.cost_usd
    from compared_records as calls
    join periods on calls.started_at >= periods.since and calls.started_at < periods.until
    where is_asked('feature', feature)
        and is_asked('release', release)
        and is_asked('model', model)

),

by_value as (

    select
        value,
        count(*) filter (is_window) as calls,
        count(*) filter (not is_window) as baseline_calls,
        count(*) filter (is_window and cost_usd is null) as unpriced_calls,
        count(*) filter (is_window and usage_quality = 'missing') as unknown_usage_calls,
        count(*) filter (not is_window and cost_usd is null) as baseline_unpriced_calls,
        case when calls > 0 then sum(cost_usd) filter (is_window) else 0 end as cost_usd,
        case when baseline_calls > 0 then sum(cost_usd) filter (not is_window) else 0 end as baseline_cost_usd,
        avg(input_tokens) filter (is_window) as input_tokens_per_call,
        avg(input_tokens) filter (not is_window) as baseline_input_tokens_per_call,
        avg(output_tokens) filter (is_window) as output_tokens_per_call,
        avg(output_tokens) filter (not is_window) as baseline_output_tokens_per_call
    from compared
    group by value

),

scaled as (

    select
        * exclude (baseline_calls, baseline_unpriced_calls, baseline_cost_usd),
        coalesce(baseline_calls * scale, 0) as baseline_calls,
        coalesce(baseline_unpriced_calls * scale, 0) as baseline_unpriced_calls,
        -- Whole numbers all the way: a division of decimals would pass through a double.
        case
            when baseline_us is null then 0
            else (
                (2 * (baseline_cost_usd * 1000000000000)::hugeint * window_us + baseline_us)
                // (2 * baseline_us)
            )::decimal(38, 0) * 0.000000000001
        end as baseline_cost_usd
    from by_value
    cross join lengths

)

select
    value,
    cost_usd,
    baseline_cost_usd,
    cost_usd - baseline_cost_usd as delta_cost_usd,
    delta_cost_usd / nullif(sum(delta_cost_usd) over (), 0) as share_of_delta,
    calls,
    baseline_calls,
    calls - baseline_calls as delta_calls,
    input_tokens_per_call,
    input_tokens_per_call - baseline_input_tokens_per_call as delta_input_tokens_per_call,
    output_tokens_per_call,
    output_tokens_per_call - baseline_output_tokens_per_call as delta_output_tokens_per_call,
    unpriced_calls,
    unknown_usage_calls,
    baseline_unpriced_calls
from scaled;
