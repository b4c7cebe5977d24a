import type { Rows, SqlValue } from "@spancost/store";
import { type Dimension, dimensionNames, type TagDimension } from "../dimensions.ts";
import { combined, Numbering } from "../numbering.ts";
import { contextOfRow } from "./cells.ts";
import { type Row, textOf } from "./reader.ts";

/** A dimension of many calls, its values numbered. */
export interface Labels {
  readonly name: Dimension;
  readonly values: readonly (string | null)[];
  /** Of each cell the number of its value. */
  readonly codes: Int32Array;
}

/** What is summed over priced calls, as `explain-cells` gives it; costs in two numbers. */
export const cellSums = {
  calls: 0,
  /** Calls that no later attempt supersedes. */
  logical: 1,
  uncached: 2,
  cacheRead: 3,
  cacheWrite: 4,
  output: 5,
  /** Of uncached input, cache reads, cache writes, output and the rest: micro-dollars and pico-dollars of each. */
  costs: 6,
  /** Of each call the square of its cost in micro-dollars, summed. */
  squares: 16,
} as const;

/** The value that a cell has of a dimension. */
export function labelOfCell(
  dimensions: readonly Labels[],
  name: Dimension,
  cell: number,
): string | null {
  const labels = dimensions.find((dimension) => dimension.name === name);
  return labels?.values[labels.codes[cell] ?? 0] ?? null;
}

/** Kinds of tokens that are priced by themselves: uncached input, cache reads, cache writes, output. */
export const tokenKindCount = 4;

/** Numbers per cell and period. */
export const cellWidth = 17;

/**
 * Priced calls by labels: a cell is all calls of the comparison that have the same labels, with its sums per period.
 *
 * All sums but those of squares are whole numbers that doubles hold exactly: a cost is in two, so that it may exceed
 * 9,007 dollars.
 */
export interface CellTable {
  readonly count: number;
  readonly dimensions: readonly Labels[];
  /** The numbers of the periods, that of the window, 0, first. */
  readonly periods: readonly number[];
  /** Of cell c in the nth period from (c * periods + n) * cellWidth on: see `cellSums`. */
  readonly sums: Float64Array;
  /** Number of what a price hangs on: provider, model and service tier. */
  readonly priced: Int32Array;
  /** Place in the agent run, in steps that double: 1, 2, 3-4 … 17+. */
  readonly steps: { readonly values: readonly string[]; readonly codes: Int32Array };
  /** Number of the context: see `contextOf`. */
  readonly contexts: Int32Array;
  /** What `contextOf` gives of each, by number. */
  readonly contextKeys: readonly string[];
  /** Number of the context and step. */
  readonly strata: Int32Array;
}

/**
 * The cells in an answer to `explain-cells`; labels that have only unpriced calls are left out.
 *
 * @param tags names of the tags that were asked for, in order
 */
export function toCellTable(
  { rows }: Rows,
  tags: readonly string[],
  baselinePeriods: readonly number[],
): CellTable {
  const priced = rows.filter((row) => Number(row["calls"]) > 0);
  const periods = [0, ...baselinePeriods];
  const columnOf = (name: Dimension, column: string): Labels => {
    const values = new Numbering<string | null>();
    const codes = Int32Array.from(priced, (row) => values.of(textOf(row, column)));
    return { name, values: values.things, codes };
  };
  const dimensions = [
    ...dimensionNames.map((name) => columnOf(name, name)),
    ...tags.map((tag, index) => columnOf(`tag:${tag}` satisfies TagDimension, `tag_${index + 1}`)),
  ];
  const named = (name: Dimension) => codesOf(dimensions, name);
  const tiers = new Numbering<string | null>();
  const tier = Int32Array.from(priced, (row) => tiers.of(textOf(row, "service_tier")));
  const steps = new Numbering<string>();
  const step = Int32Array.from(priced, (row) => steps.of(textOf(row, "step") ?? "1"));
  const contextNumbers = new Numbering<string>();
  const contexts = Int32Array.from(priced, (row) => contextNumbers.of(contextOfRow(row)));
  const sums = new Float64Array(priced.length * periods.length * cellWidth);
  const nthOf = new Map(periods.map((period, nth) => [period, nth]));
  for (const [cell, row] of priced.entries()) {
    addPeriods(sums, cell * periods.length * cellWidth, row, nthOf);
  }
  return {
    count: priced.length,
    dimensions,
    periods,
    sums,
    priced: combined([named("provider"), named("model"), tier], priced.length),
    steps: { values: steps.things, codes: step },
    contexts,
    contextKeys: contextNumbers.things,
    strata: combined([contexts, step], priced.length),
  };
}

/** Numbers of a dimension's values by cell. */
export function codesOf(dimensions: readonly Labels[], name: Dimension): Int32Array {
  const found = dimensions.find((dimension) => dimension.name === name);
  if (!found) throw new TypeError(`there is no dimension ${name}`);
  return found.codes;
}

/** The cost of a cell in a period, in micro-dollars, as near as a double is. @param at where its sums begin */
export function costAt(sums: Float64Array, at: number): number {
  let cost = 0;
  for (let kind = 0; kind <= tokenKindCount; kind += 1) cost += costOfKindAt(sums, at, kind);
  return cost;
}

/** The cost of a kind of tokens, or after the last kind the rest of the cost. */
export function costOfKindAt(sums: Float64Array, at: number, kind: number): number {
  const place = at + cellSums.costs + 2 * kind;
  return (sums[place] ?? 0) + (sums[place + 1] ?? 0) / 1e6;
}

const countsPerPeriod = 8;
const costsPerPeriod = 6;

function addPeriods(
  sums: Float64Array,
  start: number,
  row: Row,
  nthOf: ReadonlyMap<number, number>,
): void {
  const counts = listOf(row, "counts");
  const costs = listOf(row, "costs");
  for (let index = 0; index * countsPerPeriod < counts.length; index += 1) {
    const nth = nthOf.get(Number(counts[index * countsPerPeriod]));
    if (nth === undefined) continue;
    const to = start + nth * cellWidth;
    for (let count = 0; count < cellSums.costs; count += 1) {
      sums[to + count] = Number(counts[index * countsPerPeriod + 1 + count]);
    }
    sums[to + cellSums.squares] = Number(counts[index * countsPerPeriod + 7]) * 1e12;
  }
  for (let index = 0; index * costsPerPeriod < costs.length; index += 1) {
    const nth = nthOf.get(Number(costs[index * costsPerPeriod]));
    if (nth === undefined) continue;
    for (let kind = 0; kind + 1 < costsPerPeriod; kind += 1) {
      const to = start + nth * cellWidth + cellSums.costs + 2 * kind;
      const [micro, pico] = split(costs[index * costsPerPeriod + 1 + kind]);
      sums[to] = micro;
      sums[to + 1] = pico;
    }
  }
}

function listOf(row: Row, column: string): readonly SqlValue[] {
  const value = row[column];
  if (!Array.isArray(value)) throw new TypeError(`the answer has no list ${column}`);
  return value as readonly SqlValue[];
}

/** Whole pico-dollars as micro-dollars and what is left. */
function split(pico: SqlValue | undefined): readonly [micro: number, pico: number] {
  if (typeof pico === "number") return [Math.trunc(pico / 1e6), pico % 1e6];
  const whole = BigInt(String(pico ?? 0));
  return [Number(whole / 1_000_000n), Number(whole % 1_000_000n)];
}
