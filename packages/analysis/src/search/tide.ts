import { firstLump, measureCount, measureOf } from "../ledger/contributions.ts";
import type { Candidate } from "./candidates.ts";
import type { Scored } from "./scoring.ts";
import { type Column, isPersonal } from "./spend-table.ts";
import { surpriseOf } from "./surprise.ts";

const traffic = measureOf("traffic");

/** Whether a busy day lifts a measure: it lifts what all costs and how much comes, and leaves rates as they are. */
export function isLifted(measure: number): boolean {
  return liftedMeasures.includes(measure);
}

export const liftedMeasures: readonly number[] = [0, traffic];

/**
 * How far a candidate's measure is from what is expected in a turn: by measure 0 its whole cost, by the others what a
 * factor did. In micro-dollars, or in lumps.
 *
 * Traffic is what a busy day lifts everywhere; rates it leaves as they are.
 */
export function changeBy(
  measure: number,
  sums: Float64Array,
  turn: number,
  tide: number,
  inLumps = false,
): number {
  const at = turn * measureCount + (inLumps ? firstLump : 0);
  const before = sums[at + 1] ?? 0;
  if (measure === 0) return (sums[at] ?? 0) - tide * before;
  if (measure === traffic) return (sums[at + measure] ?? 0) - (tide - 1) * before;
  return sums[at + measure] ?? 0;
}

/**
 * What a candidate is compared with in place of the tide: what the other calls did in the same hours, if it did so too.
 *
 * A tide that is not quite the same everywhere is none, and yet it lifts. Of all that lies between the tide and what the
 * others did it is the nearest to what the candidate did itself.
 *
 * @param whole all calls that no finding has, those of the candidate among them
 */
export function tideBeside(
  { candidate: { conditions, sums }, measure }: Pick<Scored, "candidate" | "measure">,
  whole: Candidate,
  turn: number,
  tide: number,
): number {
  if (conditions.length === 0 || !isLifted(measure)) return tide;
  const at = turn * measureCount + firstLump;
  const before = sums[at + 1] ?? 0;
  const ofOthers = (whole.sums[at + 1] ?? 0) - before;
  if (before <= 0 || ofOthers <= 0) return tide;
  const changeOfOthers = (whole.sums[at + traffic] ?? 0) - (sums[at + traffic] ?? 0);
  const others = clamped(1 + changeOfOthers / ofOthers, 1 / highestTide, highestTide);
  const own = 1 + changeBy(measure, sums, turn, 1, true) / before;
  return clamped(own, Math.min(tide, others), Math.max(tide, others));
}

function clamped(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

/** No busier and no quieter day is taken for one on which all rose or fell alike. */
const highestTide = 1.6;

/** So many tides are tried on either side of 1. */
const tries = 24;

/**
 * By so many standard deviations the values of a dimension may differ from the tide more than chance makes them, or by
 * such a share of those by which they differ without one.
 */
const mostMisfit = 3;
const mostLeft = 0.25;

/**
 * By how much everything rose or fell alike in a turn: 1.2 on a day that is busier by a fifth, else 1.
 *
 * There is a tide where one explains what the values of each dimension did, give or take what chance does. A surge in
 * one region lifts all features alike; but were that the tide, all other regions would have fallen.
 *
 * @param values candidates of one condition
 * @param multiple of lumps by which costs vary: see `noiseOf`
 */
export function tideOf(values: readonly Candidate[], turn: number, multiple: number): number {
  const dimensions = new Map<Column, Candidate[]>();
  for (const one of values) {
    const column = one.conditions[0]?.column;
    if (!column || isPersonal(column)) continue;
    dimensions.set(column, [...(dimensions.get(column) ?? []), one]);
  }
  const misfitAt = (tide: number) =>
    Math.max(...[...dimensions.values()].map((of) => misfit(of, turn, tide, multiple)));
  if (dimensions.size === 0) return 1;
  const without = misfitAt(1);
  let best = { tide: 1, misfit: without };
  for (let step = 1; step <= tries; step += 1) {
    for (const sign of [-1, 1]) {
      const tide = highestTide ** ((sign * step) / tries);
      const own = misfitAt(tide);
      if (own < best.misfit) best = { tide, misfit: own };
    }
  }
  return best.misfit <= Math.max(mostMisfit, mostLeft * without) ? best.tide : 1;
}

/** By how many standard deviations the values of a dimension differ from a tide more than chance makes them. */
function misfit(
  values: readonly Candidate[],
  turn: number,
  tide: number,
  multiple: number,
): number {
  const at = turn * measureCount + firstLump;
  let squares = 0;
  for (const { sums } of values) {
    const expected = Math.max(0, tide * (sums[at + 1] ?? 0));
    const change = changeBy(traffic, sums, turn, tide, true);
    squares += (2 * surpriseOf(Math.max(0, expected + change), expected)) / multiple;
  }
  return (squares - values.length) / Math.sqrt(2 * values.length);
}
