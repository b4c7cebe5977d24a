import type { PicoUsd } from "@spancost/pricing";
import type { Rows } from "@spancost/store";
import { dimensionNames, type Labels } from "./dimensions.ts";
import { countOf, moneyOf, textOf } from "./reader.ts";

/** Kinds of tokens that are priced by themselves. The first three make up the input. */
export const tokenKinds = ["uncached", "cacheRead", "cacheWrite", "output"] as const;

export type TokenKind = (typeof tokenKinds)[number];

/** Something for each kind of tokens. */
export type PerKind<T> = Readonly<Record<TokenKind, T>>;

/** Priced calls with the same labels, of the window or of all periods of the baseline together. */
export interface Cell {
  readonly inWindow: boolean;
  readonly labels: Labels;
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

/** The cells in an answer to `explain-cells`; labels that have only unpriced calls are left out. */
export function toCells(rows: Rows): Cell[] {
  return rows.rows
    .map((row): Cell => {
      const labels = Object.fromEntries(
        dimensionNames.map((dimension) => [dimension, textOf(row, dimension)]),
      ) as Labels;
      return {
        inWindow: row["is_window"] === true,
        labels,
        priced: keyOf([labels.provider, labels.model, textOf(row, "service_tier")]),
        step: textOf(row, "step") ?? "1",
        calls: countOf(row, "calls"),
        logicalCalls: countOf(row, "logical_calls"),
        tokens: {
          uncached: countOf(row, "uncached_tokens"),
          cacheRead: countOf(row, "cache_read_tokens"),
          cacheWrite: countOf(row, "cache_write_tokens"),
          output: countOf(row, "output_tokens"),
        },
        cost: {
          uncached: moneyOf(row, "input_cost_usd"),
          cacheRead: moneyOf(row, "cache_read_cost_usd"),
          cacheWrite: moneyOf(row, "cache_write_cost_usd"),
          output: moneyOf(row, "output_cost_usd"),
        },
        otherCost: moneyOf(row, "other_cost_usd"),
      };
    })
    .filter((cell) => cell.calls > 0n);
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
