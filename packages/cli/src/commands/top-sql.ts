import type { Dimension } from "../flags/dimensions.ts";

/** The condition that a call started in the window. */
export const inWindow = "started_at >= getvariable('since') and started_at < getvariable('until')";

/**
 * What is summed up of each group of calls. Sums pass over what is unknown; a sum of nothing is NULL. The whole is
 * summed over the groups: over the calls, DuckDB would keep every one of them, which takes five times as long.
 */
const sums = `
    sum(cost_usd) as cost_usd,
    sum(cost_usd) / nullif(sum(sum(cost_usd)) over (), 0) as share,
    count(*) as calls,
    count(*) filter (cost_usd is null) as unpriced_calls,
    count(*) filter (usage_quality = 'missing') as unknown_usage_calls,
    sum(cost_usd) / nullif(count(cost_usd), 0) as cost_per_call_usd,
    count(distinct trace_id) as requests,
    sum(input_tokens)::bigint as input_tokens,
    sum(cache_read_tokens)::bigint as cache_read_tokens,
    sum(output_tokens)::bigint as output_tokens`;

function callsSql(by: readonly Dimension[], conditions: readonly string[]): string {
  const values = by.map(({ sql }, index) => `${sql} as dim_${index},`).join("\n        ");
  return `with calls as (
    select
        ${values}
        trace_id, cost_usd, usage_quality, input_tokens, cache_read_tokens, output_tokens
    from cost_records
    where ${inWindow}
        ${conditions.map((condition) => `and ${condition}`).join("\n        ")}
)`;
}

function dims(by: readonly Dimension[]): string {
  return by.map((_, index) => `dim_${index}`).join(", ");
}

/** A row per group, dearest first, unknown last. `limit` 0 is all. */
export function topSql(
  by: readonly Dimension[],
  conditions: readonly string[],
  limit: number,
): string {
  const names = by.map(({ name }, index) => `dim_${index} as "${name.replaceAll('"', '""')}",`);
  return `${callsSql(by, conditions)}
select
    ${names.join(" ")}${sums}
from calls
group by ${dims(by)}
order by sum(cost_usd) desc nulls last, count(*) desc, ${dims(by)}
${limit === 0 ? "" : `limit ${limit}`}`;
}

/** One row: the sums of all groups, and how many there are. */
export function totalSql(by: readonly Dimension[], conditions: readonly string[]): string {
  return `${callsSql(by, conditions)}
select count(distinct (${dims(by)}${by.length === 1 ? ", 0" : ""})) as groups,${sums}
from calls`;
}

/** Why calls have no price: a row per reason, with the models that are most often affected. */
export function unpricedSql(conditions: readonly string[]): string {
  return `with unpriced as (
    select unpriced_reason, coalesce(response_model, request_model, 'no named model') as model, count(*) as calls
    from cost_records
    where ${inWindow}
        and cost_usd is null
        ${conditions.map((condition) => `and ${condition}`).join("\n        ")}
    group by all
)
select
    unpriced_reason,
    sum(calls)::bigint as calls,
    array_to_string(list(model order by calls desc, model)[:3], ', ')
        || case when count(*) > 3 then ' and ' || (count(*) - 3) || ' more' else '' end as models
from unpriced
group by unpriced_reason
order by calls desc, unpriced_reason`;
}
