/** The smallest cost that is expected of anything, as a share of what it is: else the smallest new value would win. */
const leastExpected = 0.04;

/**
 * How surprising it is that what was expected to cost `expected` cost `after`, both in lumps:
 *
 *     G = y ln(y/e) - (y - e)
 *
 * That is the logarithm of a likelihood ratio: of a rate of its own against the old one, where lumps come by themselves.
 */
export function surpriseOf(after: number, expected: number): number {
  const y = Math.max(after, 0);
  const e = Math.max(expected, leastExpected * y);
  if (y === 0) return e;
  return y * Math.log(y / e) - (y - e);
}
