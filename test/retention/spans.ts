import { type SpanFacts, spanIdFromHex, type TraceId, type UnixMicros } from "@spancost/records";
import { tokenCount } from "@spancost/semconv";
import type { Store } from "@spancost/store";
import { emptyFacts } from "../settling/empty-facts.ts";

export const millisPerDay = 86_400_000;

/** Midnight of the day that tests count from: day 0. */
export const firstDay = Date.UTC(2026, 9, 1);

/** "2026-10-01" for 0. */
export function dateOf(day: number): string {
  return new Date(firstDay + day * millisPerDay).toISOString().slice(0, 10);
}

/** A span in short. Times are in milliseconds after midnight of `day`. */
export interface Sketch {
  readonly trace: number;
  readonly span: number;
  readonly day: number;
  readonly at: number;
  readonly takes?: number;
  readonly parent?: number;
  readonly node?: SpanFacts["node"];
  readonly feature?: string;
  /** Pico-dollars. */
  readonly cost?: bigint;
  readonly emitter?: string;
}

export function traceIdOf(trace: number): TraceId {
  return (trace + 1).toString(16).padStart(32, "0") as TraceId;
}

/** The facts of a span: of a call with usage, unless its node is another. */
export function spanOf(sketch: Sketch): SpanFacts {
  const { trace, span, day, at, takes = 1_000, parent, node = "call", cost } = sketch;
  const startedAt = (firstDay + day * millisPerDay + at) * 1_000;
  const base = {
    ...emptyFacts,
    traceId: traceIdOf(trace),
    spanId: spanIdFromHex((span + 1).toString(16).padStart(16, "0")),
    parentSpanId:
      parent === undefined ? undefined : spanIdFromHex((parent + 1).toString(16).padStart(16, "0")),
    startedAt: startedAt as UnixMicros,
    endedAt: (startedAt + takes * 1_000) as UnixMicros,
    node,
    feature: sketch.feature,
    emitter: sketch.emitter,
  };
  if (node !== "call") return base as SpanFacts;
  return {
    ...base,
    requestModel: "m",
    usageQuality: "measured",
    inputTokens: tokenCount(10),
    outputTokens: tokenCount(2),
    costUsd: cost,
    otherCostUsd: cost,
    ...(cost === undefined ? { unpricedReason: "unknown_model" } : {}),
  } as SpanFacts;
}

/** Records per day, and their exact sum. */
export async function daysOf(store: Store): Promise<readonly DayTotals[]> {
  const { rows } = await store.readRows(`
    select started_at::date::varchar as date, count(*) as calls, coalesce(sum(cost_usd), 0) as usd
    from cost_records group by 1 order by 1`);
  return rows as unknown as readonly DayTotals[];
}

export interface DayTotals {
  readonly date: string;
  readonly calls: number;
  readonly usd: string;
}

/** All records with all that they say. */
export async function recordsOf(store: Store, where = "true"): Promise<readonly unknown[]> {
  const sql = `select * from cost_records where ${where} order by started_at, trace_id, span_id`;
  return (await store.readRows(sql)).rows;
}

export async function countOf(store: Store, table: string, where = "true"): Promise<number> {
  const { rows } = await store.readRows(`select count(*) as n from ${table} where ${where}`);
  return Number(rows[0]?.["n"]);
}

/** "1.000000000001" as pico-dollars, for sums. */
export function picoOf(usd: string): bigint {
  const [whole = "", fraction = ""] = usd.split(".");
  return BigInt(whole + fraction.padEnd(12, "0"));
}
