import { type PicoUsd, picoUsd } from "@spancost/pricing";
import { type Fixed, product, ratio, roundedQuotient } from "../bridge/fixed-point.ts";
import { type Product, productsOf } from "../bridge/products.ts";
import { costOf, type Factor, factors, type Sides } from "../bridge/sides.ts";
import { figuresOf } from "../findings/figures.ts";
import { type AverageLevels, averageLevels } from "./average-levels.ts";

/** What the window would have cost had one factor stayed as it was. */
export interface Counterfactual {
  readonly factor: Factor;
  /** With the baseline's level of the factor, and the window's of all others. */
  readonly cost: PicoUsd;
  /** `cost` less what the window did cost: below 0 where the factor made it dearer. */
  readonly delta: PicoUsd;
}

/** Counterfactuals with what the factors were on both sides. */
export interface Counterfactuals {
  /** In the order of the bridge. */
  readonly all: readonly Counterfactual[];
  readonly levels: AverageLevels;
  /** Requests, the baseline's at the length of the window. */
  readonly requests: { readonly before: number; readonly after: number };
}

/**
 * What the window would have cost with each factor of the bridge as it was in the baseline.
 *
 * The window's cost is a sum of products of levels (see `bridge`). For the factor k
 *
 *     delta_k = sum over products of (before_k - after_k) * product over the other factors of after
 *
 * So "with the cache as it was" means the baseline's cached share in each feature, environment and place in the run,
 * with the requests, prompts and prices of the window. They do not sum to the change: what two factors do together
 * is in both. The bridge shares that out.
 *
 * Worked example: 10 requests of 2 calls of 100 tokens at 1, each the first of a run, then 10 requests of 5 such calls
 * of 120 tokens at 1. 6,000 were spent. With 2 calls it would have been 2,400, which is 3,600 less; with 100 tokens 5,000, which is 1,000 less.
 *
 * Exact but for the last of 12 decimals, to which each amount is rounded.
 */
export function counterfactuals(sides: Sides): Counterfactuals {
  const { before, after } = sides;
  const products = productsOf(before, after);
  return {
    all: factors.map((factor) => counterfactualOf(sides, factor, products)),
    levels: averageLevels(before, after),
    requests: { before: figuresOf(before).requests, after: figuresOf(after).requests },
  };
}

/** The same for one factor. */
export function counterfactualOf(
  { before, after }: Sides,
  factor: Factor,
  products: readonly Product[] = productsOf(before, after),
): Counterfactual {
  const cost = costOf(after);
  const instead = wholePico((changeBy(products, factor) + cost * oneWhole) as Fixed);
  return { factor, cost: picoUsd(instead), delta: picoUsd(instead - cost) };
}

/** By how much the window would be dearer with the baseline's level of a factor. */
function changeBy(products: readonly Product[], factor: Factor): bigint {
  let sum = 0n;
  for (const one of products) {
    for (const { factor: own, before: level, after: now } of one) {
      if (own !== factor || level === now) continue;
      const rest = productOf(one.filter((other) => other.factor !== factor));
      sum += product((level - now) as Fixed, rest);
    }
  }
  return sum;
}

const oneWhole: bigint = ratio(1n, 1n);

/** 2^-40: what was cut from ratios is far below it, so that halves stay halves. */
const quantum = oneWhole >> 40n;

/** The nearest whole pico-dollar, halves away from zero. */
export function wholePico(value: Fixed): bigint {
  return roundedQuotient(roundedQuotient(value, quantum), oneWhole / quantum);
}

function productOf(levels: Product): Fixed {
  return levels.reduce((value, { after }) => product(value, after), ratio(1n, 1n));
}
