import type { PicoUsd } from "@spancost/pricing";
import type { Period } from "../baseline/windows.ts";
import { countOf, moneyOf, type Reader, type Row, textOf } from "../reading/reader.ts";

/** A trace that is worth opening. */
export interface ExampleTrace {
  readonly traceId: string;
  readonly startedAt: string;
  /** By name; `null` where no call has one. */
  readonly features: string | null;
  readonly releases: string | null;
  readonly models: string | null;
  readonly calls: bigint;
  /** `undefined` where the trace cannot show them. */
  readonly retries: bigint | undefined;
  readonly longestLoop: number | undefined;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly cost: PicoUsd;
}

/** Traces of a segment, to see with one's own eyes what figures say. */
export interface ExampleTraces {
  readonly dearest: readonly ExampleTrace[];
  /** Half of the window's traces cost no more. */
  readonly median: ExampleTrace | undefined;
  /** The same of the baseline. */
  readonly normal: ExampleTrace | undefined;
}

/**
 * @param ofWindow answers of the calls that are to be seen
 * @param ofBaseline answers of the same calls but for versions: a new release has none before
 */
export async function readExampleTraces(
  ofWindow: Reader,
  ofBaseline: Reader,
  window: Period,
  baseline: Period | undefined,
): Promise<ExampleTraces> {
  const now = await tracesIn(ofWindow, window);
  const before = baseline === undefined ? [] : await tracesIn(ofBaseline, baseline);
  const median = (all: readonly Row[]) =>
    all.filter((row) => row["kind"] === "median").map(toTrace);
  return {
    dearest: now.filter((row) => row["kind"] === "dearest").map(toTrace),
    median: median(now)[0],
    normal: median(before)[0],
  };
}

async function tracesIn(reader: Reader, { since, until }: Period): Promise<readonly Row[]> {
  return (await reader.ask("traces-to-look-at", { since, until })).rows;
}

function toTrace(row: Row): ExampleTrace {
  const known = (column: string) => textOf(row, column) ?? undefined;
  const retries = known("retries");
  const longest = known("max_loop_iteration");
  return {
    traceId: textOf(row, "trace_id") ?? "",
    startedAt: textOf(row, "started_at") ?? "",
    features: textOf(row, "features"),
    releases: textOf(row, "releases"),
    models: textOf(row, "models"),
    calls: countOf(row, "calls"),
    retries: retries === undefined ? undefined : BigInt(retries),
    longestLoop: longest === undefined ? undefined : Number(longest),
    inputTokens: countOf(row, "input_tokens"),
    outputTokens: countOf(row, "output_tokens"),
    cost: moneyOf(row, "cost_usd"),
  };
}
