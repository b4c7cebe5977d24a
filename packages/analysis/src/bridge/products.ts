import { type Fixed, ratio, zero } from "./fixed-point.ts";
import { type Factor, type Side, wholeWeight } from "./sides.ts";
import {
  type CostKind,
  costKinds,
  emptyModel,
  emptyStratum,
  inputKinds,
  type Stratum,
  tokensOf,
  toStrata,
} from "./strata.ts";

/** A factor of a product, with its level on both sides. */
export interface FactorLevels {
  readonly factor: Factor;
  readonly before: Fixed;
  readonly after: Fixed;
}

/** The factors of a part of the cost: of one context, place in the agent run, kind of tokens and model. */
export type Product = readonly FactorLevels[];

/**
 * The products that a bridge is made of: on each side their values sum to what the side cost.
 *
 * They are those of `bridge`, whose documentation has the formula. A level that one side cannot tell, for its
 * denominator is 0, is the other's.
 */
export function productsOf(before: Side, after: Side): Product[] {
  const strataBefore = toStrata(before);
  const strataAfter = toStrata(after);
  const products: Product[] = [];
  for (const key of new Set([...strataBefore.keys(), ...strataAfter.keys()])) {
    const known = strataBefore.get(key) ?? strataAfter.get(key);
    if (!known) continue;
    const [told, toldAfter] = [
      strataBefore.get(key) ?? emptyStratum(before, known.context, 0n),
      strataAfter.get(key) ?? emptyStratum(after, known.context, 0n),
    ];
    const [one, other] = [readAnew(told, toldAfter), readAnew(toldAfter, told)];
    for (const model of new Set([...one.models.keys(), ...other.models.keys()])) {
      for (const kind of costKinds) {
        if (!one.models.get(model)?.cost[kind] && !other.models.get(model)?.cost[kind]) continue;
        products.push(joined(chainOf(one, kind, model), chainOf(other, kind, model)));
      }
    }
  }
  return products;
}

/**
 * Providers that do not charge what is written to a cache do not tell of it either: it is among the uncached tokens. Where
 * the other side tells of none, so are here the writes of models that it does not have.
 */
function readAnew(stratum: Stratum, other: Stratum): Stratum {
  if (tokensOf(other, ["cacheWrite"]) > 0n) return stratum;
  const models = Array.from(stratum.models, ([model, sums]) => {
    if (other.models.has(model)) return [model, sums] as const;
    const { tokens, cost } = sums;
    const anew = {
      attempts: sums.attempts,
      tokens: { ...tokens, uncached: tokens.uncached + tokens.cacheWrite, cacheWrite: 0n },
      cost: { ...cost, uncached: cost.uncached + cost.cacheWrite, cacheWrite: 0n },
    };
    return [model, anew] as const;
  });
  return { ...stratum, models: new Map(models) };
}

function joined(before: readonly Link[], after: readonly Link[]): Product {
  return before.map(({ factor, level }, index) => {
    const other = after[index]?.level;
    return { factor, before: level ?? other ?? zero, after: other ?? level ?? zero };
  });
}

/** One ratio of a product, its level unknown where the denominator is 0. */
interface Link {
  readonly factor: Factor;
  readonly level: Fixed | undefined;
}

function link(factor: Factor, a: bigint, b: bigint): Link {
  return { factor, level: b === 0n ? undefined : ratio(a, b) };
}

function chainOf(stratum: Stratum, kind: CostKind, model: string): Link[] {
  const { requests, side, attempts, logicalCalls } = stratum;
  const { times, over } = side.scale;
  const sums = stratum.models.get(model) ?? emptyModel();
  const calls: Link[] = [
    link("traffic", requests * times, over * wholeWeight),
    link("loops", logicalCalls, requests),
    link("retries", attempts, logicalCalls),
  ];
  if (kind === "other") {
    const price = link("price", sums.cost.other, sums.attempts);
    return [...calls, link("mix", sums.attempts, attempts), price];
  }
  const tokens = tokensOf(stratum, [kind]);
  const input = tokensOf(stratum, inputKinds);
  const size =
    kind === "output"
      ? [link("output", tokens, attempts)]
      : [link("input", input, attempts), link("cache", tokens, input)];
  const mix = link("mix", sums.tokens[kind], tokens);
  return [...calls, ...size, mix, link("price", sums.cost[kind], sums.tokens[kind])];
}
