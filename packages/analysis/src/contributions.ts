import { type Factor, factors } from "./bridge.ts";
import { type Ledger, type Slot, width } from "./ledger.ts";

/** What a period cost and was expected to, and what each factor did to it; in pico-dollars, as doubles. */
export const measureNames = ["after", "before", ...factors] as const;

export const measureCount = measureNames.length;

/** The place of a factor among a slot's measures. */
export function measureOf(factor: Factor): number {
  return 2 + factors.indexOf(factor);
}

/** How a period is compared with the mean of the baseline. */
export interface Turn {
  /** The period's place in the ledger. */
  readonly nth: number;
  /** Length of the window over that of the period. */
  readonly scale: number;
  /** The same over that of the whole baseline. */
  readonly baselineScale: number;
}

/**
 * What each factor adds to the cost of each slot, so that it can be summed over any segment.
 *
 * Within a feature, an environment and a place in the agent run the baseline tells what is usual: i0 input
 * tokens per attempt, for one. A slot with a attempts and i tokens has
 *
 *     (i - i0 * a) in the period, less (i - i0 * a) in the baseline at the period's attempts
 *
 * tokens too many, times what a token used to cost. A user who always writes long prompts so has none too many.
 * The other factors are alike; what none of them explains is traffic. Over a whole stratum this is what the bridge
 * would say in a fixed order. It serves to find segments; their bridges are computed exactly.
 */
export function contributionsOf(ledger: Ledger, turn: Turn): Float64Array {
  const { slots } = ledger;
  const before = new Float64Array(slots.length * width);
  const after = new Float64Array(slots.length * width);
  for (const slot of slots.keys()) fillSides(ledger, turn, slot, before, after);
  const strata = strataOf(ledger, before, after);
  const runs = new Runs(ledger, before, after);
  const result = new Float64Array(slots.length * measureCount);
  for (const [slot, one] of slots.entries()) {
    const rates = strata.get(one.stratum);
    if (!rates) continue;
    addSlot(
      result.subarray(slot * measureCount, (slot + 1) * measureCount),
      before.subarray(slot * width, (slot + 1) * width),
      after.subarray(slot * width, (slot + 1) * width),
      rates,
      runs.expectedCalls(one, before[slot * width + 1] ?? 0),
    );
  }
  return result;
}

/** As if so many runs of an asker had been like those of the whole context. */
const pooledRuns = 20;

/** How many runs there were, by who asks, and how many calls of each role they had. */
class Runs {
  readonly #before = new Map<string, number>();
  readonly #after = new Map<string, number>();
  readonly #ofRole = new Map<string, number>();

  constructor({ slots }: Ledger, before: Float64Array, after: Float64Array) {
    const add = (sums: Map<string, number>, key: string, value = 0) =>
      sums.set(key, (sums.get(key) ?? 0) + value);
    for (const [slot, { asker, context, role, isFirst }] of slots.entries()) {
      add(this.#ofRole, role, before[slot * width + 1]);
      if (!isFirst) continue;
      for (const key of [asker, context]) {
        add(this.#before, key, before[slot * width + 1]);
        add(this.#after, key, after[slot * width + 1]);
      }
    }
  }

  /**
   * Calls that the runs of a period usually have: those of its asker, as often as in the asker's runs before, or
   * where these are few in all runs of the context. So a region with more runs does not look like one with longer runs.
   *
   * `undefined` where calls begin runs, or where there were no runs on one side: how many there are is traffic then.
   */
  expectedCalls({ asker, context, role, isFirst }: Slot, callsBefore: number): number | undefined {
    const all = this.#before.get(context) ?? 0;
    if (isFirst || all === 0 || (this.#after.get(context) ?? 0) === 0) return undefined;
    const perRun = (this.#ofRole.get(role) ?? 0) / all;
    const runs = this.#before.get(asker) ?? 0;
    const usual = (callsBefore + pooledRuns * perRun) / (runs + pooledRuns);
    return usual * (this.#after.get(asker) ?? 0);
  }
}

function fillSides(
  { periods, sums }: Ledger,
  { nth, scale, baselineScale }: Turn,
  slot: number,
  before: Float64Array,
  after: Float64Array,
): void {
  const to = slot * width;
  for (let period = 0; period < periods.length; period += 1) {
    const from = (slot * periods.length + period) * width;
    for (let index = 0; index < width; index += 1) {
      const sum = sums[from + index] ?? 0;
      if (period > 0) before[to + index] = (before[to + index] ?? 0) + sum * baselineScale;
      if (period === nth) after[to + index] = sum * scale;
    }
  }
}

/** Rates of the baseline in a stratum, and how the period's volumes relate to it. */
interface Rates {
  readonly isNew: boolean;
  readonly isGone: boolean;
  readonly attemptsPerCall: number;
  readonly inputPerAttempt: number;
  readonly outputPerAttempt: number;
  /** By kind of input tokens. */
  readonly shares: readonly number[];
  /** By kind of tokens, output last. */
  readonly prices: readonly number[];
  readonly otherPerAttempt: number;
  readonly growthOfCalls: number;
  readonly growthOfAttempts: number;
  readonly growthOfInput: number;
}

function strataOf(
  { slots }: Ledger,
  before: Float64Array,
  after: Float64Array,
): Map<string, Rates> {
  const sums = new Map<string, { before: Float64Array; after: Float64Array }>();
  for (const [slot, { stratum }] of slots.entries()) {
    const sum = sums.get(stratum) ?? {
      before: new Float64Array(width),
      after: new Float64Array(width),
    };
    sums.set(stratum, sum);
    for (let index = 0; index < width; index += 1) {
      sum.before[index] = (sum.before[index] ?? 0) + (before[slot * width + index] ?? 0);
      sum.after[index] = (sum.after[index] ?? 0) + (after[slot * width + index] ?? 0);
    }
  }
  return new Map(
    [...sums].map(([stratum, sides]) => [stratum, ratesOf(sides.before, sides.after)]),
  );
}

function ratesOf(before: Float64Array, after: Float64Array): Rates {
  const at = (sums: Float64Array, index: number) => sums[index] ?? 0;
  const inputOf = (sums: Float64Array) => at(sums, 2) + at(sums, 3) + at(sums, 4);
  const quotient = (a: number, b: number) => (b === 0 ? 0 : a / b);
  const attempts = at(before, 0);
  const input = inputOf(before);
  return {
    isNew: attempts === 0,
    isGone: at(after, 0) === 0,
    attemptsPerCall: at(before, 1) === 0 ? 1 : attempts / at(before, 1),
    inputPerAttempt: quotient(input, attempts),
    outputPerAttempt: quotient(at(before, 5), attempts),
    shares: [2, 3, 4].map((index) => quotient(at(before, index), input)),
    prices: [2, 3, 4, 5].map((index) =>
      at(before, index) > 0
        ? at(before, index + 4) / at(before, index)
        : quotient(at(after, index + 4), at(after, index)),
    ),
    otherPerAttempt: quotient(at(before, 10), attempts),
    growthOfCalls: quotient(at(after, 1), at(before, 1)),
    growthOfAttempts: quotient(at(after, 0), attempts),
    growthOfInput: quotient(inputOf(after), input),
  };
}

/** @param expectedCalls see `Runs` */
function addSlot(
  result: Float64Array,
  before: Float64Array,
  after: Float64Array,
  rates: Rates,
  expectedCalls: number | undefined,
): void {
  const old = sidesOf(before);
  const now = sidesOf(after);
  result[0] = now.cost;
  result[1] = old.cost;
  const [uncached = 0, cacheRead = 0, cacheWrite = 0, output = 0] = rates.prices;
  if (rates.isNew || rates.isGone) {
    result[expectedCalls === undefined ? 2 : 3] = now.cost - old.cost;
    return;
  }
  const [s0 = 0, s1 = 0, s2 = 0] = rates.shares;
  const inputPrice = s0 * uncached + s1 * cacheRead + s2 * cacheWrite;
  const perAttempt =
    inputPrice * rates.inputPerAttempt + output * rates.outputPerAttempt + rates.otherPerAttempt;
  const { growthOfAttempts, growthOfInput, growthOfCalls } = rates;
  const excess = (
    share: number,
    part: (side: Side) => number,
    of: (side: Side) => number,
    rho: number,
  ) => part(now) - share * of(now) - rho * (part(old) - share * of(old));
  const attempts = (side: Side) => side.attempts;
  const input = (side: Side) => side.input;
  const loops =
    expectedCalls === undefined
      ? 0
      : perAttempt * rates.attemptsPerCall * (now.logical - expectedCalls);
  const retries =
    perAttempt * excess(rates.attemptsPerCall, attempts, (side) => side.logical, growthOfCalls);
  const inputEffect = inputPrice * excess(rates.inputPerAttempt, input, attempts, growthOfAttempts);
  const cache =
    uncached * excess(s0, (side) => side.uncached, input, growthOfInput) +
    cacheRead * excess(s1, (side) => side.cacheRead, input, growthOfInput) +
    cacheWrite * excess(s2, (side) => side.cacheWrite, input, growthOfInput);
  const outputEffect =
    output * excess(rates.outputPerAttempt, (side) => side.output, attempts, growthOfAttempts);
  const atOldMix = (side: Side) =>
    uncached * side.uncached +
    cacheRead * side.cacheRead +
    cacheWrite * side.cacheWrite +
    output * side.output +
    rates.otherPerAttempt * side.attempts;
  const price = now.cost - now.oldPriceCost - growthOfAttempts * (old.cost - old.oldPriceCost);
  const mix = now.cost - atOldMix(now) - growthOfAttempts * (old.cost - atOldMix(old)) - price;
  const traffic =
    now.cost - old.cost - loops - retries - inputEffect - cache - outputEffect - mix - price;
  result.set([traffic, loops, retries, inputEffect, cache, outputEffect, mix, price], 2);
}

interface Side {
  readonly attempts: number;
  readonly logical: number;
  readonly input: number;
  readonly uncached: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly cost: number;
  readonly oldPriceCost: number;
}

function sidesOf(sums: Float64Array): Side {
  const at = (index: number) => sums[index] ?? 0;
  return {
    attempts: at(0),
    logical: at(1),
    input: at(2) + at(3) + at(4),
    uncached: at(2),
    cacheRead: at(3),
    cacheWrite: at(4),
    output: at(5),
    cost: at(6) + at(7) + at(8) + at(9) + at(10),
    oldPriceCost: at(11),
  };
}
