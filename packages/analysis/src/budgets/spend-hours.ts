import { addUsd, type PicoUsd, zeroUsd } from "@spancost/pricing";
import { hourMillis, instantAt } from "../baseline/instants.ts";
import type { Period } from "../baseline/windows.ts";
import { countOf, knownMoneyOf, type Reader, type Row, textOf } from "../reading/reader.ts";

/** What was spent in an hour; `cost` is `undefined` where there are calls and none has a price. */
export interface SpendHour {
  /** Of its start, milliseconds since 1970. */
  readonly at: number;
  readonly cost: PicoUsd | undefined;
  readonly requests: number;
  readonly calls: number;
  readonly unpricedCalls: number;
}

/** Hours of a value, those without a call left out, in their order. */
export type SpendHours = readonly SpendHour[];

/**
 * The hours of each value of a dimension; of everything, under `null`, where none is named.
 *
 * `null` beside other values stands for calls without one.
 */
export async function readSpendHours(
  reader: Reader,
  each: string | undefined,
  { since, until }: Period,
): Promise<ReadonlyMap<string | null, SpendHours>> {
  const dimension = each === undefined ? {} : { dimension: each };
  const { rows } = await reader.ask("hourly-requests-by", { ...dimension, since, until });
  const hours = new Map<string | null, SpendHour[]>();
  for (const row of rows) {
    const value = textOf(row, "value");
    const known = hours.get(value);
    if (known === undefined) hours.set(value, [hourOf(row)]);
    else known.push(hourOf(row));
  }
  return hours;
}

function hourOf(row: Row): SpendHour {
  return {
    at: Date.parse(textOf(row, "hour") ?? ""),
    cost: knownMoneyOf(row, "cost_usd"),
    requests: Number(countOf(row, "requests")),
    calls: Number(countOf(row, "calls")),
    unpricedCalls: Number(countOf(row, "unpriced_calls")),
  };
}

/** What hours come to; without any hour nothing was spent. */
export interface Spent {
  /** Exact, of the priced calls; `undefined` where there are calls and none has a price, or where it is not recorded. */
  readonly cost: PicoUsd | undefined;
  readonly requests: number;
  readonly calls: number;
  readonly unpricedCalls: number;
}

/** The sum of the hours that begin in a stretch of time, milliseconds since 1970. */
export function spentIn(hours: SpendHours, since: number, until: number): Spent {
  let cost: PicoUsd | undefined;
  const sums = { requests: 0, calls: 0, unpricedCalls: 0 };
  for (const hour of hours) {
    if (hour.at < since || hour.at >= until) continue;
    if (hour.cost !== undefined) cost = addUsd(cost ?? zeroUsd, hour.cost);
    sums.requests += hour.requests;
    sums.calls += hour.calls;
    sums.unpricedCalls += hour.unpricedCalls;
  }
  return { ...sums, cost: sums.calls === 0 ? zeroUsd : cost };
}

/** Whole hours around a stretch of time: those that a question asks for. */
export function wholeHours(since: number, until: number): Period {
  return {
    since: instantAt(Math.floor(since / hourMillis) * hourMillis),
    until: instantAt(until),
  };
}
