import { byValue, type Candidate, openRows, spendIn } from "./candidates.ts";
import { type Glass, type Scored, surpriseBy } from "./scoring.ts";
import { isPersonal, type SpendTable } from "./spend-table.ts";
import { isLifted } from "./tide.ts";

/** Of the spend, as much is nearly everything. */
const nearlyEverything = 0.9;

/** A part that has so much of the change, of so much of the expected cost, is told in place of the whole. */
const nearlyAllOfChange = 0.85;
const muchLess = 0.7;

/** Parts that are as much more surprising than their whole are told in its place … */
const betterInParts = 1.1;

/** … but a rate's only where some of the spend has so many times less of the change, in proportion. */
const innocence = 5;

/**
 * Whether what was found is nearly everything, and some dimension tells its changed parts from the others.
 *
 * Two causes in different features make the whole bill surprising, and more so than either.
 *
 * @param whole the candidate of all open rows
 */
export function isMixture(
  table: SpendTable,
  one: Scored,
  whole: Candidate,
  { tide }: Glass,
): boolean {
  const { conditions, sums } = one.candidate;
  if (spendIn(sums) < nearlyEverything * spendIn(whole.sums)) return false;
  const surpriseIn = (of: Float64Array) =>
    surpriseBy(one.measure, of, 0, conditions.length === 0 ? 1 : tide, 1);
  const rows = openRows(table, conditions);
  return table.columns.some((column) => {
    // Users always differ.
    if (isPersonal(column)) return false;
    const parts = byValue(table, rows, conditions, column);
    const rest = sums.map((sum, index) =>
      parts.reduce((left, part) => left - (part.sums[index] ?? 0), sum),
    );
    if (parts.some((part) => isAllOfIt(part.sums, sums))) return true;
    const inParts = parts.reduce((sum, part) => sum + surpriseIn(part.sums), surpriseIn(rest));
    if (inParts < betterInParts * surpriseIn(sums)) return false;
    return isLifted(one.measure) || leavesSomeOut([...parts.map((part) => part.sums), rest], one);
  });
}

/**
 * Whether some of the spend hardly changed by the measure.
 *
 * A provider whose calls are made again is called more often by one feature than by another, and it is the provider all the
 * same. Costs and traffic rise for many reasons at a time: of them nobody can say so.
 */
function leavesSomeOut(parts: readonly Float64Array[], { measure, candidate }: Scored): boolean {
  const [whole, before] = [candidate.sums[measure] ?? 0, candidate.sums[1] ?? 0];
  const innocent = parts.filter(
    (sums) =>
      innocence * (sums[measure] ?? 0) * Math.sign(whole) * before <
      Math.abs(whole) * (sums[1] ?? 0),
  );
  const spend = innocent.reduce((sum, sums) => sum + (sums[1] ?? 0), 0);
  return spend > (1 - nearlyEverything) * before;
}

/** Whether a part has nearly all of the change, and less of what was expected. */
function isAllOfIt(part: Float64Array, whole: Float64Array): boolean {
  const changeOf = (sums: Float64Array) => (sums[0] ?? 0) - (sums[1] ?? 0);
  return (
    Math.abs(changeOf(part)) >= nearlyAllOfChange * Math.abs(changeOf(whole)) &&
    (part[1] ?? 0) <= muchLess * (whole[1] ?? 0)
  );
}
