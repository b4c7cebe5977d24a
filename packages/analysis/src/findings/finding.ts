import { type PicoUsd, picoUsd } from "@spancost/pricing";
import type { Pieces } from "../baseline/matched-baseline.ts";
import { type Bridge, bridge } from "../bridge/bridge.ts";
import { productsOf } from "../bridge/products.ts";
import { costOf, type Factor, factors, type Sides } from "../bridge/sides.ts";
import { type Counterfactual, counterfactualOf } from "../counterfactual/counterfactuals.ts";
import {
  conditionsOf,
  type Dimension,
  isTag,
  type Segment,
  versionDimensions,
} from "../dimensions.ts";
import { type CellTable, cellWidth, costAt, type Labels } from "../reading/cell-table.ts";
import { type Confidence, confidenceOf, type Resampled } from "./confidence.ts";
import { type Figures, figuresOf } from "./figures.ts";
import { reasonOf, sentenceOf } from "./sentence.ts";

/** A segment that explains a part of the change. */
export interface Finding {
  readonly segment: Segment;
  readonly cost: PicoUsd;
  readonly baselineCost: PicoUsd;
  readonly delta: PicoUsd;
  /** Of the whole change; `undefined` where that is 0. */
  readonly share: number | undefined;
  /** The factor that is news there, see `mechanismOf`; else the one that contributed the most to the change. */
  readonly mechanism: Factor;
  /** Sum to `delta`. */
  readonly factors: Bridge;
  /** What the mechanism cost more, where other factors saved most of that or all of it. */
  readonly hidden: PicoUsd | undefined;
  readonly before: Figures;
  readonly after: Figures;
  /** Versions that nearly all of the segment's spend has, and that the baseline did not have. */
  readonly newVersions: Segment;
  readonly sentence: string;
  /** The part of the sentence that says what its calls did other than usual. */
  readonly reason: string;
  readonly confidence: Confidence;
  /** What its calls would have cost with the mechanism alone as it was in the baseline. */
  readonly counterfactual: Counterfactual;
}

/** Of a segment's spend, as much counts as nearly all of it. */
const nearlyAll = 0.95;
/** And as much of what others spent as most of that. */
const most = 0.5;

/** What was searched: see `toCellTable` and `matchBaseline`. */
export interface Searched {
  readonly table: CellTable;
  readonly pieces: Pieces;
}

/** A segment that explains a part of the change. */
export interface Found {
  readonly segment: Segment;
  /** Whether a piece is of the segment, and of no better one. */
  readonly isOwn: (piece: number) => boolean;
  /** Share of the segment's spend, before and after, that better segments have. */
  readonly claimedBefore: number;
  /** See `Claim`. */
  readonly foundBy: Factor | undefined;
}

/** What a segment's change consists of, as a share of `wholeDelta`. */
export function toFinding(
  found: Found,
  searched: Searched,
  { before, after }: Sides,
  wholeDelta: bigint,
  resampled: Resampled,
): Finding {
  const { segment, claimedBefore } = found;
  const cost = costOf(after);
  const baselineCost = costOf(before);
  const delta = cost - baselineCost;
  const products = productsOf(before, after);
  const steps = bridge(before, after, products);
  const largest = largestOf(steps, delta);
  const mechanism = mechanismOf(steps, delta, largest, found.foundBy);
  const hidden = hiddenOf(steps, delta, mechanism);
  const told = {
    segment,
    cost: picoUsd(cost),
    baselineCost: picoUsd(baselineCost),
    mechanism,
    factors: steps,
    hidden,
    before: figuresOf(before),
    after: figuresOf(after),
    newVersions: newVersionsOf(found, searched, mechanism),
  };
  const said = {
    ...told,
    beside: hidden === undefined ? largest : largestOf(steps, -1n),
    feature: featureOf(found, searched),
    isRest: claimedBefore > 1 - nearlyAll,
  };
  return {
    ...told,
    delta: picoUsd(delta),
    share: wholeDelta === 0n ? undefined : Number(delta) / Number(wholeDelta),
    confidence: confidenceOf({ cost, baselineCost }, resampled),
    counterfactual: counterfactualOf({ before, after }, mechanism, products),
    sentence: sentenceOf(said),
    reason: reasonOf(said),
  };
}

/** The factor that contributed the most in the direction of a change. */
function largestOf(steps: Bridge, delta: bigint): Factor {
  return factors.reduce((best, factor) =>
    sizeAlong(steps, delta, factor) > sizeAlong(steps, delta, best) ? factor : best,
  );
}

function sizeAlong(steps: Bridge, delta: bigint, factor: Factor): number {
  return Number(delta < 0n ? -steps[factor] : steps[factor]);
}

/** What is too much for chance need not be most of a change: as large a part of it is told … */
const leastOfChange = 0.2;

/** … and of the largest factor, unless that is traffic or loops, which vary most by themselves. */
const leastOfLargest = 0.7;

function mechanismOf(
  steps: Bridge,
  delta: bigint,
  largest: Factor,
  foundBy: Factor | undefined,
): Factor {
  const along = (factor: Factor) => sizeAlong(steps, delta, factor);
  const least = leastOfChange * Math.abs(Number(delta));
  if (foundBy === undefined || Math.abs(along(foundBy)) < least) return largest;
  // What each request costs more may be hidden by how few came.
  if (along(foundBy) < 0) return delta < 0n ? foundBy : largest;
  const varies = largest === "traffic" || largest === "loops";
  return varies || along(foundBy) >= leastOfLargest * along(largest) ? foundBy : largest;
}

/** So much of what a mechanism cost has to be left in the change to be seen there. */
const leastSeen = 0.3;

function hiddenOf(steps: Bridge, delta: bigint, mechanism: Factor): PicoUsd | undefined {
  const cost = steps[mechanism];
  return cost > 0n && Number(delta) < leastSeen * Number(cost) ? picoUsd(cost) : undefined;
}

/** Whose requests they are, and no part of what serves them: who comes by does not change with a release. */
const whose: readonly Dimension[] = ["user_id", "conversation_id", "team", "region"];

/**
 * Versions, not in the segment's name, of nearly all of its window and of nearly nothing of its baseline: they may be why it
 * changed.
 *
 * Not of a price, which no version changes. And of people, places and tags not those that most of the other calls to the same
 * services have as well: what all have got says nothing of one.
 */
function newVersionsOf(one: Found, searched: Searched, mechanism: Factor): Segment {
  if (mechanism === "price") return {};
  const { segment, isOwn } = one;
  const { table, pieces } = searched;
  const isBesideIt = besideIt(one, searched);
  const found: Record<string, string> = {};
  for (const name of versionDimensions) {
    if (name in segment) continue;
    const labels = table.dimensions.find((dimension) => dimension.name === name);
    if (!labels) continue;
    const { after, before } = sharesOf(table, pieces, labels, isOwn);
    const others = isBesideIt && sharesOf(table, pieces, labels, isBesideIt).after;
    for (const [code, value] of labels.values.entries()) {
      const wasThere = !before || (before[code] ?? 0) >= 1 - nearlyAll;
      if (value === null || wasThere || (after?.[code] ?? 0) < nearlyAll) continue;
      if ((others?.[code] ?? 0) < most) found[name] = value;
    }
  }
  return found;
}

/** Which pieces are of the services that a segment's calls went to, and not its own; `undefined` where nothing says whose they are. */
function besideIt(
  { segment, isOwn }: Found,
  { table, pieces }: Searched,
): ((piece: number) => boolean) | undefined {
  const names = conditionsOf(segment).map(([name]) => name);
  if (!names.some((name) => isTag(name) || whose.includes(name))) return undefined;
  const services = table.dimensions.find(({ name }) => name === "service");
  const serviceOf = (piece: number) => services?.codes[pieces.cells[piece] ?? 0] ?? 0;
  const own = new Set<number>();
  for (let piece = 0; piece < pieces.count; piece += 1) if (isOwn(piece)) own.add(serviceOf(piece));
  return (piece) => !isOwn(piece) && own.has(serviceOf(piece));
}

/** "Version 3" of a prompt says little to who does not know of which, and so does a commit. */
const sayLittle: readonly Dimension[] = ["release", "prompt_version"];

/** The feature of nearly all of a segment that is named by a version of something, and by nothing that tells of what. */
function featureOf({ segment, isOwn }: Found, { table, pieces }: Searched): string | undefined {
  const names = conditionsOf(segment).map(([name]) => name);
  if (names.length === 0 || !names.every((name) => sayLittle.includes(name))) return undefined;
  const labels = table.dimensions.find(({ name }) => name === "feature");
  const shares = labels && sharesOf(table, pieces, labels, isOwn).after;
  return labels?.values.find((_, code) => (shares?.[code] ?? 0) >= nearlyAll) ?? undefined;
}

/** Shares of cost, by the values that the calls had themselves; `undefined` where nothing was spent. */
function sharesOf(
  { periods, sums }: CellTable,
  pieces: Pieces,
  { values, codes }: Labels,
  isOwn: (piece: number) => boolean,
) {
  const sides = { after: new Float64Array(values.length), before: new Float64Array(values.length) };
  for (let piece = 0; piece < pieces.count; piece += 1) {
    if (!isOwn(piece)) continue;
    const cell = pieces.cells[piece] ?? 0;
    const isWindow = pieces.inWindow[piece] === 1;
    const of = isWindow ? sides.after : sides.before;
    const code = codes[cell] ?? 0;
    for (let nth = isWindow ? 0 : 1; nth < (isWindow ? 1 : periods.length); nth += 1) {
      const cost = costAt(sums, (cell * periods.length + nth) * cellWidth);
      of[code] = (of[code] ?? 0) + cost * (pieces.shares[piece] ?? 0);
    }
  }
  return { after: asShares(sides.after), before: asShares(sides.before) };
}

function asShares(costs: Float64Array): Float64Array | undefined {
  const all = costs.reduce((sum, cost) => sum + cost, 0);
  return all === 0 ? undefined : costs.map((cost) => cost / all);
}
