import { type PicoUsd, picoUsd } from "@spancost/pricing";
import type { Comparison, Period } from "../baseline/windows.ts";
import { roundedQuotient } from "../bridge/fixed-point.ts";
import { countOf, moneyOf, type Reader, textOf } from "../reading/reader.ts";

/** What was paid for nothing by one reason; the reasons stand in `queries/waste-ledger.sql`. */
export interface Waste {
  readonly reason: string;
  /** Records and attempts without one, in the window. */
  readonly attempts: bigint;
  /** Of those, the attempts whose cost nobody knows. */
  readonly unknownAttempts: bigint;
  /** Priced ones only. */
  readonly cost: PicoUsd;
  /** At the length of the window; `undefined` without a baseline. */
  readonly baselineCost: PicoUsd | undefined;
  /** A trace with the dearest. */
  readonly exampleTraceId: string | null;
}

/** By reason, dearest first. */
export async function readWaste(
  reader: Reader,
  window: Period,
  comparison: Comparison | undefined,
): Promise<Waste[]> {
  const now = await sumsOf(reader, [window]);
  const before = await sumsOf(reader, comparison?.baseline ?? []);
  return [...new Set([...now.keys(), ...before.keys()])]
    .map((reason): Waste => {
      const one = now.get(reason) ?? nothing;
      const cost = (before.get(reason) ?? nothing).cost;
      return {
        reason,
        attempts: one.attempts,
        unknownAttempts: one.unknownAttempts,
        cost: picoUsd(one.cost),
        baselineCost: comparison && picoUsd(scaled(cost, comparison)),
        exampleTraceId: one.exampleTraceId,
      };
    })
    .sort(
      (a, b) =>
        Number(b.cost - a.cost) ||
        Number(b.attempts - a.attempts) ||
        (a.reason < b.reason ? -1 : 1),
    );
}

function scaled(cost: bigint, { scale }: Comparison): bigint {
  return roundedQuotient(cost * scale.times, scale.over);
}

interface WasteSums {
  readonly attempts: bigint;
  readonly unknownAttempts: bigint;
  readonly cost: bigint;
  readonly exampleTraceId: string | null;
}

const nothing: WasteSums = { attempts: 0n, unknownAttempts: 0n, cost: 0n, exampleTraceId: null };

async function sumsOf(reader: Reader, periods: readonly Period[]): Promise<Map<string, WasteSums>> {
  const sums = new Map<string, WasteSums>();
  for (const { since, until } of periods) {
    for (const row of (await reader.ask("waste-ledger", { since, until })).rows) {
      const reason = textOf(row, "reason") ?? "";
      const known = sums.get(reason) ?? nothing;
      sums.set(reason, {
        attempts: known.attempts + countOf(row, "attempts"),
        unknownAttempts: known.unknownAttempts + countOf(row, "unpriced_calls"),
        cost: known.cost + moneyOf(row, "cost_usd"),
        // Rows come dearest first.
        exampleTraceId: known.exampleTraceId ?? textOf(row, "example_trace_id"),
      });
    }
  }
  return sums;
}
