import { measureCount } from "./contributions.ts";
import { canName, type Dimension, dimensionNames, isTag, labelOf } from "./dimensions.ts";
import type { Ledger } from "./ledger.ts";

/** One dimension, its values numbered. */
export interface Column {
  readonly name: Dimension;
  readonly values: readonly (string | null)[];
  /** Of each row the number of its value, or -1 where that is too small to be told. */
  readonly codes: Int32Array;
}

/** What the search reads: calls that no segment can tell apart are one row. */
export interface SpendTable {
  readonly columns: readonly Column[];
  readonly rows: number;
  /** Of row r from r * measureCount on: see `measureNames`. */
  readonly window: Float64Array;
  /** The same for each period of the baseline, compared with all of them. */
  readonly days: readonly Float64Array[];
  readonly rowOfSlot: Int32Array;
  /** Whether a finding has the row already. */
  readonly claimed: Uint8Array;
}

/** A dimension has a value. */
export interface Condition {
  readonly column: Column;
  readonly code: number;
}

/**
 * @param large what a value has to cost, before or after, to be told by its name
 */
export function toSpendTable(
  ledger: Ledger,
  window: Float64Array,
  days: readonly Float64Array[],
  names: readonly Dimension[],
  large: number,
): SpendTable {
  const ofSlots = names.map((name) => toColumn(ledger, window, name, large));
  const { rowOfSlot, slotOfRow } = numbered(ofSlots, ledger.slots.length);
  const rows = slotOfRow.length;
  const folded = (measures: Float64Array) => {
    const sums = new Float64Array(rows * measureCount);
    for (const [slot, row] of rowOfSlot.entries()) {
      for (let index = 0; index < measureCount; index += 1) {
        const to = row * measureCount + index;
        sums[to] = (sums[to] ?? 0) + (measures[slot * measureCount + index] ?? 0);
      }
    }
    return sums;
  };
  return {
    columns: ofSlots.map((column) => ({
      ...column,
      codes: Int32Array.from(slotOfRow, (slot) => column.codes[slot] ?? -1),
    })),
    rows,
    window: folded(window),
    days: days.map(folded),
    rowOfSlot,
    claimed: new Uint8Array(rows),
  };
}

/** Dimensions by which slots differ, tags among them. */
export function dimensionsOf(
  { slots }: Ledger,
  asked: readonly Dimension[] | undefined,
): Dimension[] {
  if (asked) return [...asked];
  const tags = new Set<Dimension>();
  for (const { labels } of slots) {
    for (const name of Object.keys(labels)) if (isTag(name)) tags.add(name);
  }
  return [...dimensionNames, ...[...tags].sort()].filter((name) => {
    const first = slots[0] ? labelOf(slots[0].labels, name) : null;
    return slots.some(({ labels }) => labelOf(labels, name) !== first);
  });
}

function toColumn({ slots }: Ledger, window: Float64Array, name: Dimension, large: number): Column {
  const sums = new Map<string | null, { after: number; before: number }>();
  for (const [slot, { labels }] of slots.entries()) {
    const value = labelOf(labels, name);
    const sum = sums.get(value) ?? { after: 0, before: 0 };
    sums.set(value, sum);
    sum.after += window[slot * measureCount] ?? 0;
    sum.before += window[slot * measureCount + 1] ?? 0;
  }
  const values = [...sums]
    .filter(([value, sum]) => canName(name, value) && Math.max(sum.after, sum.before) >= large)
    .map(([value]) => value);
  const codes = new Map(values.map((value, code) => [value, code]));
  return {
    name,
    values,
    codes: Int32Array.from(slots, ({ labels }) => codes.get(labelOf(labels, name)) ?? -1),
  };
}

/** Slots with the same codes get the same number. */
function numbered(columns: readonly Column[], slots: number) {
  const numbers = new Map<string, number>();
  const slotOfRow: number[] = [];
  const rowOfSlot = new Int32Array(slots);
  for (let slot = 0; slot < slots; slot += 1) {
    const key = columns.map(({ codes }) => codes[slot]).join();
    const known = numbers.get(key);
    rowOfSlot[slot] = known ?? slotOfRow.length;
    if (known !== undefined) continue;
    numbers.set(key, slotOfRow.length);
    slotOfRow.push(slot);
  }
  return { rowOfSlot, slotOfRow };
}

/** People and their conversations vary more than anything else. */
export function isPersonal({ name }: Column): boolean {
  return name === "user_id" || name === "conversation_id";
}

export function matches(conditions: readonly Condition[], row: number): boolean {
  for (const { column, code } of conditions) if (column.codes[row] !== code) return false;
  return true;
}

/** Measures of the rows that meet the conditions and that no finding has. */
export function measuresOf(
  table: SpendTable,
  measures: Float64Array,
  conditions: readonly Condition[],
): Float64Array {
  const sums = new Float64Array(measureCount);
  for (let row = 0; row < table.rows; row += 1) {
    if (table.claimed[row] || !matches(conditions, row)) continue;
    addRow(sums, 0, measures, row);
  }
  return sums;
}

/** Adds a row's measures to those that begin at `to`. */
export function addRow(sums: Float64Array, to: number, measures: Float64Array, row: number): void {
  const from = row * measureCount;
  for (let index = 0; index < measureCount; index += 1) {
    sums[to + index] = (sums[to + index] ?? 0) + (measures[from + index] ?? 0);
  }
}
