import type { PicoUsd } from "@spancost/pricing";
import type { Labels } from "./dimensions.ts";

/** Kinds of tokens that are priced by themselves. The first three make up the input. */
export const tokenKinds = ["uncached", "cacheRead", "cacheWrite", "output"] as const;

export type TokenKind = (typeof tokenKinds)[number];

/** Something for each kind of tokens. */
export type PerKind<T> = Readonly<Record<TokenKind, T>>;

/** Sums over priced calls that a bridge cannot tell apart. */
export interface Cell {
  readonly labels: Pick<Labels, "feature" | "environment" | "model">;
  /** What a price hangs on: provider, model and service tier. */
  readonly priced: string;
  /** Place in the agent run, in steps that double: 1, 2, 3-4 … 17+. */
  readonly step: string;
  readonly calls: bigint;
  /** Calls that no later attempt supersedes. */
  readonly logicalCalls: bigint;
  readonly tokens: PerKind<bigint>;
  readonly cost: PerKind<PicoUsd>;
  /** What is left of the cost, such as a fee per request. */
  readonly otherCost: PicoUsd;
}

export function costOfCell(cell: Cell): bigint {
  return tokenKinds.reduce((sum, kind) => sum + cell.cost[kind], cell.otherCost as bigint);
}

/** Requests are told apart, and a bridge is built, within each feature and environment. */
export function contextOf(labels: Pick<Labels, "feature" | "environment">): string {
  return keyOf([labels.feature, labels.environment]);
}

/** Texts and nulls as one text, different for different ones. */
export function keyOf(parts: readonly (string | null)[]): string {
  return JSON.stringify(parts);
}
