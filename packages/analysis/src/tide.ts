import { measureCount, measureOf } from "./contributions.ts";
import type { Column, SpendTable } from "./spend-table.ts";

/**
 * How far a segment's measure is from what is expected: by measure 0 its whole cost, by the others what a factor did.
 *
 * Traffic is what a busy day lifts everywhere; rates it leaves as they are.
 */
export function changeBy(measure: number, sums: Float64Array, tide: number): number {
  const before = sums[1] ?? 0;
  if (measure === 0) return (sums[0] ?? 0) - tide * before;
  if (measure === measureOf("traffic")) return (sums[measure] ?? 0) - (tide - 1) * before;
  return sums[measure] ?? 0;
}

/** No value weighs more than this share of the whole: else the cause itself would pass for the tide. */
const heaviest = 0.15;

/** Of fewer values the middle one may be the cause: then the least of what they did is common to them. */
const fewestValues = 4;

/**
 * By how much everything rose or fell alike: 1.2 on a day that is busier by a fifth.
 *
 * It is the middle of what the values of a dimension did, taken for the dimension in which it is nearest to 1. A
 * surge in one region lifts all features alike, but not all regions; a busy day lifts all of both.
 */
export function tideOf(table: SpendTable, measures: Float64Array): number {
  let tide: number | undefined;
  for (const column of table.columns) {
    const middle = middleOf(table, measures, column);
    if (middle === undefined) continue;
    if (tide === undefined || Math.abs(Math.log(middle)) < Math.abs(Math.log(tide))) tide = middle;
  }
  return tide ?? 1;
}

function middleOf(table: SpendTable, measures: Float64Array, column: Column): number | undefined {
  const traffic = measureOf("traffic");
  const changes = new Float64Array(column.values.length);
  const before = new Float64Array(column.values.length);
  for (let row = 0; row < table.rows; row += 1) {
    const code = column.codes[row] ?? -1;
    if (code < 0 || table.claimed[row]) continue;
    changes[code] = (changes[code] ?? 0) + (measures[row * measureCount + traffic] ?? 0);
    before[code] = (before[code] ?? 0) + (measures[row * measureCount + 1] ?? 0);
  }
  const all = before.reduce((sum, value) => sum + value, 0);
  const ratios = [...before.entries()]
    .filter(([, value]) => value >= 0.01 * all)
    .map(([code, value]) => ({
      ratio: Math.max(0.05, 1 + (changes[code] ?? 0) / value),
      weight: Math.min(value, heaviest * all),
    }))
    .sort((a, b) => a.ratio - b.ratio);
  if (ratios.length < 2) return undefined;
  if (ratios.length < fewestValues) return leastOf(ratios.map(({ ratio }) => ratio));
  let half = ratios.reduce((sum, { weight }) => sum + weight, 0) / 2;
  for (const { ratio, weight } of ratios) {
    half -= weight;
    if (half <= 0) return ratio;
  }
  return undefined;
}

/** The ratio nearest to 1 where all are on the same side of it, else 1. */
function leastOf(ratios: readonly number[]): number {
  const least = Math.min(...ratios);
  const most = Math.max(...ratios);
  return least > 1 ? least : Math.min(most, 1);
}
