import type { Factor } from "../bridge/sides.ts";
import { roleOf } from "../dimensions.ts";
import { firstLump, measureCount, measureOf } from "../ledger/contributions.ts";
import type { Candidate } from "./candidates.ts";
import { isFirstSeen } from "./first-seen.ts";
import type { Limits } from "./limits.ts";
import { costOfName } from "./names.ts";
import type { Noise } from "./noise.ts";
import { type Condition, isPersonal } from "./spend-table.ts";
import { surpriseOf } from "./surprise.ts";
import { changeBy, isLifted } from "./tide.ts";

/** A candidate by one of the measures that changed. */
export interface Scored {
  readonly candidate: Candidate;
  readonly measure: number;
  /** What is left of the measure's change when all rose alike, in micro-dollars. */
  readonly change: number;
  /** The same in lumps. */
  readonly lumps: number;
  /** How surprising it is, in multiples of what the measure does by itself. */
  readonly score: number;
  /** See `isFirstSeen`. */
  readonly isNew: boolean;
  /** How surprising it is beside the other calls of the same features, and in how many deviations: see `SameFeatures`. */
  readonly beside?: {
    readonly score: number;
    /** How surprising it is without them. */
    readonly without: number;
    readonly deviations: () => number;
  };
}

/** A busy day is told as such when it is busier by half. */
const leastTide = 0.5;

/** So much of a factor's change has to be left: see `leftOf`. */
const leastLeft = 0.3;

/**
 * Each further condition has to be worth it: there are many more long names than short ones, and what a cause does it
 * does not do to all alike, so that a part of its calls always stands out a little more.
 */
const costPerLength = 4;
const perLength = 0.95;

/** A score, less what the length of a name costs. */
export function named(score: number, conditions: readonly Condition[]): number {
  const length = Math.max(0, costOfName(conditions) - 1);
  return score * perLength ** length - costPerLength * length;
}

/** How a turn is looked at. */
export interface Glass {
  readonly turn: number;
  /** By how much everything rose alike. */
  readonly tide: number;
  readonly noise: Noise;
  /** What the whole was expected to cost. */
  readonly bill: number;
  readonly limits: Limits;
  /** By what changes are multiplied: see `widening`. */
  readonly wider: number;
  /** By how much the mean of few days adds to the variance of a difference to it. */
  readonly doubt: number;
}

/**
 * A candidate by each measure that changed enough to be told.
 *
 * The score is how surprising the change by a measure is, over what is usual for the measure. A wider segment has the
 * same excess in more spend, a narrower one less of the excess: both score lower.
 */
export function scoresOf(candidate: Candidate, glass: Glass): Scored[] {
  const { turn, tide, bill, limits, wider } = glass;
  const { conditions, sums } = candidate;
  const { leastShare, leastPersonalShare } = limits;
  const least = (namesPerson(conditions) ? leastPersonalShare : leastShare) * bill;
  const scored: Scored[] = [];
  for (let measure = 0; measure < firstLump; measure += 1) {
    if (measure === 1) continue;
    const change = wider * changeBy(measure, sums, turn, conditions.length === 0 ? 1 : tide);
    if (Math.abs(change) < least) continue;
    const one = scoreBy(measure, change, candidate, glass);
    if (one) scored.push(one);
  }
  return scored;
}

/** A candidate by a measure that changed so much; `undefined` where that is not its own doing. */
function scoreBy(
  measure: number,
  change: number,
  candidate: Candidate,
  glass: Glass,
): Scored | undefined {
  const { turn, noise, wider, doubt } = glass;
  const { conditions, sums } = candidate;
  const before = sums[turn * measureCount + 1] ?? 0;
  const isAll = conditions.length === 0;
  const tide = isAll ? 1 : glass.tide;
  const left = wider * leftOf(measure, candidate, turn * measureCount) * Math.sign(change);
  if (left < leastLeft * Math.abs(change)) return undefined;
  if (isAll && isLifted(measure) && Math.abs(change) < leastTide * before) return undefined;
  if (namesVersion(conditions) && isMostlyTraffic(measure, candidate, turn)) return undefined;
  const surprise = surpriseBy(measure, sums, turn, tide, wider);
  const evenness = isAll ? 1 : evennessOf(measure, candidate, glass);
  const multiple = noise.multiple(measure);
  const isNew = isFirstSeen(candidate, turn);
  const likelihood = (2 * surprise) / ((isNew ? Math.min(1, multiple) : multiple) * doubt);
  const score = named(likelihood * evenness, conditions);
  const lumps = wider * changeBy(measure, sums, turn, tide, true);
  return { candidate, measure, change, lumps, score, isNew };
}

/**
 * Whether traffic makes most of a change. How much is asked is nobody's version's doing: a version's traffic is its share of
 * what features, users and regions asked, and to tell of it by the version says less than to tell of it by them.
 */
function isMostlyTraffic(measure: number, { sums }: Candidate, turn: number): boolean {
  return measure === 0 ? isMostlyBy("traffic", sums, turn) : measure === measureOf("traffic");
}

/** Whether a factor makes most of a change of the cost. */
export function isMostlyBy(factor: Factor, sums: Float64Array, turn: number): boolean {
  const at = turn * measureCount;
  const change = (sums[at] ?? 0) - (sums[at + 1] ?? 0);
  return 2 * (sums[at + measureOf(factor)] ?? 0) * Math.sign(change) > Math.abs(change);
}

/**
 * What is left of a factor's change when all have done theirs: a reader is told of dollars that were spent.
 *
 * Where less came, and cost the more, that would have been spent less without the factor. So what few requests saved counts
 * for none of what each of them costs more. Of a version nobody knows how many would have come: its baseline is a share of others'.
 */
function leftOf(measure: number, { conditions, sums }: Candidate, at: number): number {
  const change = (sums[at] ?? 0) - (sums[at + 1] ?? 0);
  if ((sums[at + measure] ?? 0) <= 0) return change;
  let saved = 0;
  const last = Math.min(measure - 1, measureOf("loops"));
  for (let other = measureOf("traffic"); other <= last; other += 1) saved += sums[at + other] ?? 0;
  return saved >= 0 || namesVersion(conditions) ? change : change - saved;
}

/**
 * G of a candidate by a measure, in lumps: see `scoresOf`.
 *
 * A factor is compared with what there was before it came: with the old cost and what the factors before it, in their
 * order, did to that.
 */
export function surpriseBy(
  measure: number,
  sums: Float64Array,
  turn: number,
  tide: number,
  wider: number,
): number {
  const at = turn * measureCount + firstLump;
  const change = wider * changeBy(measure, sums, turn, tide, true);
  if (measure === 0) return surpriseOf(sums[at] ?? 0, (sums[at] ?? 0) - change);
  let expected = tide * (sums[at + 1] ?? 0);
  for (let other = measureOf("traffic"); other < measure; other += 1) {
    expected += changeBy(other, sums, turn, tide, true);
  }
  return surpriseOf(Math.max(0, expected) + change, Math.max(0, expected));
}

/** What lifts everything by a fifth does not lift all by a fifth: by so much of it the parts differ. */
const unevenness = 0.3;

/** Of the variance of a cost the share that there is without a tide. */
function evennessOf(measure: number, { sums }: Candidate, { turn, tide, noise }: Glass): number {
  if (!isLifted(measure)) return 1;
  const expected = sums[turn * measureCount + firstLump + 1] ?? 0;
  return 1 / (1 + ((unevenness * (tide - 1)) ** 2 * expected) / noise.multiple(measure));
}

/** The most surprising first. */
export function byScore(a: Scored, b: Scored): number {
  return b.score - a.score;
}

/** Whether a user or a conversation is named. */
export function namesPerson(conditions: readonly Condition[]): boolean {
  return conditions.some(({ column }) => isPersonal(column));
}

/** Whether a release, a model, a provider or a version of a prompt is named. */
export function namesVersion(conditions: readonly Condition[]): boolean {
  return conditions.some(({ column }) => roleOf(column.name) === "version");
}
