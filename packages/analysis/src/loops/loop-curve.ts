import { type PicoUsd, picoUsd } from "@spancost/pricing";
import type { Period } from "../baseline/windows.ts";
import { countOf, moneyOf, type Reader, shareOf } from "../reading/reader.ts";

/** Calls at the same place in their agent run, or at a few neighbouring ones. */
export interface LoopStep {
  /** First and last call of the run that it stands for. */
  readonly from: number;
  readonly to: number;
  readonly now: LoopSums;
  readonly before: LoopSums;
}

/** Sums over calls of one side. */
export interface LoopSums {
  readonly calls: bigint;
  readonly cost: PicoUsd;
  /** Dollars per request of the side: a mean, rounded to a double. `undefined` where it has no requests. */
  readonly costPerRequest: number | undefined;
  /** Mean of the priced calls, in dollars. */
  readonly costPerCall: number | undefined;
  /** Of the input, what the call before it in the run had sent or received already; see cost-by-loop-iteration. */
  readonly resentShare: number | undefined;
}

/** How cost grows along agent runs. */
export interface LoopCurve {
  readonly requests: bigint;
  readonly baselineRequests: bigint;
  readonly steps: readonly LoopStep[];
  /** Of the input of all calls after the first of their run; see cost-by-loop-iteration. */
  readonly resentShare: number | undefined;
}

/** Places that are told apart, by their first call: from 9 on they stand for several. */
const starts = [1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 17, 25, 33, 49, 65, 97];

/** Asks for the cost of each place in the agent run, in the window and in the periods of its baseline. */
export async function readLoopCurve(
  reader: Reader,
  window: Period,
  baseline: readonly Period[],
): Promise<LoopCurve> {
  const now = await sumsOf(reader, [window]);
  const before = await sumsOf(reader, baseline);
  const last = Math.max(0, ...now.places.keys(), ...before.places.keys());
  const steps = [...new Set([...now.places.keys(), ...before.places.keys()])]
    .sort((a, b) => a - b)
    .map((from): LoopStep => {
      const next = starts[starts.indexOf(from) + 1];
      return {
        from,
        to: next === undefined ? Math.max(from, last) : next - 1,
        now: toLoopSums(now.places.get(from), now.requests),
        before: toLoopSums(before.places.get(from), before.requests),
      };
    });
  const later = [...now.places].filter(([from]) => from > 1).map(([, sums]) => sums);
  const [resent, compared] = [sum(later, "resent"), sum(later, "compared")];
  return {
    requests: now.requests,
    baselineRequests: before.requests,
    steps,
    resentShare: compared === 0 ? undefined : resent / compared,
  };
}

interface PlaceSums {
  calls: bigint;
  pricedCalls: bigint;
  cost: bigint;
  /** Tokens, estimated from means: for a share only. */
  resent: number;
  compared: number;
}

async function sumsOf(reader: Reader, periods: readonly Period[]) {
  const places = new Map<number, PlaceSums>();
  let requests = 0n;
  for (const { since, until } of periods) {
    const [totals] = (await reader.ask("window-totals", { since, until })).rows;
    if (totals) requests += countOf(totals, "requests");
    for (const row of (await reader.ask("cost-by-loop-iteration", { since, until })).rows) {
      const iteration = Number(row["loop_iteration"] ?? 1);
      const place = starts.findLast((start) => start <= iteration) ?? 1;
      const sums = places.get(place) ?? {
        calls: 0n,
        pricedCalls: 0n,
        cost: 0n,
        resent: 0,
        compared: 0,
      };
      places.set(place, sums);
      const calls = countOf(row, "calls");
      sums.calls += calls;
      sums.pricedCalls += calls - countOf(row, "unpriced_calls");
      sums.cost += moneyOf(row, "cost_usd");
      const input = shareOf(row, "input_tokens_per_call") ?? 0;
      const compared = Number(countOf(row, "compared_calls")) * input;
      sums.compared += compared;
      sums.resent += compared * (shareOf(row, "resent_share") ?? 0);
    }
  }
  return { places, requests };
}

function toLoopSums(sums: PlaceSums | undefined, requests: bigint): LoopSums {
  const { calls = 0n, pricedCalls = 0n, cost = 0n, resent = 0, compared = 0 } = sums ?? {};
  const dollars = Number(cost) / 1e12;
  return {
    calls,
    cost: picoUsd(cost),
    costPerRequest: requests === 0n ? undefined : dollars / Number(requests),
    costPerCall: pricedCalls === 0n ? undefined : dollars / Number(pricedCalls),
    resentShare: compared === 0 ? undefined : resent / compared,
  };
}

function sum(all: readonly PlaceSums[], name: "resent" | "compared"): number {
  return all.reduce((total, one) => total + one[name], 0);
}
