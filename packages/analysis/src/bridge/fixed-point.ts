declare const brand: unique symbol;

/**
 * A number of 192 binary digits after the point, in a bigint.
 *
 * Sums are exact; a product or a quotient is cut below 2^-192, toward zero. So equal ratios are equal numbers,
 * whatever they were computed from, and a factor that did not change explains exactly nothing.
 */
export type Fixed = bigint & { readonly [brand]: "Fixed" };

const bits = 192n;

export const zero = 0n as Fixed;

/** `a / b`, for b other than 0. */
export function ratio(a: bigint, b: bigint): Fixed {
  return ((a << bits) / b) as Fixed;
}

export function product(a: Fixed, b: Fixed): Fixed {
  const exact = a * b;
  // A shift rounds down, and takes a third of the time of a division.
  return (exact < 0n ? -(-exact >> bits) : exact >> bits) as Fixed;
}

/** As a double, for words and pictures. */
export function toNumber(value: Fixed): number {
  return Number(value >> (bits - 64n)) / 2 ** 64;
}

/** Half a quantum decides where two remainders are equal but for what was cut. */
const comparedBits = 40n;

/**
 * `values` as whole numbers that sum to `total`: each rounded to the nearest, halves away from zero, then those
 * that were rounded the most corrected by one. Negated values and total give the negated answer.
 *
 * @throws RangeError where the values sum to something else than `total`, give or take one per value
 */
export function apportion(values: readonly Fixed[], total: bigint): bigint[] {
  const coarse = values.map((value) => roundedQuotient(value, 1n << (bits - comparedBits)));
  const rounded = coarse.map((value) => roundedQuotient(value, 1n << comparedBits));
  let gap = total - rounded.reduce((sum, value) => sum + value, 0n);
  const step = gap < 0n ? -1n : 1n;
  const error = (index: number) =>
    ((coarse[index] ?? 0n) - ((rounded[index] ?? 0n) << comparedBits)) * step;
  const order = [...values.keys()].sort((a, b) => compare(error(b), error(a)) || a - b);
  for (const index of order) {
    if (gap === 0n) break;
    rounded[index] = (rounded[index] ?? 0n) + step;
    gap -= step;
  }
  if (gap !== 0n) throw new RangeError(`the parts are ${gap} short of their total ${total}`);
  return rounded;
}

/** `a / b` to the nearest whole number, halves away from zero, for b > 0. */
export function roundedQuotient(a: bigint, b: bigint): bigint {
  const half = a < 0n ? -b : b;
  return (2n * a + half) / (2n * b);
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
