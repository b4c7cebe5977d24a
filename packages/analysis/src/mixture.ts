import { byValue, openRows } from "./candidates.ts";
import { measureCount } from "./contributions.ts";
import { type Glass, type Scored, surpriseOf } from "./scoring.ts";
import { isPersonal, measuresOf, type SpendTable } from "./spend-table.ts";
import { changeBy } from "./tide.ts";

/** Of the spend, as much is nearly everything. */
const nearlyEverything = 0.9;

/** A part that has so much of the change, of so much of the expected cost, is told in place of the whole. */
const nearlyAllOfChange = 0.85;
const muchLess = 0.7;

/** Parts that are as much more surprising than their whole are told in its place. */
const betterInParts = 1.1;

/**
 * Whether what was found is nearly everything, and some dimension tells its changed parts from the others.
 *
 * Two causes in different features make the whole bill surprising, and more so than either.
 */
export function isMixture(table: SpendTable, one: Scored, { tide }: Glass): boolean {
  const { conditions, measures } = one.candidate;
  const whole = measuresOf(table, table.window, []);
  if (sizeOf(measures) < nearlyEverything * sizeOf(whole)) return false;
  const surpriseIn = (sums: Float64Array) => {
    const after = sums[0] ?? 0;
    const change = changeBy(one.measure, sums, conditions.length === 0 ? 1 : tide);
    return surpriseOf(after, after - change);
  };
  const rows = openRows(table, conditions);
  return table.columns.some((column) => {
    // Users always differ.
    if (isPersonal(column)) return false;
    const parts = byValue(table.window, rows, conditions, column);
    const rest = Float64Array.from({ length: measureCount }, (_, index) =>
      parts.reduce((left, part) => left - (part.measures[index] ?? 0), measures[index] ?? 0),
    );
    if (parts.some(({ measures: part }) => isAllOfIt(part, measures))) return true;
    const inParts = parts.reduce((sum, part) => sum + surpriseIn(part.measures), surpriseIn(rest));
    return inParts >= betterInParts * surpriseIn(measures);
  });
}

/** Whether a part has nearly all of the change, and less of what was expected. */
function isAllOfIt(part: Float64Array, whole: Float64Array): boolean {
  const changeOf = (measures: Float64Array) => (measures[0] ?? 0) - (measures[1] ?? 0);
  return (
    Math.abs(changeOf(part)) >= nearlyAllOfChange * Math.abs(changeOf(whole)) &&
    (part[1] ?? 0) <= muchLess * (whole[1] ?? 0)
  );
}

function sizeOf(measures: Float64Array): number {
  return (measures[0] ?? 0) + (measures[1] ?? 0);
}
