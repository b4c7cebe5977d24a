import { type PicoUsd, picoUsd } from "@spancost/pricing";
import { type Bridge, bridge, costOf, type Factor, factors, type Side } from "./bridge.ts";
import { costOfCell } from "./cells.ts";
import { type Dimension, dimensionNames, labelOf, roleOf, type Segment } from "./dimensions.ts";
import { type Figures, figuresOf } from "./figures.ts";
import type { LabelledPiece } from "./matched-baseline.ts";
import type { Found } from "./search.ts";
import { sentenceOf } from "./sentence.ts";

/** A segment that explains a part of the change. */
export interface Finding {
  readonly segment: Segment;
  readonly cost: PicoUsd;
  readonly baselineCost: PicoUsd;
  readonly delta: PicoUsd;
  /** Of the whole change; `undefined` where that is 0. */
  readonly share: number | undefined;
  /** The factor that contributed the most in the direction of the change. */
  readonly mechanism: Factor;
  /** Sum to `delta`. */
  readonly factors: Bridge;
  readonly before: Figures;
  readonly after: Figures;
  /** Versions that nearly all of the segment's spend has, and that the baseline did not have. */
  readonly newVersions: Segment;
  readonly sentence: string;
}

/** The two sides of a comparison. */
export interface Sides {
  readonly before: Side;
  readonly after: Side;
}

/** Of a segment's spend, as much counts as nearly all of it. */
const nearlyAll = 0.95;

/** What a segment's change consists of, as a share of `wholeDelta`. */
export function toFinding(
  { segment, pieces, claimedBefore }: Found,
  { before, after }: Sides,
  wholeDelta: bigint,
): Finding {
  const cost = costOf(after);
  const baselineCost = costOf(before);
  const delta = cost - baselineCost;
  const steps = bridge(before, after);
  const told = {
    segment,
    cost: picoUsd(cost),
    baselineCost: picoUsd(baselineCost),
    mechanism: mechanismOf(steps, delta),
    factors: steps,
    before: figuresOf(before),
    after: figuresOf(after),
    newVersions: newVersionsOf(segment, pieces),
  };
  return {
    ...told,
    delta: picoUsd(delta),
    share: wholeDelta === 0n ? undefined : Number(delta) / Number(wholeDelta),
    sentence: sentenceOf({ ...told, isRest: claimedBefore > 1 - nearlyAll }),
  };
}

function mechanismOf(steps: Bridge, delta: bigint): Factor {
  const sign = delta < 0n ? -1n : 1n;
  return factors.reduce((best, factor) =>
    steps[factor] * sign > steps[best] * sign ? factor : best,
  );
}

/** Versions, not in the segment's name, of nearly all of its window and of nearly nothing of its baseline. */
function newVersionsOf(segment: Segment, pieces: readonly LabelledPiece[]): Segment {
  const found: Record<string, string> = {};
  for (const name of dimensionNames) {
    if (roleOf(name) !== "version" || name in segment) continue;
    const after = sharesOf(pieces, name, true);
    const before = sharesOf(pieces, name, false);
    for (const [value, share] of after) {
      const wasThere = before.size === 0 || (before.get(value) ?? 0) >= 1 - nearlyAll;
      if (value !== null && share >= nearlyAll && !wasThere) found[name] = value;
    }
  }
  return found;
}

/** Shares of cost, by the labels that the calls had themselves. */
function sharesOf(
  pieces: readonly LabelledPiece[],
  name: Dimension,
  inWindow: boolean,
): Map<string | null, number> {
  const shares = new Map<string | null, number>();
  let all = 0;
  for (const { cell, weight } of pieces) {
    if (cell.inWindow !== inWindow) continue;
    const cost = Number(costOfCell(cell)) * Number(weight);
    all += cost;
    const value = labelOf(cell.labels, name);
    shares.set(value, (shares.get(value) ?? 0) + cost);
  }
  for (const [value, cost] of shares) shares.set(value, cost / (all || 1));
  return shares;
}
