import { openRows, smallCandidates } from "./candidates.ts";
import { factorOf, measureCount, measureOf } from "./contributions.ts";
import type { Segment } from "./dimensions.ts";
import type { Doubts } from "./doubts.ts";
import { gainOf, LeafScan, type LeafSegment } from "./leaves/leaf-scan.ts";
import type { Limits } from "./limits.ts";
import { isPartOfName, shareOfSpend, simplestName, spendOf } from "./names.ts";
import { namesPerson, type Scored, surpriseBy } from "./scoring.ts";
import type { Factor } from "./sides.ts";
import { type Condition, ofLargeValues, type SpendTable, segmentOf } from "./spend-table.ts";
import { bestBySums } from "./sum-search.ts";

/** A segment that explains a part of the change. */
export interface Claim {
  readonly segment: Segment;
  /** Rows of the table that are its own: those that no better segment has. */
  readonly rows: ReadonlySet<number>;
  /** Share of the segment's spend, before and after, that better segments have. */
  readonly claimedBefore: number;
  /** The factor that is too much for chance there; `undefined` where that is only their sum. */
  readonly foundBy: Factor | undefined;
}

/** By sums a value is tried that cost, before or after, as much of what the window cost. */
const leastShareOfValue = 0.015;

/** So many times as much as on an ordinary day leaves have to say, as scores of sums have to. */
const leastGain = 2;

/**
 * The segments that explain a change of cost, best first; each part of the spend is in one of them.
 *
 * They are looked for in two ways, and that answer is taken which makes what was seen likelier. Costs that come in lumps
 * vary from day to day, and less in sum than one by one: there sums over a segment say most. Where each leaf has a forecast
 * that is near, as when a price changed by a ratio, sums hide what leaves say one by one.
 */
export function findSegments(table: SpendTable, limits: Limits, doubts?: Doubts): Claim[] {
  const bill = expectedBill(table);
  if (bill <= 0) return [];
  const { claims, gain } = claimsBySums(table, bill, limits, doubts);
  const leaves = leafSegments(table, bill, limits, gain);
  if (leaves === undefined) return claims;
  table.claimed.fill(0);
  return leaves.map(({ conditions }) => claim(table, simplestName(table, conditions), undefined));
}

/** @returns what is told, and the logarithm of how much likelier that makes what was seen */
function claimsBySums(all: SpendTable, bill: number, limits: Limits, doubts: Doubts | undefined) {
  const table = ofLargeValues(all, leastShareOfValue);
  const found: FoundBySums[] = [];
  let gain = 0;
  while (found.length < limits.mostFindings) {
    const best = bestBySums(table, bill, limits, doubts);
    if (!best) break;
    // A score is twice such a logarithm.
    gain += best.score / 2;
    const conditions = simplestName(table, best.candidate.conditions, isOfPrice(best));
    const own = { conditions, best, claim: claim(table, conditions, factorOf(best.measure)) };
    const special = found.findIndex((one) => isSpecialCase(one, own));
    const earlier = found[special];
    if (earlier) found[special] = together(table, earlier, own);
    else found.push(own);
  }
  return { claims: found.map(({ claim }) => claim), gain };
}

/** Whether most of a change is a new price's. */
function isOfPrice({ candidate: { sums } }: Scored): boolean {
  const change = (sums[0] ?? 0) - (sums[1] ?? 0);
  return 2 * (sums[measureOf("price")] ?? 0) * Math.sign(change) > Math.abs(change);
}

interface FoundBySums {
  readonly conditions: readonly Condition[];
  readonly best: Scored;
  readonly claim: Claim;
}

/** Parts that are as much more surprising than their whole stay apart: two changes that have nothing to do with each other. */
const betterInParts = 1.5;

/** Whether what was found later is the same by a name that says less: the rest of it did the same. */
function isSpecialCase(earlier: FoundBySums, later: FoundBySums): boolean {
  const [a, b] = [earlier.best, later.best];
  const isNarrower = isPartOfName(later.conditions, earlier.conditions);
  if (!isNarrower || a.measure !== b.measure || a.change * b.change <= 0) return false;
  const sums = a.candidate.sums.map((sum, index) => sum + (b.candidate.sums[index] ?? 0));
  const surprise = (of: Float64Array) => surpriseBy(a.measure, of, 0, 1, 1);
  return surprise(a.candidate.sums) + surprise(b.candidate.sums) < betterInParts * surprise(sums);
}

function together(
  table: SpendTable,
  earlier: FoundBySums,
  { conditions, best, claim }: FoundBySums,
): FoundBySums {
  const rows = new Set([...earlier.claim.rows, ...claim.rows]);
  return { conditions, best, claim: toClaim(table, conditions, rows, factorOf(best.measure)) };
}

/** What leaves say one by one, where it is more than what sums say and than what they say on days without an incident. */
function leafSegments(
  table: SpendTable,
  bill: number,
  limits: Limits,
  bySums: number,
): readonly LeafSegment[] | undefined {
  const scan = new LeafScan(table);
  const scanIn = (turn: number) =>
    scan.segments(turn, limits.mostFindings, (segment) =>
      isWorthTelling(table, turn, segment, bill, limits),
    );
  const found = scanIn(0);
  if (gainOf(found) <= bySums || found.some((one) => isTide(table, one))) return undefined;
  const days = table.turns > 2 ? table.turns - 1 : 0;
  let usual = 0;
  for (let turn = 1; turn <= days; turn += 1) usual += gainOf(scanIn(turn)) / days;
  return gainOf(found) > bySums + leastGain * usual ? found : undefined;
}

/** Of the spend, as much is nearly everything: what all leaves do alike a busy day does. */
const nearlyEverything = 0.9;

function isTide(table: SpendTable, { rows }: LeafSegment): boolean {
  const own = rows.reduce((sum, row) => sum + spendOf(table, row), 0);
  let all = 0;
  for (let row = 0; row < table.rows; row += 1) all += spendOf(table, row);
  return own >= nearlyEverything * all;
}

function isWorthTelling(
  { turns, measures }: SpendTable,
  turn: number,
  { conditions, rows }: LeafSegment,
  bill: number,
  { leastShare, leastPersonalShare }: Limits,
): boolean {
  let change = 0;
  for (const row of rows) {
    const at = (row * turns + turn) * measureCount;
    change += (measures[at] ?? 0) - (measures[at + 1] ?? 0);
  }
  return Math.abs(change) >= (namesPerson(conditions) ? leastPersonalShare : leastShare) * bill;
}

/** A window that costs many times what was expected is measured by itself: what was large before is small now. */
const largestGrowth = 3;

/** What changes are measured by: what the whole was expected to cost. */
function expectedBill(table: SpendTable): number {
  const [whole] = smallCandidates({ ...table, columns: [] });
  return Math.max(whole?.sums[1] ?? 0, (whole?.sums[0] ?? 0) / largestGrowth);
}

/** Gives the segment its open rows. */
function claim(
  table: SpendTable,
  conditions: readonly Condition[],
  foundBy: Factor | undefined,
): Claim {
  const rows = openRows(table, conditions);
  for (const row of rows) table.claimed[row] = 1;
  return toClaim(table, conditions, new Set(rows), foundBy);
}

function toClaim(
  table: SpendTable,
  conditions: readonly Condition[],
  rows: ReadonlySet<number>,
  foundBy: Factor | undefined,
): Claim {
  return {
    segment: segmentOf(conditions),
    rows,
    claimedBefore: 1 - shareOfSpend(table, conditions, (row) => rows.has(row)),
    foundBy,
  };
}
