import type { PicoUsd } from "@spancost/pricing";
import type { Comparison, Period } from "../baseline/windows.ts";
import { roundedQuotient } from "../bridge/fixed-point.ts";
import { countOf, knownMoneyOf, type Reader } from "../reading/reader.ts";

/** How large a window is. */
export interface Totals {
  /** Of priced calls; `undefined` where none has a price. */
  readonly cost: PicoUsd | undefined;
  readonly calls: bigint;
  readonly unpricedCalls: bigint;
  readonly requests: bigint;
  /** Different ones that calls tell. */
  readonly users: bigint;
  readonly features: bigint;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
}

/** Of the baseline, what can be scaled to the length of the window; users cannot. */
export interface UsualTotals {
  readonly requests: bigint;
  readonly calls: bigint;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
}

export async function readTotals(reader: Reader, { since, until }: Period): Promise<Totals> {
  const [row] = (await reader.ask("window-totals", { since, until })).rows;
  if (!row) throw new TypeError("the query window-totals gave no row");
  return {
    cost: knownMoneyOf(row, "cost_usd"),
    calls: countOf(row, "calls"),
    unpricedCalls: countOf(row, "unpriced_calls"),
    requests: countOf(row, "requests"),
    users: countOf(row, "users"),
    features: countOf(row, "features"),
    inputTokens: countOf(row, "input_tokens"),
    outputTokens: countOf(row, "output_tokens"),
  };
}

export async function readUsualTotals(
  reader: Reader,
  { baseline, scale }: Comparison,
): Promise<UsualTotals> {
  const sums = { requests: 0n, calls: 0n, inputTokens: 0n, outputTokens: 0n };
  for (const period of baseline) {
    const totals = await readTotals(reader, period);
    sums.requests += totals.requests;
    sums.calls += totals.calls;
    sums.inputTokens += totals.inputTokens;
    sums.outputTokens += totals.outputTokens;
  }
  const scaled = (count: bigint) => roundedQuotient(count * scale.times, scale.over);
  return {
    requests: scaled(sums.requests),
    calls: scaled(sums.calls),
    inputTokens: scaled(sums.inputTokens),
    outputTokens: scaled(sums.outputTokens),
  };
}
