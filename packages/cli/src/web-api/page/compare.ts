import { type Period, periodsOf } from "@spancost/analysis";
import { explainQuestion } from "../../commands/explain-question.ts";
import { segmentQueries, segmentSql } from "../../commands/segment-queries.ts";
import { type Envelope, type Row, schemaOf } from "../../envelope/envelope.ts";
import { toRows } from "../../envelope/from-rows.ts";
import { type Dimension, parseDimensions } from "../../flags/dimensions.ts";
import type { Reader } from "../../ports.ts";
import type { PageQuestion } from "./page-question.ts";

/** What each value of each dimension cost in the window and in its baseline: the one that `explain` takes. */
export type CompareEnvelope = Envelope & {
  readonly baseline_periods: number;
};

/** What is compared unless asked otherwise. */
const usual = [
  "feature",
  "release",
  "model",
  "service",
  "agent",
  "tool",
  "team",
  "user_id",
  "environment",
  "prompt_name",
  "operation",
  "loop_depth",
  "agent_depth",
  "retry_count",
  "status",
];

const mostValues = 6;

export const compare: PageQuestion = {
  name: "compare",
  takes: ["since", "until", "baseline", "by", "where", "run"],
  needsStore: () => true,
  prepare(texts, now) {
    const by = parseDimensions(texts.all("by").length > 0 ? texts.all("by") : usual, "by");
    const question = explainQuestion(texts.with([["by", []]]), now);
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
  const inBaseline =
    baseline.map(({ since, until }) => `(${between(since, until)})`).join(" or ") || "false";
  const length = baseline.reduce((sum, period) => sum + lengthOf(period), 0);
  const scale = length === 0 ? 0 : lengthOf(window) / length;
  const sql = `
with calls as (
    select
        ${by.map(({ sql }, index) => `(${sql})::varchar as dim_${index},`).join("\n        ")}
        cost_usd,
        ${between(window.since, window.until)} as is_now
    from cost_records
    where (${between(window.since, window.until)} or ${inBaseline})
        ${segment.conditions.map((condition) => `and ${condition}`).join("\n        ")}
), grouped as (
    select
        ${by.map((_, index) => `when grouping(dim_${index}) = 0 then ${index}`).reduce((cases, one) => `${cases} ${one}`, "case")} end as dimension,
        ${by.map((_, index) => `when grouping(dim_${index}) = 0 then dim_${index}`).reduce((cases, one) => `${cases} ${one}`, "case")} end as value,
        sum(cost_usd) filter (is_now) as cost_usd,
        count(*) filter (is_now) as calls,
        count(*) filter (is_now and cost_usd is null) as unpriced_calls,
        sum(cost_usd) filter (not is_now)::double * ${scale} as baseline_cost_usd,
        count(*) filter (not is_now) * ${scale} as baseline_calls
    from calls
    group by grouping sets (${by.map((_, index) => `(dim_${index})`).join(", ")})
), ranked as (
    select
        *,
        coalesce(cost_usd, 0)::double - coalesce(baseline_cost_usd, 0) as delta_usd,
        sum(cost_usd) over of_dimension as all_cost_usd,
        sum(baseline_cost_usd) over of_dimension as all_baseline_cost_usd,
        count(*) over of_dimension as values_of_dimension,
        row_number() over (
            partition by dimension
            order by abs(coalesce(cost_usd, 0)::double - coalesce(baseline_cost_usd, 0)) desc, value
        ) as place
    from grouped
    window of_dimension as (partition by dimension)
)
select
    dimension, value, cost_usd, calls, unpriced_calls, baseline_cost_usd, baseline_calls, delta_usd,
    cost_usd::double / nullif(all_cost_usd, 0)::double as share,
    baseline_cost_usd / nullif(all_baseline_cost_usd, 0) as baseline_share,
    values_of_dimension
from ranked
where place <= ${mostValues}
order by dimension, place`;
  const rows = toRows(await reader.readRows(sql, segment.variables));
  return rows.map((row) => ({ ...row, dimension: by[Number(row["dimension"])]?.name ?? "" }));
}

function between(since: string, until: string): string {
  return `started_at >= timestamp '${since}' and started_at < timestamp '${until}'`;
}

function lengthOf({ since, until }: Period): number {
  return Date.parse(until) - Date.parse(since);
}
