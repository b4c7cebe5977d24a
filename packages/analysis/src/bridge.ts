import { type Cell, contextOf, costOfCell, type TokenKind, tokenKinds } from "./cells.ts";
import { apportion, type Fixed, ratio, roundedQuotient, zero } from "./fixed-point.ts";
import { type Levels, shapleyOfProduct } from "./shapley.ts";

/**
 * What can make spend change.
 *
 * - traffic: requests, that is traces with a priced call
 * - loops: calls per request, by their place in the agent run
 * - retries: billed attempts per call
 * - input, output: tokens per attempt
 * - cache: shares of the input that are read from a cache, written to one, or neither
 * - mix: shares of models
 * - price: what a token of a model costs
 */
export const factors = [
  "traffic",
  "loops",
  "retries",
  "input",
  "cache",
  "output",
  "mix",
  "price",
] as const;

export type Factor = (typeof factors)[number];

/** Whole pico-dollars per factor. */
export type Bridge = Readonly<Record<Factor, bigint>>;

/** A cell, or a share of one. */
export interface Piece {
  readonly cell: Cell;
  /** In 2^-64ths: `wholeWeight` is all of it. */
  readonly weight: bigint;
}

export const wholeWeight = 1n << 64n;

/** How many requests reach each context (see `contextOf`), in 2^-64ths like weights. */
export type Requests = ReadonlyMap<string, bigint>;

/** One side of a comparison. */
export interface Side {
  readonly pieces: readonly Piece[];
  readonly requests: Requests;
  /** The length of the window over that of this side. */
  readonly scale: Scale;
}

export interface Scale {
  readonly times: bigint;
  readonly over: bigint;
}

export const unscaled: Scale = { times: 1n, over: 1n };

/** What a side cost at the length of the window, rounded to the nearest pico-dollar. */
export function costOf({ pieces, scale }: Side): bigint {
  const weighted = pieces.reduce((sum, { cell, weight }) => sum + costOfCell(cell) * weight, 0n);
  return roundedQuotient(weighted * scale.times, scale.over * wholeWeight);
}

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
 * Worked example: 10 requests of 2 calls of 100 tokens at 1, then 10 requests of 5 calls of 120 tokens at 1.
 * 2000 becomes 6000. Loops bring (5-2) * 10 * (100+120)/2 = 3300, input (120-100) * 10 * (2+5)/2 = 700.
 */
export function bridge(before: Side, after: Side): Bridge {
  const sums = Object.fromEntries(factors.map((factor) => [factor, zero])) as Record<Factor, Fixed>;
  const strataBefore = toStrata(before);
  const strataAfter = toStrata(after);
  for (const [key, stratum] of strataBefore) {
    addStratum(sums, stratum, strataAfter.get(key) ?? emptyStratum(after, stratum.context, 0n));
  }
  for (const [key, stratum] of strataAfter) {
    if (strataBefore.has(key)) continue;
    addStratum(sums, emptyStratum(before, stratum.context, 0n), stratum);
  }
  const whole = apportion(
    factors.map((factor) => sums[factor]),
    costOf(after) - costOf(before),
  );
  return Object.fromEntries(factors.map((factor, index) => [factor, whole[index] ?? 0n])) as Record<
    Factor,
    bigint
  >;
}

/** Sums over calls of one context at one place in the agent run, all in 2^-64ths. */
interface Stratum {
  readonly context: string;
  /** Of the context, at the length of their own side. */
  readonly requests: bigint;
  readonly scale: Scale;
  attempts: bigint;
  logicalCalls: bigint;
  readonly models: Map<string, ModelSums>;
}

interface ModelSums {
  attempts: bigint;
  readonly tokens: Record<TokenKind, bigint>;
  readonly cost: Record<CostKind, bigint>;
}

type CostKind = TokenKind | "other";

const costKinds: readonly CostKind[] = [...tokenKinds, "other"];

function toStrata(side: Side): Map<string, Stratum> {
  const strata = new Map<string, Stratum>();
  for (const { cell, weight } of side.pieces) {
    const context = contextOf(cell.labels);
    const key = `${context} ${cell.step}`;
    const stratum = strata.get(key) ?? emptyStratum(side, context, wholeWeight);
    strata.set(key, stratum);
    stratum.attempts += cell.calls * weight;
    stratum.logicalCalls += cell.logicalCalls * weight;
    addModel(stratum, cell, weight);
  }
  for (const stratum of strata.values()) {
    // What superseded them lies outside the segment or the window: here they are calls like others.
    if (stratum.logicalCalls === 0n) stratum.logicalCalls = stratum.attempts;
  }
  return strata;
}

function addModel(stratum: Stratum, cell: Cell, weight: bigint): void {
  const sums = stratum.models.get(cell.priced) ?? emptyModel();
  stratum.models.set(cell.priced, sums);
  sums.attempts += cell.calls * weight;
  sums.cost.other += cell.otherCost * weight;
  for (const kind of tokenKinds) {
    sums.tokens[kind] += cell.tokens[kind] * weight;
    // Cost without tokens has no price per token.
    const paidFor = cell.tokens[kind] > 0n ? kind : "other";
    sums.cost[paidFor] += cell.cost[kind] * weight;
  }
}

/** A stratum without calls, of a context that has as many requests as the side knows, and at least `least`. */
function emptyStratum(side: Side, context: string, least: bigint): Stratum {
  const known = side.requests.get(context) ?? 0n;
  const requests = known > least ? known : least;
  const { scale } = side;
  return { context, requests, scale, attempts: 0n, logicalCalls: 0n, models: new Map() };
}

function emptyModel(): ModelSums {
  return {
    attempts: 0n,
    tokens: { uncached: 0n, cacheRead: 0n, cacheWrite: 0n, output: 0n },
    cost: { uncached: 0n, cacheRead: 0n, cacheWrite: 0n, output: 0n, other: 0n },
  };
}

/** Adds what each factor contributes to the change of one stratum. */
function addStratum(sums: Record<Factor, Fixed>, before: Stratum, after: Stratum): void {
  const models = new Set([...before.models.keys(), ...after.models.keys()]);
  for (const kind of costKinds) {
    for (const model of models) {
      // A cost that is 0 on both sides has the price 0 on both, and no factor changes it.
      if (!before.models.get(model)?.cost[kind] && !after.models.get(model)?.cost[kind]) continue;
      const links = chainOf(before, kind, model);
      const linksAfter = chainOf(after, kind, model);
      const levels = links.map((link, index) => levelsOf(link.level, linksAfter[index]?.level));
      for (const [index, contribution] of shapleyOfProduct(levels).entries()) {
        const factor = links[index]?.factor;
        if (factor) sums[factor] = (sums[factor] + contribution) as Fixed;
      }
    }
  }
}

function levelsOf(before: Fixed | undefined, after: Fixed | undefined): Levels {
  return { before: before ?? after ?? zero, after: after ?? before ?? zero };
}

/** One ratio of the product, its level unknown where the denominator is 0. */
interface Link {
  readonly factor: Factor;
  readonly level: Fixed | undefined;
}

function link(factor: Factor, a: bigint, b: bigint): Link {
  return { factor, level: b === 0n ? undefined : ratio(a, b) };
}

/** The product that makes up a cost, in pico-dollars at the length of the window. */
function chainOf(stratum: Stratum, kind: CostKind, model: string): Link[] {
  const { requests, scale, attempts, logicalCalls } = stratum;
  const sums = stratum.models.get(model) ?? emptyModel();
  const calls: Link[] = [
    link("traffic", requests * scale.times, scale.over * wholeWeight),
    link("loops", logicalCalls, requests),
    link("retries", attempts, logicalCalls),
  ];
  if (kind === "other") {
    const price = link("price", sums.cost.other, sums.attempts);
    return [...calls, link("mix", sums.attempts, attempts), price];
  }
  const tokens = tokensOf(stratum, [kind]);
  const input = tokensOf(stratum, ["uncached", "cacheRead", "cacheWrite"]);
  const size =
    kind === "output"
      ? [link("output", tokens, attempts)]
      : [link("input", input, attempts), link("cache", tokens, input)];
  const mix = link("mix", sums.tokens[kind], tokens);
  return [...calls, ...size, mix, link("price", sums.cost[kind], sums.tokens[kind])];
}

function tokensOf(stratum: Stratum, kinds: readonly TokenKind[]): bigint {
  let tokens = 0n;
  for (const sums of stratum.models.values()) {
    for (const kind of kinds) tokens += sums.tokens[kind];
  }
  return tokens;
}
