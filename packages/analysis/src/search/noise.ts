import { firstLump, measureOf } from "../ledger/contributions.ts";
import type { Candidate } from "./candidates.ts";
import { isPersonal } from "./spend-table.ts";
import { changeBy } from "./tide.ts";

/** What days of the baseline say of how much a measure varies by itself. */
export interface Noise {
  /** How many times as much as lumps that come by themselves a measure varies. */
  multiple(measure: number): number;
  /** A change of a candidate's measure, in lumps, in multiples of its usual deviation. */
  deviations(measure: number, candidate: Candidate, change: number): number;
}

/** As if so many values of days had been seen before with the multiple that is usual for the measure. */
export const pooledValues = 20;

/**
 * Of the variance of a cost nearly all comes of how many requests there are and how long they run. What a call of them
 * takes adds little, and a price is not drawn at all. Over 24 weeks of nine small companies and 19 of large ones the mean
 * of x²/e was 0.2 to 5.6 for traffic, 0 to 2.3 for loops, 0 to 0.17 for what comes after them, 0 for prices.
 */
export const usualMultiple = 1;
const usualMultipleOfRates = 0.15;
const usualMultipleOfPrice = 0.001;

/** One day that was an incident must not make all others look usual. */
export const mostOfDay = 25;

/** As if so many days of a segment had been seen before. */
const pooledDays = 4;

/** Multiples below which nothing is believed to be that is drawn. */
const leastMultiple = 0.05;

/** Of fewer lumps nobody can tell how they vary. */
const leastLumps = 2;

/** A day is compared with a mean that it is a part of, which makes its changes look smaller. */
export function widening(days: number): number {
  return days > 1 ? Math.sqrt(days / (days - 1)) : 1;
}

/**
 * The variance of a segment's cost, in lumps, is taken to be a multiple of the cost: as if lumps came by themselves. The
 * multiple is learned for each measure, and for each segment corrected by what its own days did.
 *
 * @param values candidates of one condition
 * @param tides by turn
 */
export function noiseOf(values: readonly Candidate[], tides: readonly number[]): Noise {
  const days = tides.length - 1;
  const wider = widening(days);
  const changeOn = (turn: number, measure: number, one: Candidate) =>
    wider * changeBy(measure, one.sums, turn, tides[turn] ?? 1, true);
  const sums = Float64Array.from(
    { length: firstLump },
    (_, measure) => pooledValues * usualMultipleBy(measure),
  );
  let count = pooledValues;
  for (const one of days > 1 ? values : []) {
    if (one.conditions.some(({ column }) => isPersonal(column))) continue;
    const lumps = lumpsOf(one);
    for (let turn = 1; turn <= days; turn += 1) {
      count += 1;
      for (let measure = 0; measure < firstLump; measure += 1) {
        const multiple = Math.min(mostOfDay, changeOn(turn, measure, one) ** 2 / lumps);
        sums[measure] = (sums[measure] ?? 0) + multiple;
      }
    }
  }
  const multipleOf = (measure: number) =>
    Math.max(Math.min(leastMultiple, usualMultipleBy(measure)), (sums[measure] ?? 0) / count);
  return {
    multiple: multipleOf,
    deviations(measure, candidate, change) {
      let squares = 0;
      for (let turn = 1; turn <= days; turn += 1)
        squares += changeOn(turn, measure, candidate) ** 2;
      const prior = multipleOf(measure) * lumpsOf(candidate);
      return Math.abs(change) / Math.sqrt(varianceBeside(squares, days, prior));
    },
  };
}

/**
 * The variance of a difference to the mean of some days.
 *
 * @param squares of what the segment did on them, each compared with all, summed
 * @param prior what it is expected to be
 */
export function varianceBeside(squares: number, days: number, prior: number): number {
  return ((squares + pooledDays * prior) / (days + pooledDays)) * (1 + 1 / Math.max(1, days));
}

function usualMultipleBy(measure: number): number {
  if (measure === measureOf("price")) return usualMultipleOfPrice;
  return measure > measureOf("loops") ? usualMultipleOfRates : usualMultiple;
}

/** What a candidate is expected to cost, in lumps. */
function lumpsOf({ sums }: Candidate): number {
  return Math.max(leastLumps, sums[firstLump + 1] ?? 0);
}
