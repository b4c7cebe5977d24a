import type { Factor } from "../bridge/sides.ts";
import { narrowedInWindow, type Segment } from "../dimensions.ts";
import { countOf, type Reader, type Row, shareOf, type Variables } from "./reader.ts";

/** A rate is y for each x; here are its sums over those who ask, and those of the squares and products. */
export interface RateSums {
  readonly askers: number;
  readonly x: number;
  readonly y: number;
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

/** Which rate of `explain-rates` a factor changes. Traffic is none. */
const rateOf: Readonly<Record<Exclude<Factor, "traffic">, string>> = {
  loops: "loops",
  retries: "retries",
  input: "input",
  cache: "cache",
  output: "output",
  mix: "price",
  price: "price",
};

export type RateFactor = keyof typeof rateOf;

export function isOfRate(factor: Factor | undefined): factor is RateFactor {
  return factor !== undefined && factor in rateOf;
}

/**
 * By how many standard errors a rate r = sum y / sum x differs from what it was, with its sign:
 *
 *     (r1 - r0) / sqrt(m (v1 + v0)),   v = sum (y - r x)^2 / (sum x)^2
 *
 * Those who ask are independent of each other, and may ask for a hundred times as much as others do: where the dear ones have
 * the rate of the cheap ones, they add nothing to the error. m says how many times more days differ than they would by who
 * came: the mean of (r_d - r0)^2 / v_d over the days of the baseline, and 1 at least; v_d is what all days say of how far those
 * who ask are off, for as many as asked on that day. v1 is at least the same for the window: two may be alike by chance. Where
 * all have one rate before and one now, as with a price, it is what it would be were they one crowd: the root of how many they
 * are. Of fewer than two that ask nobody can tell: 0.
 *
 * Source: W. G. Cochran, *Sampling Techniques*, 1977, chapter 6: the ratio estimate; P. McCullagh and J. A. Nelder,
 * *Generalized Linear Models*, 1989, chapter 4.5: the dispersion.
 */
export function rateErrors(days: readonly RateSums[], after: RateSums): number {
  const before = days.reduce(added, none);
  if (before.askers < 2 || after.askers < 2 || before.x <= 0 || after.x <= 0) return 0;
  const change = after.y / after.x - before.y / before.x;
  const own = Math.max(varianceOf(after), usualVariance(before, after));
  const variance = dispersionOf(days, before) * (own + varianceOf(before));
  if (variance > 0) return change / Math.sqrt(variance);
  const isChange = Math.abs(change) > rounding * Math.abs(before.y / before.x);
  return isChange ? Math.sign(change) * Math.sqrt(before.askers + after.askers) : 0;
}

function dispersionOf(days: readonly RateSums[], all: RateSums): number {
  const told = days.filter(({ x }) => x > 0);
  if (told.length < 2 || squaresOff(all) <= 0) return 1;
  const squares = told.reduce((sum, day) => {
    return sum + (day.y / day.x - all.y / all.x) ** 2 / usualVariance(all, day);
  }, 0);
  // A day is compared with a mean that it is a part of.
  return Math.max(1, squares / (told.length - 1));
}

/** What the variance of `some` is where they are off, over what they ask for, as far as all are: few say little of it. */
function usualVariance(all: RateSums, { x, xx }: RateSums): number {
  return ((squaresOff(all) / all.xx) * xx) / (x * x);
}

function varianceOf(sums: RateSums): number {
  return squaresOff(sums) / (sums.x * sums.x);
}

/** Less than so large a part of a rate is what doubles leave of nothing. */
const rounding = 1e-6;

/** How far those who ask are off the common rate: their squares, summed. */
function squaresOff({ x, y, xx, xy, yy }: RateSums): number {
  const rate = y / x;
  // The rate is theirs, and nearest to that of who asks for most: of n alike this is n / (n - 1), of one alone nothing is known.
  const free = 1 - xx / (x * x);
  if (free <= 0) return Infinity;
  const squares = yy - 2 * rate * xy + rate * rate * xx;
  return squares > rounding ** 2 * yy ? squares / free : 0;
}

function added(a: RateSums, b: RateSums): RateSums {
  return {
    askers: a.askers + b.askers,
    x: a.x + b.x,
    y: a.y + b.y,
    xx: a.xx + b.xx,
    xy: a.xy + b.xy,
    yy: a.yy + b.yy,
  };
}

/** By how many standard errors what each factor changes has changed. */
export type RateErrors = (factor: RateFactor) => number;

/** Of the rates of a segment: an answer to `explain-rates`. */
export async function readRateErrors(
  reader: Reader,
  variables: Variables,
  segment: Segment,
): Promise<RateErrors> {
  const { rows } = await reader.ask("explain-rates", narrowedInWindow(variables, segment));
  return (factor) => {
    const own = rows.filter((row) => row["rate"] === rateOf[factor]);
    const window = own.find((row) => Number(row["period"]) === 0);
    const days = own.filter((row) => row !== window);
    return window ? rateErrors(days.map(toSums), toSums(window)) : 0;
  };
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
