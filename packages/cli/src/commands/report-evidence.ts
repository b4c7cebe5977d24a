import { explain, type Question, type Segment, type SegmentReader } from "@spancost/analysis";
import type { FileColumn } from "@spancost/store";
import { type Envelope, schemaOf } from "../envelope/envelope.ts";
import { toRows } from "../envelope/from-rows.ts";
import type { Reader } from "../ports.ts";
import { segmentSql } from "./segment-queries.ts";

/**
 * What a record in the evidence says: attribution, tokens and money.
 *
 * Nothing of it is content: spancost has none. `user_id` and `conversation_id` are there, for whose spend it was is
 * part of the evidence; whoever passes the file on may drop the columns.
 */
export const evidenceColumns: readonly FileColumn[] = [
  { name: "trace_id", type: "varchar" },
  { name: "span_id", type: "varchar" },
  { name: "parent_span_id", type: "varchar" },
  { name: "started_at", type: "timestamp" },
  { name: "duration_ms", type: "double" },
  { name: "service", type: "varchar" },
  { name: "environment", type: "varchar" },
  { name: "region", type: "varchar" },
  { name: "release", type: "varchar" },
  { name: "feature", type: "varchar" },
  { name: "team", type: "varchar" },
  { name: "user_id", type: "varchar" },
  { name: "conversation_id", type: "varchar" },
  { name: "agent", type: "varchar" },
  { name: "tool", type: "varchar" },
  { name: "prompt_name", type: "varchar" },
  { name: "prompt_version", type: "varchar" },
  { name: "operation", type: "varchar" },
  { name: "provider", type: "varchar" },
  { name: "request_model", type: "varchar" },
  { name: "response_model", type: "varchar" },
  { name: "status", type: "varchar" },
  { name: "error_type", type: "varchar" },
  { name: "agent_depth", type: "integer" },
  { name: "loop_iteration", type: "integer" },
  { name: "retry_count", type: "integer" },
  { name: "retry_evidence", type: "varchar" },
  { name: "usage_quality", type: "varchar" },
  { name: "input_tokens", type: "bigint" },
  { name: "cache_read_tokens", type: "bigint" },
  { name: "cache_write_tokens", type: "bigint" },
  { name: "output_tokens", type: "bigint" },
  { name: "reasoning_tokens", type: "bigint" },
  { name: "cost_usd", type: "decimal(18, 12)" },
  { name: "input_cost_usd", type: "decimal(18, 12)" },
  { name: "cache_read_cost_usd", type: "decimal(18, 12)" },
  { name: "cache_write_cost_usd", type: "decimal(18, 12)" },
  { name: "output_cost_usd", type: "decimal(18, 12)" },
  { name: "other_cost_usd", type: "decimal(18, 12)" },
  { name: "unpriced_reason", type: "varchar" },
  { name: "price_source", type: "varchar" },
  { name: "price_id", type: "varchar" },
];

/** Records in one piece of evidence: several megabytes as JSON, which is how a receiver sends them. */
const mostRecords = 50_000;

/**
 * The records of the findings, those of their dearest traces whole, and the traces that a report shows beside.
 *
 * Where there are more than `mostRecords`, the dearest traces are kept whole and a warning says so. Of a window
 * without a finding all its calls count.
 *
 * @param traceIds traces that are in it, wherever they lie
 */
export async function evidenceAnswer(
  reader: Reader,
  queries: SegmentReader,
  question: Question,
  traceIds: readonly string[],
): Promise<Envelope> {
  const found = await explain(queries, question);
  const schema = schemaOf("report");
  if (found.kind === "no-data") {
    return { schema, window: null, rows: [], warnings: [], no_data: true };
  }
  const { window, findings } = found;
  const where = question.where ?? {};
  const segments = findings.length === 0 ? [{}] : findings.map(({ segment }) => segment);
  const { condition, variables } = anyOf(segments.map((segment) => ({ ...where, ...segment })));
  const asked = {
    ...variables,
    since: window.since,
    until: window.until,
    trace_ids: [...traceIds],
  };
  const rows = toRows(await reader.readRows(recordsSql(condition), asked));
  const isCut = rows.length > mostRecords;
  const count = mostRecords.toLocaleString("en-US");
  return {
    schema,
    window: { ...window },
    rows: rows.slice(0, mostRecords),
    warnings: isCut
      ? [`The evidence holds the ${count} records of the dearest traces; there are more.`]
      : [],
  };
}

function recordsSql(condition: string): string {
  const columns = evidenceColumns.map(({ name }) => `records.${name}`);
  return `
with in_window as not materialized (
    select *
    from cost_records
    where started_at >= getvariable('since') and started_at < getvariable('until')
),
traces as (
    select
        trace_id,
        count(*) as records,
        sum(records) over (order by sum(cost_usd) desc nulls last, trace_id) as records_so_far
    from in_window
    where ${condition}
    group by trace_id
),
records as (
    select in_window.*
    from in_window
    semi join (from traces where records_so_far - records <= ${mostRecords}) as dear
        on dear.trace_id = in_window.trace_id
    union
    select *
    from cost_records
    -- The list may be empty, and has no type then.
    where list_contains(getvariable('trace_ids')::varchar[], trace_id)
)
select ${columns.join(", ")}
from records
order by started_at, trace_id, span_id
limit ${mostRecords + 1}`;
}

/** Calls of any of the segments. */
function anyOf(segments: readonly Segment[]) {
  const conditions: string[] = [];
  let variables = {};
  for (const [index, segment] of segments.entries()) {
    const one = segmentSql(segment);
    const named = (text: string) => text.replaceAll("'where_", `'segment_${index}_`);
    conditions.push(`(${["true", ...one.conditions.map(named)].join(" and ")})`);
    variables = {
      ...variables,
      ...Object.fromEntries(
        Object.entries(one.variables).map(([name, value]) => [
          name.replace("where_", `segment_${index}_`),
          value,
        ]),
      ),
    };
  }
  return { condition: conditions.join(" or "), variables };
}
