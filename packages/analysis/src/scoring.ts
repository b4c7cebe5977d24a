import type { Candidate } from "./candidates.ts";
import { measureCount, measureOf } from "./contributions.ts";
import { costOfName } from "./names.ts";
import type { Noise } from "./noise.ts";
import { type Condition, isPersonal } from "./spend-table.ts";
import { changeBy } from "./tide.ts";

/** A candidate by one of the measures that changed. */
export interface Scored {
  readonly candidate: Candidate;
  readonly measure: number;
  /** What is left of the measure's change when all rose alike. */
  readonly change: number;
  /** How surprising it is, in multiples of what the measure does by itself. */
  readonly score: number;
}

/** A change below this share of the expected bill is not told; for users, who vary more, another. */
const leastShareOfBill = 0.03;
const leastPersonalShare = 0.04;

/** A busy day is told as such when it is busier by half. */
const leastTide = 0.5;

/** Of a factor's change so much has to be left in the change of the cost: a reader is told of dollars that were spent. */
const leastLeft = 0.3;

/** The smallest cost that is expected of anything, as a share of what it is: else the smallest new value would win. */
const leastExpected = 0.04;

/** How a day is looked at. */
export interface Glass {
  /** By how much everything rose alike. */
  readonly tide: number;
  readonly noise: Noise;
  /** What the whole was expected to cost. */
  readonly bill: number;
  /** By what changes are multiplied: see `widening`. */
  readonly wider: number;
}

/**
 * A candidate by each measure that changed enough to be told.
 *
 * With the cost y, of which x is the change by a measure, and e = y - x the score is
 *
 *     G = y ln(y/e) - (y - e)
 *
 * over what is usual for the measure. G is the logarithm of a likelihood ratio, that of a rate of its own against the
 * old one. A wider segment has the same excess in more spend, a narrower one less of the excess: both score lower.
 */
export function scoresOf(candidate: Candidate, { tide, noise, bill, wider }: Glass): Scored[] {
  const { conditions, measures } = candidate;
  const after = measures[0] ?? 0;
  const before = measures[1] ?? 0;
  const isAll = conditions.length === 0;
  const least = (namesPerson(conditions) ? leastPersonalShare : leastShareOfBill) * bill;
  const scored: Scored[] = [];
  for (let measure = 0; measure < measureCount; measure += 1) {
    if (measure === 1) continue;
    const change = wider * changeBy(measure, measures, isAll ? 1 : tide);
    if (Math.abs(change) < least) continue;
    if ((after - before) * Math.sign(change) < leastLeft * Math.abs(change)) continue;
    if (isAll && isBusyDay(measure) && Math.abs(change) < leastTide * before) continue;
    const surprise = surpriseOf(after, after - change);
    const score = (surprise / noise.dispersion(measure)) * trustIn(conditions);
    scored.push({ candidate, measure, change, score });
  }
  return scored;
}

function isBusyDay(measure: number): boolean {
  return measure === 0 || measure === measureOf("traffic");
}

/** G of a segment that cost `after` where `expected` was expected. */
export function surpriseOf(after: number, expected: number): number {
  const y = Math.max(after, 0);
  const e = Math.max(expected, leastExpected * y);
  if (y === 0) return e;
  return y * Math.log(y / e) - (y - e);
}

/** Longer names have to earn it; a user varies more than anything else. */
function trustIn(conditions: readonly Condition[]): number {
  return 0.9 ** Math.max(0, costOfName(conditions) - 1) * (namesPerson(conditions) ? 0.6 : 1);
}

/** Whether a user or a conversation is named. */
export function namesPerson(conditions: readonly Condition[]): boolean {
  return conditions.some(({ column }) => isPersonal(column));
}
