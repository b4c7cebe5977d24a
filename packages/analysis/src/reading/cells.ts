import type { PicoUsd } from "@spancost/pricing";
import type { Labels } from "../dimensions.ts";
import { type Row, textOf } from "./reader.ts";

/** Kinds of tokens that are priced by themselves. The first three make up the input. */
export const tokenKinds = ["uncached", "cacheRead", "cacheWrite", "output"] as const;

export type TokenKind = (typeof tokenKinds)[number];

/** Something for each kind of tokens. */
export type PerKind<T> = Readonly<Record<TokenKind, T>>;

/** Sums over priced calls that a bridge cannot tell apart. */
export interface Cell {
  readonly labels: ContextLabels & Pick<Labels, "model">;
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

/** What tells contexts apart. */
export type ContextLabels = Pick<Labels, "feature" | "environment" | "service">;

/**
 * Requests are told apart, and a bridge is built, within each feature and environment. Without a feature a service is the
 * nearest to one: what two services cost per request has nothing to do with each other.
 */
export function contextOf({ feature, environment, service }: ContextLabels): string {
  return keyOf([feature, environment, feature === null ? service : null]);
}

/** What a context that `contextOf` gave is of; the service only where it has no feature. */
export function labelsOfContext(context: string): ContextLabels {
  const [feature = null, environment = null, service = null] = JSON.parse(context) as (
    | string
    | null
  )[];
  return { feature, environment, service };
}

/** The context that a row of an answer is of. */
export function contextOfRow(row: Row): string {
  return contextOf({
    feature: textOf(row, "feature"),
    environment: textOf(row, "environment"),
    service: textOf(row, "service"),
  });
}

/** Texts and nulls as one text, different for different ones. */
export function keyOf(parts: readonly (string | null)[]): string {
  return JSON.stringify(parts);
}
