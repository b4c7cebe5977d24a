import { narrowedInWindow, type Segment } from "./dimensions.ts";
import { countOf, type Reader, type Row, shareOf, type Variables } from "./reader.ts";
import type { Factor } from "./sides.ts";

/** A rate is y for each x; here are its sums over those who ask, and those of the squares and products. */
export interface RateSums {
  readonly askers: number;
  readonly x: number;
  readonly y: number;
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

/** Factors that are a rate of `explain-rates`. */
export const rateFactors = ["retries", "input", "cache", "output"] as const satisfies Factor[];

export type RateFactor = (typeof rateFactors)[number];

/**
 * By how many standard errors a rate r = sum y / sum x differs from what it was, with its sign:
 *
 *     (r1 - r0) / sqrt(v1 + v0),   v = sum (y - r x)^2 / (sum x)^2
 *
 * Those who ask are independent of each other, and may ask for a hundred times as much as others do: where the dear ones have
 * the rate of the cheap ones, they add nothing to the error. Of fewer than two nobody can tell: 0.
 *
 * Source: W. G. Cochran, *Sampling Techniques*, 1977, chapter 6: the ratio estimate.
 */
export function rateErrors(before: RateSums, after: RateSums): number {
  if (before.askers < 2 || after.askers < 2 || before.x <= 0 || after.x <= 0) return 0;
  const variance = varianceOf(before) + varianceOf(after);
  const change = after.y / after.x - before.y / before.x;
  return variance > 0 ? change / Math.sqrt(variance) : 0;
}

function varianceOf({ askers, x, y, xx, xy, yy }: RateSums): number {
  const rate = y / x;
  const squares = yy - 2 * rate * xy + rate * rate * xx;
  return (askers / (askers - 1)) * (Math.max(0, squares) / (x * x));
}

/** By rate, by how many standard errors it changed. */
export type RateErrors = ReadonlyMap<RateFactor, number>;

/** Of each rate of a segment, by how many standard errors it changed: an answer to `explain-rates`. */
export async function readRateErrors(
  reader: Reader,
  variables: Variables,
  segment: Segment,
): Promise<RateErrors> {
  const { rows } = await reader.ask("explain-rates", narrowedInWindow(variables, segment));
  const sumsOf = (rate: RateFactor, isWindow: boolean) => {
    const row = rows.find((one) => one["rate"] === rate && one["is_window"] === isWindow);
    return row ? toSums(row) : none;
  };
  return new Map(
    rateFactors.map((rate) => [rate, rateErrors(sumsOf(rate, false), sumsOf(rate, true))]),
  );
}

const none: RateSums = { askers: 0, x: 0, y: 0, xx: 0, xy: 0, yy: 0 };

function toSums(row: Row): RateSums {
  const sum = (column: string) => shareOf(row, column) ?? 0;
  return {
    askers: Number(countOf(row, "askers")),
    x: sum("x"),
    y: sum("y"),
    xx: sum("xx"),
    xy: sum("xy"),
    yy: sum("yy"),
  };
}
