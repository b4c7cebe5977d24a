import { type Candidate, candidatesOf } from "./candidates.ts";
import type { Dimension, Segment } from "./dimensions.ts";
import type { LabelledPiece } from "./matched-baseline.ts";
import {
  byValue,
  type Condition,
  canName,
  matches,
  nameCostOf,
  type Spend,
  type SpendTable,
  sumOf,
  toSpendTable,
} from "./spend-table.ts";

/** A segment whose cost changed, and the pieces it consists of. */
export interface Found {
  readonly segment: Segment;
  /** Pieces of the segment that no better segment has. */
  readonly pieces: readonly LabelledPiece[];
  /** Share of the segment's spend, before and after, that better segments have. */
  readonly claimedBefore: number;
}

/** Below this share of the bill nothing is looked for. */
const leastShareOfBill = 0.02;

/** A segment has to explain this much of the whole change. */
const leastShareOfChange = 0.1;

/** Surprise, as a share of the bill, that a finding needs. Twice that of 2 % of a bill in a segment of 3 %. */
const leastSurprise = 0.01;

/** Two descriptions of this much common spend are one, and the simpler one is told. */
const sameSpend = 0.95;

const mostFindings = 5;

/**
 * The segments that explain a change of cost, best first; each part of the spend is in one of them.
 *
 * A segment of up to two dimensions is scored by how surprising its cost y is where e was expected,
 *
 *     G = y ln(y/e) - (y - e)
 *
 * which is the logarithm of a likelihood ratio, that of a rate of its own against the old one. A wider segment
 * has the same excess in more spend, a narrower one less of the excess: both score lower. So there is no
 * order of dimensions. A second dimension has to earn a tenth.
 *
 * @param scale length of the window over that of the baseline
 * @param noise a change of the whole that is usual, in pico-dollars: when no more is left, the search ends
 */
export function findSegments(
  pieces: readonly LabelledPiece[],
  scale: number,
  noise: number,
  names: readonly Dimension[],
): Found[] {
  const table = toSpendTable(pieces, scale, names);
  const total = sumOf(table.spend);
  const bill = Math.max(total.after, total.before);
  const large = leastShareOfBill * bill;
  const scales: Scales = {
    change: Math.max(leastShareOfChange * Math.abs(total.after - total.before), large),
    surprise: leastSurprise * bill,
    large,
    granted: takenForGranted * total.before,
  };
  const found: Found[] = [];
  while (bill > 0 && found.length < mostFindings) {
    const left = openSpend(table);
    if (Math.abs(left.after - left.before) < noise) break;
    const best = ranked(candidatesOf(table, large), scales).find(
      (candidate) => !isMixture(table, candidate, scales),
    );
    if (!best) break;
    found.push(claim(table, simplestName(table, best.conditions)));
  }
  return found;
}

/** Amounts that the search goes by, all from the bill. */
interface Scales {
  /** The least change of a finding. */
  readonly change: number;
  /** The least surprise of a finding. */
  readonly surprise: number;
  /** From here on a value is looked at by itself. */
  readonly large: number;
  /** Added to both sides of a segment before they are compared. */
  readonly granted: number;
}

/** The candidates that are worth telling, best first. */
function ranked(candidates: readonly Candidate[], scales: Scales): Candidate[] {
  return candidates
    .filter(({ after, before }) => Math.abs(after - before) >= scales.change)
    .map((candidate) => ({
      candidate,
      surprise:
        surpriseOf(candidate, scales) * 0.9 ** Math.max(0, nameCostOf(candidate.conditions) - 1),
    }))
    .filter(({ surprise }) => surprise >= scales.surprise)
    .map(({ candidate, surprise }) => ({ candidate, score: surprise * trustIn(candidate) }))
    .sort((a, b) => b.score - a.score)
    .map(({ candidate }) => candidate);
}

/** A user varies more than anything else: three heavy requests make one stand out. */
function trustIn({ conditions }: Candidate): number {
  return conditions.some(({ column }) => column.name === "user_id") ? 0.6 : 1;
}

/** Share of the expected bill that is added to both sides: else the smallest segment that is new would win. */
const takenForGranted = 0.02;

function surpriseOf({ after, before }: Spend, { granted }: Scales): number {
  const y = after + granted;
  const e = before + granted;
  return y === 0 || e === 0 ? y + e : y * Math.log(y / e) - (y - e);
}

/** Of the open spend, as much is nearly everything. */
const nearlyEverything = 0.9;

/** Parts that are as much more surprising than their whole are told in its place. */
const betterInParts = 1.1;

/**
 * Whether the candidate is nearly everything and some dimension tells its changed parts from the others.
 *
 * Two causes in different features make the whole bill surprising, and more so than either.
 */
function isMixture(table: SpendTable, candidate: Candidate, scales: Scales): boolean {
  if (sizeOf(candidate) < nearlyEverything * sizeOf(openSpend(table))) return false;
  return table.columns.some((column) => {
    // Users always differ.
    if (column.name === "user_id") return false;
    const parts = byValue(table, column, candidate.conditions);
    const isLarge = ({ after, before }: Spend) => Math.max(after, before) >= scales.large;
    const rest = sumOf(parts.filter((part) => !isLarge(part)));
    const inParts = [rest, ...parts.filter(isLarge)].reduce(
      (sum, part) => sum + surpriseOf(part, scales),
      0,
    );
    return inParts >= betterInParts * surpriseOf(candidate, scales);
  });
}

/** Of the conditions, all single ones and none at all, those that describe the spend and are cheapest to tell. */
function simplestName(table: SpendTable, conditions: readonly Condition[]): readonly Condition[] {
  if (isEverything(table, conditions)) return [];
  let simplest = conditions;
  for (const column of table.columns) {
    const described = byValue(table, column, conditions).map(sizeOf);
    const all = described.reduce((sum, size) => sum + size, 0);
    for (const [code, spend] of byValue(table, column).entries()) {
      const common = described[code] ?? 0;
      const isSame = common >= sameSpend * (sizeOf(spend) + all - common);
      const other = [{ column, code }];
      if (isSame && canName(column, code) && nameCostOf(other) < nameCostOf(simplest)) {
        simplest = other;
      }
    }
  }
  return simplest;
}

/** Whether the conditions leave nearly nothing out, neither before nor after. */
function isEverything(table: SpendTable, conditions: readonly Condition[]): boolean {
  const all = openSpend(table);
  const { after, before } = sumOf(
    table.spend.filter((_, index) => !table.claimed[index] && matches(conditions, index)),
  );
  return after >= sameSpend * all.after && before >= sameSpend * all.before;
}

/** Spend that no finding has. */
function openSpend(table: SpendTable): Spend {
  return sumOf(table.spend.filter((_, index) => !table.claimed[index]));
}

function sizeOf({ after, before }: Spend): number {
  return after + before;
}

/** Gives the segment its open pieces. */
function claim(table: SpendTable, conditions: readonly Condition[]): Found {
  const indexes = [...table.pieces.keys()].filter((index) => matches(conditions, index));
  const open = indexes.filter((index) => !table.claimed[index]);
  const all = sizeOf(sumOf(indexes.map((index) => table.spend[index])));
  const left = sizeOf(sumOf(open.map((index) => table.spend[index])));
  for (const index of open) table.claimed[index] = true;
  return {
    segment: Object.fromEntries(
      conditions.map(({ column, code }) => [column.name, column.values[code] ?? null]),
    ),
    pieces: open.flatMap((index) => table.pieces[index] ?? []),
    claimedBefore: all === 0 ? 0 : 1 - left / all,
  };
}
