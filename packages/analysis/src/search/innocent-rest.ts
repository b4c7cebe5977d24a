import { narrowed } from "./candidates.ts";
import { byScore, type Glass, namesPerson, type Scored, scoresOf } from "./scoring.ts";
import type { SpendTable } from "./spend-table.ts";

/** A part with so much of the change has all of it, give or take chance. */
export const allOfChange = 0.95;

/** It is told where it has less than so much of the spend, else the longer name is not worth it … */
const mostSpend = 0.75;

/** … and where what is left out rose so many times less, in proportion. */
const innocence = 5;

/**
 * What is told in place of a segment where a further condition leaves out spend that did not change.
 *
 * A model to which one feature was moved is dearer by all of that. Other features that always used it are in the segment
 * and not in the cause.
 */
export function withoutInnocentRest(table: SpendTable, whole: Scored, glass: Glass): Scored {
  const { conditions } = whole.candidate;
  if (conditions.length === 0) return whole;
  const [best = whole] = narrowed(table, whole.candidate)
    .filter((part) => namesPerson(part.conditions) === namesPerson(conditions))
    .flatMap((part) => scoresOf(part, glass))
    .filter((part) => part.measure === whole.measure && leavesOutTheInnocent(part, whole))
    .sort(byScore);
  return best;
}

function leavesOutTheInnocent(part: Scored, whole: Scored): boolean {
  const change = whole.change - part.change;
  const after = afterOf(whole) - afterOf(part);
  const before = beforeOf(whole) - beforeOf(part);
  return (
    Math.abs(change) <= (1 - allOfChange) * Math.abs(whole.change) &&
    after + before >= (1 - mostSpend) * (afterOf(whole) + beforeOf(whole)) &&
    innocence * Math.abs(change) * beforeOf(part) <= Math.abs(part.change) * before
  );
}

function afterOf({ candidate }: Scored): number {
  return candidate.sums[0] ?? 0;
}

function beforeOf({ candidate }: Scored): number {
  return candidate.sums[1] ?? 0;
}
