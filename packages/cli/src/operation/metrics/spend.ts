import { picoUsd, usdFromText } from "@spancost/pricing";
import type { Rows, SqlValue, StoreReader } from "@spancost/store";
import { hourMillis } from "../../durations.ts";
import { instantAt } from "../../flags/time.ts";
import type { Invariants } from "../invariants.ts";
import { type Family, gauge, type Sample } from "./family.ts";
import type { Known } from "./last-known.ts";
import { spendSql } from "./spend-sql.ts";

/** What was spent in a window. */
export interface WindowSpend {
  readonly window: "1h" | "24h" | "today";
  readonly calls: number;
  readonly failedCalls: number;
  /** Exact, of the priced calls; `undefined` where there are calls and none has a price. */
  readonly costUsd: string | undefined;
  readonly unpricedCalls: number;
  readonly unknownUsageCalls: number;
  /** As `cost_records` counts them: input includes both of the cache's, output includes reasoning. */
  readonly tokens: Readonly<Record<(typeof tokenKinds)[number], number>>;
}

/** What was spent in the last hour under one value of a dimension. */
export interface ValueSpend {
  readonly dimension: string;
  readonly value: string;
  readonly costUsd: string;
}

/** What was spent lately. */
export interface Spend {
  readonly windows: readonly WindowSpend[];
  readonly values: readonly ValueSpend[];
  /** Spans of traces of the last 24 hours that came more than once, and count once. */
  readonly duplicateSpans: number;
  /** Records whose own numbers do not fit together. */
  readonly wrongRecords: number;
}

const tokenKinds = ["input", "cache_read", "cache_write", "output", "reasoning"] as const;

/** @param now milliseconds since 1970 */
export async function readSpend(reader: StoreReader, now: number): Promise<Spend> {
  const midnight = new Date(now).setUTCHours(0, 0, 0, 0);
  return spendOf(
    await reader.readRows(spendSql, {
      until: instantAt(now),
      hour_since: instantAt(now - hourMillis),
      day_since: instantAt(now - 24 * hourMillis),
      today_since: instantAt(midnight),
    }),
  );
}

type Struct = Readonly<Record<string, SqlValue>>;

function spendOf({ rows: [row = {}] }: Rows): Spend {
  return {
    windows: (row["windows"] as readonly Struct[]).map((struct) => ({
      window: struct["window"] as WindowSpend["window"],
      calls: Number(struct["calls"]),
      failedCalls: Number(struct["failed_calls"]),
      costUsd: (struct["cost_usd"] as string | null) ?? undefined,
      unpricedCalls: Number(struct["unpriced_calls"]),
      unknownUsageCalls: Number(struct["unknown_usage_calls"]),
      tokens: Object.fromEntries(
        tokenKinds.map((kind) => [kind, Number(struct[kind])]),
      ) as WindowSpend["tokens"],
    })),
    values: (row["dimensions"] as readonly Struct[]).map((struct) => ({
      dimension: String(struct["dimension"]),
      value: String(struct["value"]),
      costUsd: String(struct["cost_usd"]),
    })),
    duplicateSpans: Number(row["duplicates"]),
    wrongRecords: Number(row["wrong_records"]),
  };
}

/** Checks what holds of any spend. */
export function checkSpend({ windows, values, wrongRecords }: Spend, invariants: Invariants): void {
  invariants.found("records", wrongRecords);
  const hour = windows.find(({ window }) => window === "1h");
  const total = usdFromText(hour?.costUsd ?? "0");
  const dimensions = new Set(values.map(({ dimension }) => dimension));
  const unequal = [...dimensions].filter((name) => {
    const parts = values.filter(({ dimension }) => dimension === name);
    return parts.reduce((sum, part) => sum + (usdFromText(part.costUsd) ?? 0n), 0n) !== total;
  });
  const isLost = dimensions.size === 0 && total !== picoUsd(0n);
  invariants.found("sums", isLost ? 1 : unequal.length);
}

/**
 * Gauges of what the database says now, and no counters: records change when spans of a trace come late or twice,
 * when a call turns out to be told by two spans, and when prices are chosen anew. A counter could not take back.
 */
export function spendFamilies(known: Known<Spend> | undefined): Family[] {
  if (known === undefined) return [];
  const { windows, values, duplicateSpans } = known.value;
  const each = (samples: (spend: WindowSpend) => readonly Sample[]) => windows.flatMap(samples);
  return [
    gauge(
      "spancost_spend_age_seconds",
      "Age of the numbers that come from the database: it grows where it does not get to answer.",
      known.ageMs / 1000,
    ),
    gauge(
      "spancost_spend_usd",
      "Cost of the calls that began in the window; missing where none of them has a price. Today is UTC's.",
      each(({ window, costUsd }) =>
        costUsd === undefined ? [] : [{ labels: { window }, value: costUsd }],
      ),
    ),
    gauge(
      "spancost_spend_by_usd",
      "The same by feature, model and service: the 20 largest, and all others as other.",
      values.map(({ dimension, value, costUsd }) => ({
        labels: { window: "1h", dimension, value },
        value: costUsd,
      })),
    ),
    gauge(
      "spancost_calls",
      "Calls that began in the window.",
      each(({ window, calls, failedCalls }) => [
        { labels: { window, status: "ok" }, value: calls - failedCalls },
        { labels: { window, status: "error" }, value: failedCalls },
      ]),
    ),
    gauge(
      "spancost_tokens",
      "Their tokens. Input includes cache_read and cache_write, output includes reasoning: do not add those up.",
      each(({ window, tokens }) =>
        tokenKinds.map((kind) => ({ labels: { window, kind }, value: tokens[kind] })),
      ),
    ),
    gauge(
      "spancost_unpriced_calls",
      "Calls without a cost: they are not in spancost_spend_usd.",
      each(({ window, unpricedCalls }) => [{ labels: { window }, value: unpricedCalls }]),
    ),
    gauge(
      "spancost_unknown_usage_calls",
      "Calls that tell no tokens.",
      each(({ window, unknownUsageCalls }) => [{ labels: { window }, value: unknownUsageCalls }]),
    ),
    gauge(
      "spancost_duplicate_spans",
      "Spans of traces begun in the window that came more than once; they count once.",
      [{ labels: { window: "24h" }, value: duplicateSpans }],
    ),
  ];
}
