import { type Period, periodsOf } from "@spancost/analysis";
import { explainQuestion } from "../../commands/explain-question.ts";
import { segmentQueries, segmentSql } from "../../commands/segment-queries.ts";
import { type Envelope, type Row, schemaOf } from "../../envelope/envelope.ts";
import { toRows } from "../../envelope/from-rows.ts";
import { type Dimension, parseDimensions } from "../../flags/dimensions.ts";
import { Texts } from "../../flags/texts.ts";
import type { Reader } from "../../ports.ts";
import type { PageQuestion } from "./page-question.ts";

/** What each value of each dimension cost in the window and in its baseline: the one that `explain` takes. */
export type CompareEnvelope = Envelope & {
  readonly baseline_periods: number;
};

/** What is compared unless asked otherwise. */
const usual = ["feature", "release", "model", "service", "agent"];

const mostValues = 6;

export const compare: PageQuestion = {
  name: "compare",
  takes: ["since", "until", "baseline", "by", "where", "run"],
  needsStore: () => true,
  prepare(texts, now) {
    const by = parseDimensions(texts.all("by").length > 0 ? texts.all("by") : usual, "by");
    // What is compared may be any dimension; which baseline is fitting does not hang on it.
    const { by: _, ...others } = texts.toObject();
    const question = explainQuestion(new Texts(Object.entries(others)), now);
    return async ({ reader }) => {
      const periods = await periodsOf(segmentQueries(reader), question);
      const base = { schema: schemaOf("page-compare"), warnings: [] };
      if (periods === undefined) {
        return { ...base, window: null, baseline_periods: 0, rows: [], no_data: true };
      }
      const { window, baseline } = periods;
      const segment = segmentSql(question.where ?? {});
      const rows = await values(reader, window, baseline, by, segment);
      return { ...base, window, baseline_periods: baseline.length, rows };
    };
  },
};

async function values(
  reader: Reader,
  window: Period,
  baseline: readonly Period[],
  by: readonly Dimension[],
  segment: ReturnType<typeof segmentSql>,
): Promise<Row[]> {
  const length = baseline.reduce((sum, period) => sum + lengthOf(period), 0);
  const scale = length === 0 ? 0 : lengthOf(window) / length;
  const sql = valuesSql(by, within([window]), within(baseline), segment.conditions);
  const rows = toRows(await reader.readRows(sql, { ...segment.variables, scale }));
  return rows.map((row) => ({ ...row, dimension: by[Number(row["dimension"])]?.name ?? "" }));
}

/**
 * Of each dimension the values that changed most. Calls are first combined that have all values in common: a few
 * thousand rows are then summed up for each dimension, and not all calls.
 * A cost of calls that all have no price is unknown, and so is its change; such values come first among those that did
 * not change.
 */
function valuesSql(
  by: readonly Dimension[],
  inWindow: string,
  inBaseline: string,
  conditions: readonly string[],
): string {
  const dims = by.map((_, index) => `dim_${index}`);
  const ofDimension = (then: (dim: string, index: number) => string) =>
    `case ${dims.map((dim, index) => `when grouping(${dim}) = 0 then ${then(dim, index)}`).join(" ")} end`;
  return `
with calls as (
    select
        ${by.map(({ sql }, index) => `(${sql})::varchar as dim_${index},`).join("\n        ")}
        cost_usd,
        ${inWindow} as is_now
    from cost_records
    where ${[`(${inWindow} or ${inBaseline})`, ...conditions].join("\n        and ")}
), combined as materialized (
    select ${dims.join(", ")}, is_now, sum(cost_usd) as cost_usd, count(*) as calls, count(cost_usd) as priced_calls
    from calls
    group by all
), grouped as (
    select
        ${ofDimension((_, index) => String(index))} as dimension,
        ${ofDimension((dim) => dim)} as value,
        sum(cost_usd) filter (is_now) as cost_usd,
        coalesce(sum(calls) filter (is_now), 0)::bigint as calls,
        coalesce(sum(calls - priced_calls) filter (is_now), 0)::bigint as unpriced_calls,
        sum(cost_usd) filter (not is_now)::double * getvariable('scale') as baseline_cost_usd,
        coalesce(sum(calls) filter (not is_now), 0)::double * getvariable('scale') as baseline_calls
    from combined
    group by grouping sets (${dims.map((dim) => `(${dim})`).join(", ")})
), changed as (
    select
        *,
        case
            when getvariable('scale') = 0 then null
            when (calls > 0 and cost_usd is null) or (baseline_calls > 0 and baseline_cost_usd is null) then null
            else coalesce(cost_usd, 0)::double - coalesce(baseline_cost_usd, 0)
        end as delta_usd,
        count(*) over (partition by dimension) as values_of_dimension
    from grouped
)
select *
from changed
qualify row_number() over (
    partition by dimension
    order by abs(coalesce(delta_usd, 0)) desc, delta_usd is null desc, cost_usd desc nulls last, value
) <= ${mostValues}
order by dimension, abs(coalesce(delta_usd, 0)) desc, delta_usd is null desc, cost_usd desc nulls last, value`;
}

/** That a call started in one of the periods. */
function within(periods: readonly Period[]): string {
  const conditions = periods.map(
    ({ since, until }) =>
      `(started_at >= timestamp '${since}' and started_at < timestamp '${until}')`,
  );
  return conditions.length === 0 ? "false" : `(${conditions.join(" or ")})`;
}

function lengthOf({ since, until }: Period): number {
  return Date.parse(until) - Date.parse(since);
}
