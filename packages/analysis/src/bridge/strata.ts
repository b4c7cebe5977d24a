import { contextOf, type TokenKind, tokenKinds } from "../reading/cells.ts";
import { type Side, wholeWeight } from "./sides.ts";

/** Sums over calls of one context at one place in the agent run, all in 2^-64ths. */
export interface Stratum {
  readonly context: string;
  readonly side: Side;
  readonly requests: bigint;
  attempts: bigint;
  logicalCalls: bigint;
  readonly models: Map<string, ModelSums>;
}

interface ModelSums {
  attempts: bigint;
  readonly tokens: Record<TokenKind, bigint>;
  readonly cost: Record<CostKind, bigint>;
}

export type CostKind = TokenKind | "other";

export const costKinds: readonly CostKind[] = [...tokenKinds, "other"];

/** The calls of a side by context and place in the agent run. */
export function toStrata(side: Side): Map<string, Stratum> {
  const strata = new Map<string, Stratum>();
  for (const { cell, weight } of side.pieces) {
    const context = contextOf(cell.labels);
    const key = `${context} ${cell.step}`;
    const stratum = strata.get(key) ?? emptyStratum(side, context, wholeWeight);
    strata.set(key, stratum);
    const sums = stratum.models.get(cell.priced) ?? emptyModel();
    stratum.models.set(cell.priced, sums);
    stratum.attempts += cell.calls * weight;
    stratum.logicalCalls += cell.logicalCalls * weight;
    sums.attempts += cell.calls * weight;
    sums.cost.other += cell.otherCost * weight;
    for (const kind of tokenKinds) {
      sums.tokens[kind] += cell.tokens[kind] * weight;
      // Cost without tokens has no price per token.
      sums.cost[cell.tokens[kind] > 0n ? kind : "other"] += cell.cost[kind] * weight;
    }
  }
  for (const stratum of strata.values()) {
    // What superseded them lies outside the segment or the window: here they are calls like others.
    if (stratum.logicalCalls === 0n) stratum.logicalCalls = stratum.attempts;
  }
  return strata;
}

/** A stratum without calls, of a context that has as many requests as the side knows, and at least `least`. */
export function emptyStratum(side: Side, context: string, least: bigint): Stratum {
  const known = side.requests.get(context) ?? 0n;
  const requests = known > least ? known : least;
  return { context, side, requests, attempts: 0n, logicalCalls: 0n, models: new Map() };
}

export function emptyModel(): ModelSums {
  return {
    attempts: 0n,
    tokens: { uncached: 0n, cacheRead: 0n, cacheWrite: 0n, output: 0n },
    cost: { uncached: 0n, cacheRead: 0n, cacheWrite: 0n, output: 0n, other: 0n },
  };
}

/** Kinds of tokens that make up the input. */
export const inputKinds = ["uncached", "cacheRead", "cacheWrite"] as const satisfies TokenKind[];

/** Of all models together. */
export function tokensOf({ models }: Stratum, kinds: readonly TokenKind[]): bigint {
  let tokens = 0n;
  for (const sums of models.values()) {
    for (const kind of kinds) tokens += sums.tokens[kind];
  }
  return tokens;
}
