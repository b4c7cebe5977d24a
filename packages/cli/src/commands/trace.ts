import { usualAttribution } from "@spancost/analysis";
import { readQueryFile } from "@spancost/store";
import type { Command } from "commander";
import { type Cell, type Envelope, type Row, schemaOf } from "../envelope/envelope.ts";
import { toRows } from "../envelope/from-rows.ts";
import { NoDataError, UsageError } from "../errors.ts";
import { parseDimensions } from "../flags/dimensions.ts";
import type { Texts } from "../flags/texts.ts";
import type { Reader } from "../ports.ts";
import { traceTable } from "../render/trace.ts";
import type { ReadingCommand } from "./reading-command.ts";
import { trustOf, trustWarnings } from "./trust.ts";

/** Answer of `spancost trace`: a row per span, as the tree is read. */
export type TraceEnvelope = Envelope & {
  readonly trace_id: string;
  readonly total: Row;
  readonly trust: Row;
};

export const trace: ReadingCommand = {
  name: "trace",
  takes: ["trace_id", "run"],
  needsStore: () => true,
  tellsWindow: true,

  define(program: Command): Command {
    return program
      .command("trace")
      .description("one trace as a tree: cost, tokens, retries and loop steps per span")
      .argument("<TRACE_ID>", "32 hex digits, or the first 8 or more of them")
      .addHelpText(
        "after",
        "\nExamples:\n  spancost trace 4bf92f35\n  spancost trace 4bf92f3577b34da6a3ce929d0e0e4736 --json",
      );
  },

  prepare(texts: Texts) {
    const asked = texts.one("trace_id")?.toLowerCase() ?? "";
    if (!/^[0-9a-f]{8,32}$/.test(asked)) {
      throw new UsageError(
        `TRACE_ID takes 8 to 32 hex digits, not "${asked}". The dearest traces: spancost query cost-per-trace.`,
      );
    }
    return async ({ reader }) => answer(reader, await wholeId(reader, asked));
  },

  table: (envelope, page) => traceTable(envelope as TraceEnvelope, page),
};

/** @throws NoDataError, UsageError where no trace or more than one begins with `prefix` */
async function wholeId(reader: Reader, prefix: string): Promise<string> {
  const { rows } = await reader.readRows(
    "select trace_id from traces where starts_with(trace_id, getvariable('prefix')) order by trace_id limit 4",
    { prefix },
  );
  const ids = rows.map((row) => String(row["trace_id"]));
  const [first, ...more] = ids;
  if (first === undefined) {
    throw new NoDataError(
      `no trace ${prefix.length < 32 ? "that begins with " : ""}${prefix} is stored. ` +
        "The dearest ones that are: spancost query cost-per-trace.",
    );
  }
  if (more.length === 0) return first;
  throw new UsageError(
    `several traces begin with ${prefix}: ${ids.slice(0, 3).join(", ")}${ids.length > 3 ? " …" : ""}. Type more digits.`,
  );
}

const ofTrace = "trace_id = getvariable('trace_id')";

/** Of its spans and its records: the spans may have expired. */
const totalsSql = `
select
    min(started_at) as since,
    max(started_at + to_microseconds((duration_ms * 1000)::bigint)) as until,
    max(epoch_us(started_at) / 1000 + duration_ms) - min(epoch_us(started_at)) / 1000 as duration_ms,
    count(*) filter (is_span) as spans
from (
    select started_at, duration_ms, true as is_span from spans where ${ofTrace}
    union all
    select started_at, duration_ms, false from cost_records where ${ofTrace}
) found`;

const expiredSql = `
select count(*) as calls
from (select span_id from cost_records where ${ofTrace}) records
where span_id not in (select span_id from spans where ${ofTrace})`;

const callsSql = `
select
    sum(cost_usd) as cost_usd,
    count(*) as calls,
    count(*) filter (record_kind = 'tool') as tool_calls,
    count(*) filter (cost_usd is null) as unpriced_calls,
    sum(retry_count)::bigint as retries,
    max(loop_iteration) as max_loop_iteration,
    max(agent_depth) as max_agent_depth,
    sum(input_tokens)::bigint as input_tokens,
    sum(cache_read_tokens)::bigint as cache_read_tokens,
    sum(output_tokens)::bigint as output_tokens,
    count(retry_count) as calls_with_retries_known
from cost_records
where ${ofTrace}`;

async function answer(reader: Reader, traceId: string): Promise<TraceEnvelope> {
  const read = async (sql: string) => toRows(await reader.readRows(sql, { trace_id: traceId }));
  const rows = await read(readQueryFile("trace-spans").sql);
  const [spans = {}] = await read(totalsSql);
  const [calls = {}] = await read(callsSql);
  const [expired = {}] = await read(expiredSql);
  const text = (value: Cell | undefined) => (typeof value === "string" ? value : "");
  const trust = await trustOf(
    reader,
    [ofTrace],
    { trace_id: traceId },
    parseDimensions(usualAttribution, "by"),
  );
  return {
    schema: schemaOf("trace"),
    window: { since: text(spans["since"]), until: text(spans["until"]) },
    trace_id: traceId,
    rows,
    total: {
      ...pick(calls, ["cost_usd", "calls", "tool_calls", "unpriced_calls", "retries"]),
      ...pick(calls, ["max_loop_iteration"]),
      ...pick(calls, ["max_agent_depth", "input_tokens", "cache_read_tokens", "output_tokens"]),
      ...pick(spans, ["spans", "duration_ms"]),
    },
    trust: { ...trust, ...pick(calls, ["calls_with_retries_known"]) },
    warnings: [
      ...expiredWarnings(Number(expired["calls"]), traceId),
      ...unpricedWarnings(rows),
      ...trustWarnings(trust),
    ],
  };
}

function pick(row: Row, names: readonly string[]): Row {
  return Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
}

function expiredWarnings(calls: number, traceId: string): string[] {
  if (calls === 0) return [];
  const [some, its] =
    calls === 1 ? ["1 call", "its span has"] : [`${calls} calls`, "their spans have"];
  return [
    `${some} of this trace ${calls === 1 ? "is" : "are"} in the totals and not in the tree: ${its} expired. ` +
      `What is left: spancost query --sql "from cost_records where trace_id = '${traceId}'".`,
  ];
}

function unpricedWarnings(rows: readonly Row[]): string[] {
  const reasons = new Map<string, number>();
  for (const { role, cost_usd: cost, unpriced_reason: reason, model } of rows) {
    if (role !== "billable" || cost !== null) continue;
    const key = `${model ?? "no named model"} (${reason})`;
    reasons.set(key, (reasons.get(key) ?? 0) + 1);
  }
  return [...reasons].map(
    ([key, calls]) =>
      `${calls} ${calls === 1 ? "call" : "calls"} of ${key}: no price, so the cost is unknown and in no sum here.`,
  );
}
