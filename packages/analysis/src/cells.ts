import type { PicoUsd } from "@spancost/pricing";
import type { Rows, SqlValue } from "@spancost/store";
import { dimensionNames, type Labels, type TagDimension } from "./dimensions.ts";
import { countOf, moneyOf, type Row, textOf } from "./reader.ts";

/** Kinds of tokens that are priced by themselves. The first three make up the input. */
export const tokenKinds = ["uncached", "cacheRead", "cacheWrite", "output"] as const;

export type TokenKind = (typeof tokenKinds)[number];

/** Something for each kind of tokens. */
export type PerKind<T> = Readonly<Record<TokenKind, T>>;

/** What calls have in common. */
export interface Kind {
  readonly labels: Labels;
  /** What a price hangs on: provider, model and service tier. */
  readonly priced: string;
  /** Place in the agent run, in steps that double: 1, 2, 3-4 … 17+. */
  readonly step: string;
}

/** Sums over priced calls. */
export interface Sums {
  readonly calls: bigint;
  /** Calls that no later attempt supersedes. */
  readonly logicalCalls: bigint;
  readonly tokens: PerKind<bigint>;
  readonly cost: PerKind<PicoUsd>;
  /** What is left of the cost, such as a fee per request. */
  readonly otherCost: PicoUsd;
}

/** Priced calls of one kind, of the window or of all periods of the baseline together. */
export interface Cell extends Kind, Sums {
  readonly inWindow: boolean;
}

/** Priced calls of one kind in one period: 0 is the window, the others are the baseline. */
export interface PeriodCell extends Kind, Sums {
  readonly period: number;
}

/** The cells in an answer to `explain-cells`; labels that have only unpriced calls are left out. */
export function toPeriodCells(rows: Rows): PeriodCell[] {
  return rows.rows
    .map((row): PeriodCell => {
      const labels = labelsOf(row);
      return {
        period: Number(row["period"]),
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

function labelsOf(row: Row): Labels {
  const labels: Record<string, string | null> = {};
  for (const dimension of dimensionNames) labels[dimension] = textOf(row, dimension);
  const tags = row["tags"];
  if (Array.isArray(tags)) {
    for (const tag of tags as readonly SqlValue[]) {
      if (typeof tag !== "string") continue;
      const at = tag.indexOf("=");
      const dimension: TagDimension = `tag:${tag.slice(0, at)}`;
      labels[dimension] = tag.slice(at + 1);
    }
  }
  return labels as Labels;
}

/** Cells of the same kind and side as one: what a bridge is built from. */
export function mergedPeriods(cells: readonly PeriodCell[]): Cell[] {
  const merged = new Map<string, Cell>();
  for (const cell of cells) {
    const inWindow = cell.period === 0;
    const key = `${inWindow}${kindKeyOf(cell)}`;
    const known = merged.get(key);
    merged.set(key, known ? { ...known, ...sumOf(known, cell) } : { ...cell, inWindow });
  }
  return [...merged.values()];
}

function sumOf(a: Sums, b: Sums): Sums {
  return {
    calls: a.calls + b.calls,
    logicalCalls: a.logicalCalls + b.logicalCalls,
    tokens: perKind((kind) => a.tokens[kind] + b.tokens[kind]),
    cost: perKind((kind) => (a.cost[kind] + b.cost[kind]) as PicoUsd),
    otherCost: (a.otherCost + b.otherCost) as PicoUsd,
  };
}

function perKind<T>(of: (kind: TokenKind) => T): PerKind<T> {
  return {
    uncached: of("uncached"),
    cacheRead: of("cacheRead"),
    cacheWrite: of("cacheWrite"),
    output: of("output"),
  };
}

export function costOfCell(cell: Sums): bigint {
  return tokenKinds.reduce((sum, kind) => sum + cell.cost[kind], cell.otherCost as bigint);
}

/** The same text for the same kind of calls, and for no other. */
export function kindKeyOf({ labels, priced, step }: Kind): string {
  return JSON.stringify([Object.entries(labels), priced, step]);
}

/** Requests are told apart, and a bridge is built, within each feature and environment. */
export function contextOf(labels: Pick<Labels, "feature" | "environment">): string {
  return keyOf([labels.feature, labels.environment]);
}

/** Texts and nulls as one text, different for different ones. */
export function keyOf(parts: readonly (string | null)[]): string {
  return JSON.stringify(parts);
}
