import { type Fixed, product, ratio, zero } from "./fixed-point.ts";

const one = ratio(1n, 1n);

/** A factor's level before and after. */
export interface Levels {
  readonly before: Fixed;
  readonly after: Fixed;
}

/**
 * What each factor of a product contributes to the product's change: its Shapley value.
 *
 * That is the change that the factor brings, averaged over all orders in which the n factors can go from before
 * to after:
 *
 *     phi_k = sum over S not holding k of |S|! (n-1-|S|)! / n! * [f(S + k) - f(S)]
 *
 * where f(S) is the product with the factors in S at their level after and the others at that before. The
 * contributions sum to the change; a factor that stays the same contributes 0; before and after exchanged
 * negate them all; and zeros need no care. Example: 2 * 3 becomes 4 * 6. The change of 18 is (4-2) * (3+6)/2 = 9
 * for the first factor and 9 for the second.
 *
 * For a product the sum over S only asks how many factors are in S, so that the sums of products by size, the
 * coefficients of a polynomial, stand in for the 2^n terms.
 *
 * Source: Shapley 1953; for sums of products as here, Sun and Sundararajan, arXiv 1102.0989.
 */
export function shapleyOfProduct(factors: readonly Levels[]): Fixed[] {
  // What stays the same multiplies what all others contribute, and need not be counted among the orders.
  const same = factors
    .filter(({ before, after }) => after === before)
    .reduce((all, { before }) => product(all, before), one);
  const changing = factors.filter(({ before, after }) => after !== before);
  const orders = factorial(changing.length);
  return factors.map((factor) => {
    if (factor.after === factor.before) return zero;
    const others = changing.filter((other) => other !== factor);
    const weighted = productsBySize(others).reduce(
      (sum, products, size) => sum + products * factorial(size) * factorial(others.length - size),
      0n,
    );
    const change = product((factor.after - factor.before) as Fixed, same);
    return product(change, (weighted / orders) as Fixed);
  });
}

/** For each number of factors taken after instead of before, the sum of all such products. */
function productsBySize(factors: readonly Levels[]): Fixed[] {
  const sums = [one];
  for (const { before, after } of factors) {
    sums.push(zero);
    // From the largest on: each takes from the next smaller what that was before this factor.
    for (let size = sums.length - 1; size > 0; size -= 1) {
      const without = product(sums[size] ?? zero, before);
      sums[size] = (without + product(sums[size - 1] ?? zero, after)) as Fixed;
    }
    sums[0] = product(sums[0] ?? zero, before);
  }
  return sums;
}

function factorial(n: number): bigint {
  return n < 2 ? 1n : BigInt(n) * factorial(n - 1);
}
