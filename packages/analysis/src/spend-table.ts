import { wholeWeight } from "./bridge.ts";
import { costOfCell } from "./cells.ts";
import { type Dimension, dimensions, otherUsers } from "./dimensions.ts";
import type { LabelledPiece } from "./matched-baseline.ts";

/** What was spent, and what was expected, at the length of the window. Doubles: for scores, not for amounts. */
export interface Spend {
  after: number;
  before: number;
}

/** One dimension, its values numbered. */
export interface Column {
  readonly name: Dimension;
  readonly values: readonly (string | null)[];
  /** For each piece, the number of its value. */
  readonly codes: readonly number[];
}

/** Pieces by column, as the search reads them. */
export interface SpendTable {
  readonly pieces: readonly LabelledPiece[];
  readonly columns: readonly Column[];
  readonly spend: readonly Spend[];
  /** Whether a finding has the piece already. */
  readonly claimed: boolean[];
}

/** A dimension has a value. */
export interface Condition {
  readonly column: Column;
  readonly code: number;
}

/** @param scale length of the window over that of the baseline */
export function toSpendTable(
  pieces: readonly LabelledPiece[],
  scale: number,
  names: readonly Dimension[],
): SpendTable {
  return {
    pieces,
    columns: names.map((name) => toColumn(name, pieces)),
    spend: pieces.map(({ cell, weight }) => {
      const cost = Number(costOfCell(cell)) * (Number(weight) / Number(wholeWeight));
      return cell.inWindow ? { after: cost, before: 0 } : { after: 0, before: cost * scale };
    }),
    claimed: pieces.map(() => false),
  };
}

function toColumn(name: Dimension, pieces: readonly LabelledPiece[]): Column {
  const codes = new Map<string | null, number>();
  const codeOf = (value: string | null) => {
    const code = codes.get(value) ?? codes.size;
    codes.set(value, code);
    return code;
  };
  return {
    name,
    codes: pieces.map(({ labels }) => codeOf(labels[name])),
    values: [...codes.keys()],
  };
}

export function matches(conditions: readonly Condition[], index: number): boolean {
  return conditions.every(({ column, code }) => column.codes[index] === code);
}

/** Whether a segment can bear the value's name. */
export function canName(column: Column, code: number): boolean {
  return !(column.name === "user_id" && column.values[code] === otherUsers);
}

/** How much it costs a reader to be told the conditions; nothing for none. */
export function nameCostOf(conditions: readonly Condition[]): number {
  return conditions.reduce((sum, { column }) => sum + dimensions[column.name].nameCost, 0);
}

export function add(sum: Spend | undefined, one: Spend | undefined): void {
  if (!sum || !one) return;
  sum.after += one.after;
  sum.before += one.before;
}

export function sumOf(all: Iterable<Spend | undefined>): Spend {
  const sum = { after: 0, before: 0 };
  for (const one of all) add(sum, one);
  return sum;
}

/** Spend that no finding has, by value of a column; of those pieces only that meet the conditions. */
export function byValue(
  table: SpendTable,
  column: Column,
  conditions: readonly Condition[] = [],
): Spend[] {
  const sums = column.values.map((): Spend => ({ after: 0, before: 0 }));
  for (const [index, code] of column.codes.entries()) {
    if (!table.claimed[index] && matches(conditions, index)) add(sums[code], table.spend[index]);
  }
  return sums;
}
