import { type Factor, factors } from "../bridge/sides.ts";
import { canName } from "../dimensions.ts";
import { combined, numberCount } from "../numbering.ts";
import { type Ledger, width } from "./ledger.ts";
import { type Rates, ratesOf } from "./rates.ts";
import { Runs } from "./runs.ts";

/**
 * What a period cost and was expected to, and what each factor did to it, in micro-dollars; the same in lumps, see
 * `lumpsOf`; and the squared costs of its requests and of its calls. All are doubles.
 */
const dollarMeasures = ["after", "before", ...factors] as const;

/** From here on the same measures stand in lumps. */
export const firstLump = dollarMeasures.length;

export const squaresMeasure = 2 * firstLump;

export const callSquaresMeasure = squaresMeasure + 1;

export const measureCount = callSquaresMeasure + 1;

/** The place of a factor among the measures. */
export function measureOf(factor: Factor): number {
  return 2 + factors.indexOf(factor);
}

/** The factor at a place among the measures; `undefined` where that is the whole cost. */
export function factorOf(measure: number): Factor | undefined {
  return factors[measure - 2];
}

/** How a period is compared with the mean of the baseline. */
export interface Turn {
  /** The period's place in the ledger. */
  readonly nth: number;
  /** Length of the window over that of the period. */
  readonly scale: number;
}

/**
 * What each factor adds to the cost of each slot in each turn, so that it can be summed over any segment.
 *
 * Within a feature, an environment and a place in the agent run the baseline tells what is usual: i0 input
 * tokens per attempt, for one. A slot with a attempts and i tokens has
 *
 *     (i - i0 * a) in the period, less (i - i0 * a) in the baseline at the period's attempts
 *
 * tokens too many, times what a token used to cost. A user who always writes long prompts so has none too many.
 * The other factors are alike; what none of them explains is traffic. Over a whole stratum this is what the bridge
 * would say in a fixed order. It serves to find segments; their bridges are computed exactly.
 *
 * @param baselineScale length of the window over that of the whole baseline
 * @returns of slot s in turn t from (s * turns + t) * measureCount on
 */
export function contributionsOf(
  ledger: Ledger,
  turns: readonly Turn[],
  baselineScale: number,
): Float64Array {
  const before = baselineOf(ledger, baselineScale);
  const lumps = lumpsOf(ledger, before);
  const result = new Float64Array(ledger.count * turns.length * measureCount);
  for (const [turn, of] of turns.entries()) {
    const after = periodOf(ledger, of);
    const rates = ratesOf(ledger.strata, before, after);
    const runs = new Runs(ledger, before, after);
    for (let slot = 0; slot < ledger.count; slot += 1) {
      const own = rates[ledger.strata[slot] ?? 0];
      if (!own) continue;
      const to = (slot * turns.length + turn) * measureCount;
      addSlot(result, to, before, after, slot * width, own, runs.expectedCalls(slot));
      addLumps(result, to, lumps[slot] ?? 1);
    }
  }
  return result;
}

/** The same measures, counted in lumps, behind those in dollars. */
function addLumps(result: Float64Array, to: number, lump: number): void {
  for (let index = 0; index < firstLump; index += 1) {
    result[to + firstLump + index] = (result[to + index] ?? 0) / lump;
  }
}

/** How far days of a feature differ by more than chance, before anything is known: by 5 %. */
export const usualDayNoise = 0.05;

/** What is a smaller share of the bill does not count for more because there are many of it. */
const leastLump = 0.0005;

/**
 * The lumps in which the cost of each slot comes: what varies by chance varies by so much.
 *
 * A user comes or does not, asks for more or less, and with that comes what it costs: the variance of a cost over the
 * cost. Days differ too, which is as if all came in larger lumps. Counted in lumps costs of different features are alike:
 * as many mean as much. Three requests that cost 5 USD each are about three, and 3,000 of half a cent 3,000.
 *
 * Users who are told by name have lumps of their own, as large as their days differ.
 */
function lumpsOf(ledger: Ledger, before: Float64Array): Float64Array {
  const { count, contexts, dimensions, periods, sums, variances } = ledger;
  const users = dimensions.find(({ name }) => name === "user_id");
  const isTold = Uint8Array.from(users?.values ?? [], (value) =>
    canName("user_id", value) ? 1 : 0,
  );
  const groups = combined(
    [contexts, users ? users.codes.map((code) => (isTold[code] ? code + 1 : 0)) : contexts],
    count,
  );
  const groupCount = numberCount(groups);
  const stride = periods.length;
  const costs = new Float64Array(groupCount * stride);
  const squares = new Float64Array(groupCount * stride);
  const expected = new Float64Array(numberCount(contexts));
  const first = new Int32Array(groupCount).fill(-1);
  for (let slot = 0; slot < count; slot += 1) {
    const group = groups[slot] ?? 0;
    if ((first[group] ?? -1) < 0) first[group] = slot;
    for (let nth = 0; nth < stride; nth += 1) {
      const at = (slot * stride + nth) * width;
      add(costs, group * stride + nth, costAt(sums, at));
      add(squares, group * stride + nth, sums[at + 12] ?? 0);
    }
    add(expected, contexts[slot] ?? 0, costAt(before, slot * width));
  }
  const bill = sumOf(expected);
  const lumps = Float64Array.from(first, (slot, group) => {
    const context = contexts[slot] ?? 0;
    const at = group * stride;
    const ofPeriods = costs.subarray(at, at + stride);
    const before = sumOf(ofPeriods.subarray(1));
    // What is new shows only in the window how it comes.
    const ofRequests =
      before > 0
        ? sumOf(squares.subarray(at + 1, at + stride)) / before
        : (squares[at] ?? 0) / Math.max(1, ofPeriods[0] ?? 0);
    const isPerson = users !== undefined && isTold[users.codes[slot] ?? 0] === 1;
    const known = isPerson ? varianceOf(ofPeriods.subarray(1)) : variances[context];
    const ofUsers = before > 0 ? ((known ?? 0) * (stride - 1)) / before : 0;
    const ofDays = usualDayNoise ** 2 * (expected[context] ?? 0);
    return Math.max(leastLump * bill, Math.max(ofRequests, ofUsers) + ofDays, 1);
  });
  return groups.reduce((of, group, slot) => {
    of[slot] = lumps[group] ?? 1;
    return of;
  }, new Float64Array(count));
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function varianceOf(values: Float64Array): number | undefined {
  if (values.length < 2) return undefined;
  const mean = sumOf(values) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

function add(sums: Float64Array, index: number, value: number): void {
  sums[index] = (sums[index] ?? 0) + value;
}

function costAt(sums: Float64Array, at: number): number {
  return (
    (sums[at + 6] ?? 0) +
    (sums[at + 7] ?? 0) +
    (sums[at + 8] ?? 0) +
    (sums[at + 9] ?? 0) +
    (sums[at + 10] ?? 0)
  );
}

function baselineOf({ count, periods, sums }: Ledger, scale: number): Float64Array {
  const before = new Float64Array(count * width);
  for (let slot = 0; slot < count; slot += 1) {
    for (let nth = 1; nth < periods.length; nth += 1) {
      const from = (slot * periods.length + nth) * width;
      for (let index = 0; index < width; index += 1) {
        const to = slot * width + index;
        before[to] = (before[to] ?? 0) + (sums[from + index] ?? 0) * scale;
      }
    }
  }
  return before;
}

function periodOf({ count, periods, sums }: Ledger, { nth, scale }: Turn): Float64Array {
  const after = new Float64Array(count * width);
  for (let slot = 0; slot < count; slot += 1) {
    const from = (slot * periods.length + nth) * width;
    for (let index = 0; index < width; index += 1) {
      after[slot * width + index] = (sums[from + index] ?? 0) * scale;
    }
  }
  return after;
}

/** @param expectedCalls see `Runs`; NaN where how many calls there are is traffic */
function addSlot(
  result: Float64Array,
  to: number,
  before: Float64Array,
  after: Float64Array,
  from: number,
  rates: Rates,
  expectedCalls: number,
): void {
  const b = (index: number) => before[from + index] ?? 0;
  const a = (index: number) => after[from + index] ?? 0;
  const costBefore = b(6) + b(7) + b(8) + b(9) + b(10);
  const costAfter = a(6) + a(7) + a(8) + a(9) + a(10);
  result[to] = costAfter;
  result[to + 1] = costBefore;
  result[to + squaresMeasure] = a(12);
  result[to + callSquaresMeasure] = a(13);
  if (rates.isNew || rates.isGone) {
    result[to + (Number.isNaN(expectedCalls) ? 2 : 3)] = costAfter - costBefore;
    return;
  }
  const { uncached, cacheRead, cacheWrite, output } = rates.prices;
  const { attemptsPerCall, inputPerAttempt, outputPerAttempt, otherPerAttempt, shares } = rates;
  const inputPrice =
    shares.uncached * uncached + shares.cacheRead * cacheRead + shares.cacheWrite * cacheWrite;
  const perAttempt = inputPrice * inputPerAttempt + output * outputPerAttempt + otherPerAttempt;
  const { growthOfCalls, growthOfAttempts, growthOfInput } = rates;
  const inputBefore = b(2) + b(3) + b(4);
  const inputAfter = a(2) + a(3) + a(4);
  const loops = Number.isNaN(expectedCalls)
    ? 0
    : perAttempt * attemptsPerCall * (a(1) - expectedCalls);
  const retries =
    perAttempt * (a(0) - attemptsPerCall * a(1) - growthOfCalls * (b(0) - attemptsPerCall * b(1)));
  const input =
    inputPrice *
    (inputAfter -
      inputPerAttempt * a(0) -
      growthOfAttempts * (inputBefore - inputPerAttempt * b(0)));
  const cache =
    uncached * excess(a(2), b(2), shares.uncached) +
    cacheRead * excess(a(3), b(3), shares.cacheRead) +
    cacheWrite * excess(a(4), b(4), shares.cacheWrite);
  function excess(now: number, old: number, share: number): number {
    return now - share * inputAfter - growthOfInput * (old - share * inputBefore);
  }
  const outputEffect =
    output * (a(5) - outputPerAttempt * a(0) - growthOfAttempts * (b(5) - outputPerAttempt * b(0)));
  const atOldMixAfter =
    uncached * a(2) + cacheRead * a(3) + cacheWrite * a(4) + output * a(5) + otherPerAttempt * a(0);
  const atOldMixBefore =
    uncached * b(2) + cacheRead * b(3) + cacheWrite * b(4) + output * b(5) + otherPerAttempt * b(0);
  const price = costAfter - a(11) - growthOfAttempts * (costBefore - b(11));
  const mix = costAfter - atOldMixAfter - growthOfAttempts * (costBefore - atOldMixBefore) - price;
  const rest = loops + retries + input + cache + outputEffect + mix + price;
  result[to + 2] = costAfter - costBefore - rest;
  result[to + 3] = loops;
  result[to + 4] = retries;
  result[to + 5] = input;
  result[to + 6] = cache;
  result[to + 7] = outputEffect;
  result[to + 8] = mix;
  result[to + 9] = price;
}
