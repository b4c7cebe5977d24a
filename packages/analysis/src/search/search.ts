import type { Factor } from "../bridge/sides.ts";
import type { Segment } from "../dimensions.ts";
import { factorOf, measureCount } from "../ledger/contributions.ts";
import { openRows, smallCandidates } from "./candidates.ts";
import type { Doubts } from "./doubts.ts";
import { gainOf, LeafScan, type LeafSegment } from "./leaves/leaf-scan.ts";
import type { Limits } from "./limits.ts";
import { isPartOfName, shareOfSpend, simplestName, spendOf } from "./names.ts";
import { isMostlyBy, namesPerson, type Scored, surpriseBy } from "./scoring.ts";
import { type Condition, ofLargeValues, type SpendTable, segmentOf } from "./spend-table.ts";
import { bestBySums } from "./sum-search.ts";
import { Survey } from "./survey.ts";

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
 * Looks for the segments that explain a change of cost.
 *
 * They are looked for in two ways, and that answer is taken which makes what was seen likelier. Costs that come in lumps
 * vary from day to day, and less in sum than one by one: there sums over a segment say most. Where each leaf has a forecast
 * that is near, as when a price changed by a ratio, sums hide what leaves say one by one.
 *
 * A search may be repeated, with more known of what it doubted: what was summed for it is kept.
 */
export class SegmentSearch {
  readonly #table: SpendTable;
  /** The same, with what sums may name. */
  readonly #large: SpendTable;
  readonly #limits: Limits;
  readonly #bill: number;
  /** Those of the last search, by what was told before. */
  #surveys = new Map<string, Survey>();
  #leaves: Leaves | undefined;

  constructor(table: SpendTable, limits: Limits) {
    this.#table = table;
    this.#large = ofLargeValues(table, leastShareOfValue);
    this.#limits = limits;
    this.#bill = expectedBill(table);
  }

  /** The segments, best first; each part of the spend is in one of them. */
  find(doubts?: Doubts): Claim[] {
    const table = this.#table;
    table.claimed.fill(0);
    if (this.#bill <= 0) return [];
    const { claims, gain } = this.#bySums(doubts);
    this.#leaves ??= leavesOf(table, this.#bill, this.#limits);
    if (!isLikelier(this.#leaves, gain)) return claims;
    table.claimed.fill(0);
    return this.#leaves.found.map(({ conditions }) =>
      claim(table, simplestName(table, conditions), undefined),
    );
  }

  /** @returns what is told, and the logarithm of how much likelier that makes what was seen */
  #bySums(doubts: Doubts | undefined) {
    const table = this.#large;
    const known = this.#surveys;
    this.#surveys = new Map();
    const found: FoundBySums[] = [];
    let gain = 0;
    let told = "";
    while (found.length < this.#limits.mostFindings) {
      const survey = known.get(told) ?? new Survey(table, this.#bill, this.#limits);
      this.#surveys.set(told, survey);
      const best = bestBySums(survey, doubts);
      if (!best) break;
      // A score is twice such a logarithm.
      gain += best.score / 2;
      const conditions = simplestName(
        table,
        best.candidate.conditions,
        isMostlyBy("price", best.candidate.sums, 0),
      );
      told += JSON.stringify(segmentOf(conditions));
      const own = { conditions, best, claim: claim(table, conditions, factorOf(best.measure)) };
      const special = found.findIndex((one) => isSpecialCase(one, own));
      const earlier = found[special];
      if (earlier) found[special] = together(table, earlier, own);
      else found.push(own);
    }
    return { claims: found.map(({ claim }) => claim), gain };
  }
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

/** What leaves say one by one. */
interface Leaves {
  readonly found: readonly LeafSegment[];
  /** What they gain on a day without an incident; asked for only where it matters. */
  readonly usualGain: () => number;
  /** Whether all leaves did alike, as on a busy day. */
  readonly isTide: boolean;
}

function leavesOf(table: SpendTable, bill: number, limits: Limits): Leaves {
  const scan = new LeafScan(table);
  const scanIn = (turn: number) =>
    scan.segments(turn, limits.mostFindings, (segment) =>
      isWorthTelling(table, turn, segment, bill, limits),
    );
  const found = scanIn(0);
  let usual: number | undefined;
  const usualGain = () => {
    if (usual !== undefined) return usual;
    const days = table.turns > 2 ? table.turns - 1 : 0;
    usual = 0;
    for (let turn = 1; turn <= days; turn += 1) usual += gainOf(scanIn(turn)) / days;
    return usual;
  };
  return { found, usualGain, isTide: found.some((one) => isTide(table, one)) };
}

/** Whether they say more than sums do, and than on days without an incident. */
function isLikelier({ found, usualGain, isTide }: Leaves, bySums: number): boolean {
  const gain = gainOf(found);
  return gain > bySums && !isTide && gain > bySums + leastGain * usualGain();
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
