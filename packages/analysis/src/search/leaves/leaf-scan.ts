import { measureCount } from "../../ledger/contributions.ts";
import type { Condition, SpendTable } from "../spend-table.ts";
import { type Cuboid, choices, cuboidsOf } from "./cuboids.ts";
import { type NullLaw, nullLawOf } from "./null-law.ts";

/** A set of values whose leaves deviate together. */
export interface LeafSegment {
  readonly conditions: readonly Condition[];
  readonly rows: readonly number[];
  /** The logarithm of a likelihood ratio, less what it cost to choose among so many sets. */
  readonly gain: number;
}

/** Of fewer leaves that deviate by chance too few are beyond the 99th of a hundred to tell how far chance goes. */
const fewestLeaves = 500;

/** Half of the leaves have to be as near to what was expected of them, as a share. */
const nearest = 0.25;

/** So many sets that look promising are looked at closely. */
const looked = 60;

/** What is told has to explain more than one of as many sets would by chance. */
const leastGain = 1;

/**
 * Finds the sets of values whose leaves, the rows of a table, deviate together from what was expected of each.
 *
 * The same likelihood ratio as of sums, of "its own rate" against "the old rate", where each leaf has a forecast of its
 * own that is near: how far leaves deviate by themselves is learned from those that deviate the other way, and not from
 * days. A set that is too wide pays for leaves that did as forecast, one that is too narrow gives evidence away. The best
 * one is told and its leaves are taken out, until what is left explains no more than one of as many sets would by chance.
 */
export class LeafScan {
  readonly #table: SpendTable;
  /** The same in every period; none are made where leaves are not near in any. */
  #cuboids: readonly Cuboid[] | undefined;

  constructor(table: SpendTable) {
    this.#table = table;
  }

  /**
   * @param turn which period is compared with what was expected of it
   * @param most so many segments at most
   */
  segments(
    turn: number,
    most: number,
    isWorthTelling: (segment: LeafSegment) => boolean,
  ): readonly LeafSegment[] {
    const byMean = deviationsOf(this.#table, turn, "mean");
    if (!areNear(byMean)) return [];
    const byExpected = deviationsOf(this.#table, turn, "expected");
    this.#cuboids ??= cuboidsOf(this.#table);
    const cuboids = this.#cuboids;
    const scan = (deviations: Float64Array) => scanSides(cuboids, deviations, most, isWorthTelling);
    const told = scan(byMean);
    const isTold = new Set(told.flatMap(({ rows }) => rows));
    const isRest = (_: number, row: number) => !isTold.has(row);
    const isFitter = lopsidedness(byExpected.filter(isRest)) < lopsidedness(byMean.filter(isRest));
    return isFitter ? scan(byExpected) : told;
  }
}

function scanSides(
  cuboids: readonly Cuboid[],
  deviations: Float64Array,
  most: number,
  isWorthTelling: (segment: LeafSegment) => boolean,
): readonly LeafSegment[] {
  const [up = [], down = []] = [1, -1].map((side) => {
    const signed = deviations.map((deviation) => side * deviation);
    return scanSide(cuboids, signed, most, isWorthTelling);
  });
  return gainOf(up) >= gainOf(down) ? up : down;
}

export function gainOf(segments: readonly LeafSegment[]): number {
  return segments.reduce((sum, { gain }) => sum + gain, 0);
}

/** Whether leaves have forecasts that are near: whether half of them do nearly as expected. */
function areNear(deviations: Float64Array): boolean {
  const distances = deviations
    .filter((deviation) => !Number.isNaN(deviation))
    .map(Math.abs)
    .sort();
  const median = distances[Math.floor(distances.length / 2)];
  return median !== undefined && median <= nearest;
}

/** No leaf is taken to deviate further: what is new deviates so. */
const furthest = 10;

/**
 * By how much each leaf is above what was expected, as a share of that or of the mean of both; NaN where there is nothing
 * to share.
 *
 * Of the mean, what doubles and what halves deviate alike: so chance has no favourite side where it multiplies. Where it
 * adds, it has none as a share of what was expected.
 */
function deviationsOf(
  { rows, turns, measures }: SpendTable,
  turn: number,
  of: "mean" | "expected",
): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    const at = (row * turns + turn) * measureCount;
    const after = Math.max(0, measures[at] ?? 0);
    const before = Math.max(0, measures[at + 1] ?? 0);
    if (after + before === 0) return Number.NaN;
    const whole = of === "mean" ? (after + before) / 2 : before;
    return Math.min(furthest, (after - before) / whole);
  });
}

/** How much further leaves deviate to one side than to the other: 0 where chance has no favourite side. */
function lopsidedness(deviations: Float64Array): number {
  let [up, down] = [0, 0];
  for (const deviation of deviations) {
    if (deviation > 0) up += deviation ** 2;
    if (deviation < 0) down += deviation ** 2;
  }
  return up === 0 || down === 0 ? Number.POSITIVE_INFINITY : Math.abs(Math.log(up / down));
}

interface Scanned {
  readonly cuboids: readonly Cuboid[];
  /** Deviations, upward the way that is looked for. */
  readonly signed: Float64Array;
  readonly law: NullLaw;
  /** 1 for leaves that no segment has. */
  readonly open: Uint8Array;
  /** What each says for a cause of unknown size. */
  readonly evidence: Float64Array;
}

function scanSide(
  cuboids: readonly Cuboid[],
  signed: Float64Array,
  most: number,
  isWorthTelling: (segment: LeafSegment) => boolean,
): LeafSegment[] {
  const quiet = signed.filter((deviation) => deviation <= 0).map((one) => -one);
  if (quiet.length < fewestLeaves) return [];
  const law = nullLawOf(quiet);
  const open = Uint8Array.from(signed, (deviation) => (Number.isNaN(deviation) ? 0 : 1));
  const evidence = signed.map((deviation) => evidenceOf(law, deviation));
  const scanned = { cuboids, signed, law, open, evidence };
  const told: LeafSegment[] = [];
  while (told.length < most) {
    const best = bestOf(scanned, isWorthTelling);
    if (!best || best.gain < leastGain) break;
    told.push(best);
    for (const row of best.rows) open[row] = 0;
  }
  return told;
}

/** What a leaf says for a cause of unknown size: any deviation upward is as likely then. */
function evidenceOf(law: NullLaw, deviation: number): number {
  const distance = Number.isNaN(deviation) ? 0 : Math.max(0, deviation);
  return Math.log(1 / 2) - law.logDensity(distance);
}

function bestOf(
  scanned: Scanned,
  isWorthTelling: (segment: LeafSegment) => boolean,
): LeafSegment | undefined {
  const promising: { cuboid: Cuboid; code: number; score: number }[] = [];
  for (const cuboid of scanned.cuboids) {
    const sums = new Float64Array(cuboid.count);
    for (const [row, code] of cuboid.codes.entries()) {
      if (code >= 0 && scanned.open[row])
        sums[code] = (sums[code] ?? 0) + (scanned.evidence[row] ?? 0);
    }
    const penalty = penaltyOf(cuboid, scanned);
    for (const [code, sum] of sums.entries()) {
      if (sum > 0) promising.push({ cuboid, code, score: sum - penalty });
    }
  }
  promising.sort((a, b) => b.score - a.score);
  return promising
    .slice(0, looked)
    .map(({ cuboid, code }) => closely(cuboid, code, scanned))
    .filter(isWorthTelling)
    .reduce<LeafSegment | undefined>(
      (best, one) => (best === undefined || one.gain > best.gain ? one : best),
      undefined,
    );
}

/** The logarithm of how many sets were tried, those of few dimensions counted as if they were as many. */
function penaltyOf({ columns, count }: Cuboid, { cuboids, signed }: Scanned): number {
  const dimensions = cuboids.filter((one) => one.columns.length === 1).length;
  return (
    Math.log(count) +
    Math.log(choices(dimensions, columns.length)) +
    Math.log(dimensions) +
    Math.log(signed.length) +
    1
  );
}

/** This share of a cause's leaves does as ever. */
const untouched = 0.02;

/** A set with what its leaves say for a cause that moves all of them by about as much. */
function closely(cuboid: Cuboid, code: number, scanned: Scanned): LeafSegment {
  const { signed, law, open } = scanned;
  const rows: number[] = [];
  for (const [row, own] of cuboid.codes.entries()) if (own === code && open[row]) rows.push(row);
  const deviations = rows.map((row) => signed[row] ?? 0).sort((a, b) => a - b);
  const centre = deviations[Math.floor(deviations.length / 2)] ?? 0;
  const gains = [0.25, 0.5, 1, 2].map((times) => {
    const spread = Math.max(narrowest, times * law.sigma);
    // A cause moves its leaves by more than they differ; else they are a mixture of moved ones and others.
    if (centre < spread) return 0;
    return deviations.reduce((sum, one) => {
      const usual = law.logDensity(Math.abs(one));
      const moved = -(((one - centre) / spread) ** 2) / 2 - Math.log(spread) - logRoot;
      return sum + logOfBoth(Math.log(1 - untouched) + moved, Math.log(untouched) + usual) - usual;
    }, 0);
  });
  const [first = 0] = rows;
  return {
    conditions: cuboid.columns.map((column) => ({ column, code: column.codes[first] ?? -1 })),
    rows,
    gain: Math.max(...gains) - penaltyOf(cuboid, scanned),
  };
}

const narrowest = 1e-3;

const logRoot = Math.log(Math.sqrt(2 * Math.PI));

/** log(exp(a) + exp(b)), also where both are next to nothing. */
function logOfBoth(a: number, b: number): number {
  const most = Math.max(a, b);
  return most + Math.log(Math.exp(a - most) + Math.exp(b - most));
}
