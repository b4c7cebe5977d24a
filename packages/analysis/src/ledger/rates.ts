import { addNumbers } from "../add-numbers.ts";
import { numberCount } from "../numbering.ts";
import { width } from "./ledger.ts";

/** Rates of the baseline in a stratum, and how the period's volumes relate to it. */
export interface Rates {
  readonly isNew: boolean;
  readonly isGone: boolean;
  readonly attemptsPerCall: number;
  readonly inputPerAttempt: number;
  readonly outputPerAttempt: number;
  readonly otherPerAttempt: number;
  /** Of the input tokens. */
  readonly shares: {
    readonly uncached: number;
    readonly cacheRead: number;
    readonly cacheWrite: number;
  };
  /** Of a token. */
  readonly prices: {
    readonly uncached: number;
    readonly cacheRead: number;
    readonly cacheWrite: number;
    readonly output: number;
  };
  readonly growthOfCalls: number;
  readonly growthOfAttempts: number;
  readonly growthOfInput: number;
}

/** The rates of each stratum, by its number. @param strata by slot */
export function ratesOf(strata: Int32Array, before: Float64Array, after: Float64Array): Rates[] {
  const count = numberCount(strata);
  const old = new Float64Array(count * width);
  const now = new Float64Array(count * width);
  for (const [slot, stratum] of strata.entries()) {
    addNumbers(old, stratum * width, before, slot * width, width);
    addNumbers(now, stratum * width, after, slot * width, width);
  }
  return Array.from({ length: count }, (_, stratum) =>
    ratesBetween(
      old.subarray(stratum * width, (stratum + 1) * width),
      now.subarray(stratum * width, (stratum + 1) * width),
    ),
  );
}

function ratesBetween(before: Float64Array, after: Float64Array): Rates {
  const at = (sums: Float64Array, index: number) => sums[index] ?? 0;
  const inputOf = (sums: Float64Array) => at(sums, 2) + at(sums, 3) + at(sums, 4);
  const attempts = at(before, 0);
  const input = inputOf(before);
  // A kind of tokens that the baseline did not use has the price of the period.
  const price = (index: number) =>
    at(before, index) > 0
      ? at(before, index + 4) / at(before, index)
      : quotient(at(after, index + 4), at(after, index));
  return {
    isNew: attempts === 0,
    isGone: at(after, 0) === 0,
    attemptsPerCall: at(before, 1) === 0 ? 1 : attempts / at(before, 1),
    inputPerAttempt: quotient(input, attempts),
    outputPerAttempt: quotient(at(before, 5), attempts),
    otherPerAttempt: quotient(at(before, 10), attempts),
    shares: {
      uncached: quotient(at(before, 2), input),
      cacheRead: quotient(at(before, 3), input),
      cacheWrite: quotient(at(before, 4), input),
    },
    prices: { uncached: price(2), cacheRead: price(3), cacheWrite: price(4), output: price(5) },
    growthOfCalls: quotient(at(after, 1), at(before, 1)),
    growthOfAttempts: quotient(at(after, 0), attempts),
    growthOfInput: quotient(inputOf(after), input),
  };
}

function quotient(a: number, b: number): number {
  return b === 0 ? 0 : a / b;
}
