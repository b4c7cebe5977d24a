import { type Candidate, narrowed, smallCandidates } from "./candidates.ts";
import { measureCount } from "./contributions.ts";
import type { Dimension, Segment } from "./dimensions.ts";
import type { LabelledPiece } from "./matched-baseline.ts";
import { isMixture } from "./mixture.ts";
import { simplestName } from "./names.ts";
import { noiseOf } from "./noise.ts";
import { usualScores } from "./placebo.ts";
import { namesPerson, type Scored, scoresOf } from "./scoring.ts";
import { type Condition, matches, type SpendTable } from "./spend-table.ts";
import { tideOf } from "./tide.ts";

/** A segment whose cost changed, and the pieces it consists of. */
export interface Found {
  readonly segment: Segment;
  /** Pieces of the segment that no better segment has. */
  readonly pieces: readonly LabelledPiece[];
  /** Share of the segment's spend, before and after, that better segments have. */
  readonly claimedBefore: number;
}

/** Conditions of a finding, and the rows of the table that are its own. */
export interface Claim {
  readonly conditions: readonly Condition[];
  readonly rows: ReadonlySet<number>;
  readonly claimedBefore: number;
}

/** How many of its usual deviations a change has to be large; for users, who vary more, another number. */
const leastDeviations = 3.5;
const leastPersonalDeviations = 6;

/** How many times as high as on an ordinary day the score of a finding has to be. */
const leastScore = 3;
const leastPersonalScore = 5;

const mostFindings = 5;

/** So many candidates of two conditions are tried with a third. */
const narrowedCandidates = 40;

/** The segments that explain a change of cost, best first; each part of the spend is in one of them. */
export function findSegments(table: SpendTable): Claim[] {
  const bill = expectedBill(table);
  if (bill <= 0) return [];
  const claims: Claim[] = [];
  while (claims.length < mostFindings) {
    const best = bestOf(table, bill);
    if (!best) break;
    claims.push(claim(table, simplestName(table, best.candidate.conditions)));
  }
  return claims;
}

/** A window that costs many times what was expected is measured by itself: what was large before is small now. */
const largestGrowth = 3;

/** What changes are measured by: what the whole was expected to cost. */
function expectedBill(table: SpendTable): number {
  let after = 0;
  let before = 0;
  for (let row = 0; row < table.rows; row += 1) {
    after += table.window[row * measureCount] ?? 0;
    before += table.window[row * measureCount + 1] ?? 0;
  }
  return Math.max(before, after / largestGrowth);
}

function bestOf(table: SpendTable, bill: number): Scored | undefined {
  const noise = noiseOf(table, bill);
  const glass = { tide: tideOf(table, table.window), noise, bill, wider: 1 };
  const score = (candidate: Candidate) => scoresOf(candidate, glass);
  const small = smallCandidates(table).flatMap(score).sort(byScore);
  const pairs = new Set<Candidate>();
  for (const { candidate } of small) {
    if (pairs.size >= narrowedCandidates) break;
    if (candidate.conditions.length === 2) pairs.add(candidate);
  }
  const narrow = [...pairs].flatMap((pair) => narrowed(table, pair)).flatMap(score);
  const usual = usualScores(table, noise, bill);
  return [...small, ...narrow].sort(byScore).find((one) => {
    const { candidate, measure, change } = one;
    const before = candidate.measures[1] ?? 0;
    const isPerson = namesPerson(candidate.conditions);
    return (
      one.score >= (isPerson ? leastPersonalScore : leastScore) * usual(one) &&
      noise.deviations(measure, candidate.conditions, change, before) >=
        (isPerson ? leastPersonalDeviations : leastDeviations) &&
      !isMixture(table, one, glass)
    );
  });
}

function byScore(a: Scored, b: Scored): number {
  return b.score - a.score;
}

/** Gives the segment its open rows. */
function claim(table: SpendTable, conditions: readonly Condition[]): Claim {
  const rows = new Set<number>();
  let all = 0;
  let open = 0;
  for (let row = 0; row < table.rows; row += 1) {
    if (!matches(conditions, row)) continue;
    const size =
      (table.window[row * measureCount] ?? 0) + (table.window[row * measureCount + 1] ?? 0);
    all += size;
    if (table.claimed[row]) continue;
    open += size;
    rows.add(row);
  }
  for (const row of rows) table.claimed[row] = 1;
  return { conditions, rows, claimedBefore: all === 0 ? 0 : 1 - open / all };
}

/** A claim as a segment, with the pieces that are its own. */
export function toFound(
  { conditions, rows, claimedBefore }: Claim,
  table: SpendTable,
  slotOfPiece: readonly number[],
  pieces: readonly LabelledPiece[],
): Found {
  const segment: Partial<Record<Dimension, string | null>> = {};
  for (const { column, code } of conditions) segment[column.name] = column.values[code] ?? null;
  return {
    segment,
    pieces: pieces.filter((_, index) => rows.has(table.rowOfSlot[slotOfPiece[index] ?? 0] ?? -1)),
    claimedBefore,
  };
}
