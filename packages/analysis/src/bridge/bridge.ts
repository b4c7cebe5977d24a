import { apportion, type Fixed, zero } from "./fixed-point.ts";
import { type Product, productsOf } from "./products.ts";
import { shapleyOfProduct } from "./shapley.ts";
import { costOf, type Factor, factors, type Side } from "./sides.ts";

/** Whole pico-dollars per factor. */
export type Bridge = Readonly<Record<Factor, bigint>>;

/**
 * The steps from what `before` cost to what `after` cost, which sum to the difference to the last digit.
 *
 * Within a context (a feature in an environment) and a place d in the agent run, the cost of a kind t of tokens
 * of a model m is a product in which all but the ends cancel out:
 *
 *     cost(d,t,m) = N * L(d)/N * A(d)/L(d) * I(d)/A(d) * T(d,t)/I(d) * T(d,t,m)/T(d,t) * cost(d,t,m)/T(d,t,m)
 *                traffic  loops   retries     input        cache           mix               price
 *
 * with N requests, L logical calls, A billed attempts, I input tokens and T tokens of a kind. For output tokens
 * T(d,output)/A(d), `output`, stands in place of input and cache; for other cost A(d,m)/A(d) is the mix. Each
 * product is split by `shapleyOfProduct`, and the contributions are summed per factor.
 *
 * A ratio that one side cannot tell, for its denominator is 0, is taken from the other: so a feature that is new
 * is all traffic, a place in the loop that nothing reached before is all loops, a new model is all mix.
 *
 * Worked example: 10 requests of 2 calls of 100 tokens at 1, each the first of a run, then 10 requests of 5 such calls
 * of 120 tokens at 1. 2000 becomes 6000. Loops bring (5-2) * 10 * (100+120)/2 = 3300, input (120-100) * 10 * (2+5)/2 = 700.
 */
export function bridge(
  before: Side,
  after: Side,
  products: readonly Product[] = productsOf(before, after),
): Bridge {
  const sums = new Map<Factor, Fixed>(factors.map((factor) => [factor, zero]));
  for (const one of products) addContributions(sums, one);
  const whole = apportion(
    factors.map((factor) => sums.get(factor) ?? zero),
    costOf(after) - costOf(before),
  );
  return Object.fromEntries(factors.map((factor, index) => [factor, whole[index] ?? 0n])) as Record<
    Factor,
    bigint
  >;
}

function addContributions(sums: Map<Factor, Fixed>, product: Product): void {
  for (const [index, contribution] of shapleyOfProduct(product).entries()) {
    const factor = product[index]?.factor;
    if (factor) sums.set(factor, ((sums.get(factor) ?? zero) + contribution) as Fixed);
  }
}
