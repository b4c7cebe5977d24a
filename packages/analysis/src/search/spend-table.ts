import { addNumbers } from "../add-numbers.ts";
import { canName, type Dimension, isTag, type Segment } from "../dimensions.ts";
import { measureCount } from "../ledger/contributions.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { combined, numberCount } from "../numbering.ts";

/** One dimension, its values numbered. */
export interface Column {
  readonly name: Dimension;
  readonly values: readonly (string | null)[];
  /** How many values there are, those too small to be told among them. */
  readonly count: number;
  /** Of each row the number of its value, or -1 where that is too small to be told. */
  readonly codes: Int32Array;
}

/** What the search reads: calls that no segment can tell apart are one row. */
export interface SpendTable {
  readonly columns: readonly Column[];
  readonly rows: number;
  /** The window and each period of the baseline, each compared with all of the baseline. */
  readonly turns: number;
  /** Of row r in turn t from (r * turns + t) * measureCount on: see `measureNames`. The window is turn 0. */
  readonly measures: Float64Array;
  readonly rowOfSlot: Int32Array;
  /** Whether a finding has the row already. */
  readonly claimed: Uint8Array;
}

/** A dimension has a value. */
export interface Condition {
  readonly column: Column;
  readonly code: number;
}

/** The values that conditions ask for, by dimension. */
export function segmentOf(conditions: readonly Condition[]): Segment {
  const segment: Partial<Record<Dimension, string | null>> = {};
  for (const { column, code } of conditions) segment[column.name] = column.values[code] ?? null;
  return segment;
}

/**
 * @param contributions see `contributionsOf`, the window first
 * @param leastShare of the bill that a value has to have, before or after, to be told by its name
 * @param counts how many values dimensions have, where the ledger has not all of them by name
 */
export function toSpendTable(
  ledger: Ledger,
  contributions: Float64Array,
  turns: number,
  names: readonly Dimension[],
  leastShare: number,
  counts: ReadonlyMap<Dimension, number> = new Map(),
): SpendTable {
  const perSlot = turns * measureCount;
  const large = leastShare * billOf(contributions, perSlot);
  const ofSlots = names.map((name) =>
    toColumn(ledger, contributions, perSlot, name, large, counts),
  );
  const rowOfSlot = combined(
    ofSlots.map(({ codes }) => codes.map((code) => code + 1)),
    ledger.count,
  );
  const rows = numberCount(rowOfSlot);
  const measures = new Float64Array(rows * perSlot);
  const slotOfRow = new Int32Array(rows);
  for (let slot = 0; slot < ledger.count; slot += 1) {
    const row = rowOfSlot[slot] ?? 0;
    slotOfRow[row] = slot;
    addNumbers(measures, row * perSlot, contributions, slot * perSlot, perSlot);
  }
  return {
    columns: ofSlots.map((column) => ({
      ...column,
      codes: Int32Array.from(slotOfRow, (slot) => column.codes[slot] ?? -1),
    })),
    rows,
    turns,
    measures,
    rowOfSlot,
    claimed: new Uint8Array(rows),
  };
}

/**
 * The same rows, with the values by name that cost, before or after, such a share of the window; what is claimed in one
 * table is claimed in both.
 */
export function ofLargeValues(table: SpendTable, share: number): SpendTable {
  const perRow = table.turns * measureCount;
  const least = share * billOf(table.measures, perRow);
  const columns = table.columns.map((column) => {
    const after = new Float64Array(column.values.length);
    const before = new Float64Array(column.values.length);
    for (const [row, code] of column.codes.entries()) {
      if (code < 0) continue;
      after[code] = (after[code] ?? 0) + (table.measures[row * perRow] ?? 0);
      before[code] = (before[code] ?? 0) + (table.measures[row * perRow + 1] ?? 0);
    }
    const values: (string | null)[] = [];
    const kept = column.values.map((value, code) =>
      Math.max(after[code] ?? 0, before[code] ?? 0) >= least ? values.push(value) - 1 : -1,
    );
    return { ...column, values, codes: column.codes.map((code) => kept[code] ?? -1) };
  });
  return { ...table, columns };
}

/** What the window cost. */
function billOf(contributions: Float64Array, perSlot: number): number {
  let bill = 0;
  for (let at = 0; at < contributions.length; at += perSlot) bill += contributions[at] ?? 0;
  return bill;
}

/** Dimensions by which slots differ, tags among them. */
export function dimensionsOf(
  { dimensions }: Ledger,
  asked: readonly Dimension[] | undefined,
): Dimension[] {
  if (asked) return [...asked];
  const differing = dimensions
    .filter(({ codes }) => codes.some((code) => code !== codes[0]))
    .map(({ name }) => name);
  return [
    ...differing.filter((name) => !isTag(name)),
    ...differing.filter((name) => isTag(name)).sort(),
  ];
}

function toColumn(
  ledger: Ledger,
  contributions: Float64Array,
  perSlot: number,
  name: Dimension,
  large: number,
  counts: ReadonlyMap<Dimension, number>,
): Column {
  const labels = ledger.dimensions.find((dimension) => dimension.name === name);
  if (!labels) return { name, values: [], count: 0, codes: new Int32Array(ledger.count).fill(-1) };
  const after = new Float64Array(labels.values.length);
  const before = new Float64Array(labels.values.length);
  for (const [slot, code] of labels.codes.entries()) {
    after[code] = (after[code] ?? 0) + (contributions[slot * perSlot] ?? 0);
    before[code] = (before[code] ?? 0) + (contributions[slot * perSlot + 1] ?? 0);
  }
  const values: (string | null)[] = [];
  const told = Int32Array.from(labels.values, (value, code) => {
    const isLarge = Math.max(after[code] ?? 0, before[code] ?? 0) >= large;
    return isLarge && canName(name, value) ? values.push(value) - 1 : -1;
  });
  const count = Math.max(counts.get(name) ?? 0, labels.values.length);
  return { name, values, count, codes: labels.codes.map((code) => told[code] ?? -1) };
}

/** A tag of so many values that are dear enough to be told says whose request it is, such as a tenant's. */
const manyCustomers = 20;

/** People, their conversations and customers vary more than anything else. */
export function isPersonal({ name, count }: Column): boolean {
  return name === "user_id" || name === "conversation_id" || (isTag(name) && count > manyCustomers);
}

export function matches(conditions: readonly Condition[], row: number): boolean {
  for (const { column, code } of conditions) if (column.codes[row] !== code) return false;
  return true;
}
