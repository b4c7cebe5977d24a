import { measureCount } from "../ledger/contributions.ts";
import { Numbering } from "../numbering.ts";
import {
  addNumbers,
  type Column,
  type Condition,
  matches,
  type SpendTable,
} from "./spend-table.ts";

/** A segment that may explain the change, with the sums of its spend that no finding has. */
export interface Candidate {
  readonly conditions: readonly Condition[];
  /** Of turn t from t * measureCount on. */
  readonly sums: Float64Array;
}

/** Everything; each value; each pair of values that is not the same calls as one of the two. */
export function smallCandidates(table: SpendTable): Candidate[] {
  const open = openRows(table, []);
  const candidates = [everything(table, open)];
  const columns = table.columns.filter(({ values }) => values.length > 0);
  for (const column of columns) candidates.push(...byValue(table, open, [], column));
  const telling = columnsToPair(columns, open);
  for (const [index, first] of telling.entries()) {
    for (const second of telling.slice(index + 1)) {
      candidates.push(...pairs(table, open, first, second));
    }
  }
  return candidates;
}

/**
 * Columns that tell something apart which no other does: of those that divide the rows alike only the first, and none
 * that has the same value everywhere. `simplestName` looks at all of them.
 */
function columnsToPair(columns: readonly Column[], rows: Int32Array): Column[] {
  const seen: Int32Array[] = [];
  return columns.filter(({ codes }) => {
    const division = divisionOf(codes, rows);
    const isOne = division.every((part) => part === 0);
    if (isOne || seen.some((other) => other.every((part, row) => part === division[row]))) {
      return false;
    }
    seen.push(division);
    return true;
  });
}

/** For each row the number of its value, in the order in which values come; what is too small to be told is one. */
function divisionOf(codes: Int32Array, rows: Int32Array): Int32Array {
  const numbers = new Numbering<number>();
  return rows.map((row) => numbers.of(codes[row] ?? -1));
}

/** A candidate with each further condition. */
export function narrowed(table: SpendTable, { conditions }: Candidate): Candidate[] {
  const open = openRows(table, conditions);
  return table.columns
    .filter((column) => !conditions.some((one) => one.column === column))
    .flatMap((column) => byValue(table, open, conditions, column));
}

/** Rows that meet the conditions and that no finding has. */
export function openRows(table: SpendTable, conditions: readonly Condition[]): Int32Array {
  const rows = new Int32Array(table.rows);
  let count = 0;
  for (let row = 0; row < table.rows; row += 1) {
    if (!table.claimed[row] && matches(conditions, row)) rows[count++] = row;
  }
  return rows.subarray(0, count);
}

function everything({ turns, measures }: SpendTable, rows: Int32Array): Candidate {
  const size = turns * measureCount;
  const sums = new Float64Array(size);
  for (const row of rows) addNumbers(sums, 0, measures, row * size, size);
  return { conditions: [], sums };
}

/** The rows by value of a column, each value under the conditions and its own. */
export function byValue(
  { turns, measures }: SpendTable,
  rows: Int32Array,
  conditions: readonly Condition[],
  column: Column,
): Candidate[] {
  const size = turns * measureCount;
  const sums = new Float64Array(column.values.length * size);
  for (const row of rows) {
    const code = column.codes[row] ?? -1;
    if (code >= 0) addNumbers(sums, code * size, measures, row * size, size);
  }
  return column.values.map((_, code) => ({
    conditions: [...conditions, { column, code }],
    sums: sums.subarray(code * size, (code + 1) * size),
  }));
}

function pairs(
  { turns, measures }: SpendTable,
  rows: Int32Array,
  first: Column,
  second: Column,
): Candidate[] {
  const wide = second.values.length;
  const counts = new Int32Array(first.values.length * wide);
  const ofFirst = new Int32Array(first.values.length);
  const ofSecond = new Int32Array(wide);
  for (const row of rows) {
    const a = first.codes[row] ?? -1;
    const b = second.codes[row] ?? -1;
    if (a >= 0) ofFirst[a] = (ofFirst[a] ?? 0) + 1;
    if (b >= 0) ofSecond[b] = (ofSecond[b] ?? 0) + 1;
    if (a >= 0 && b >= 0) counts[a * wide + b] = (counts[a * wide + b] ?? 0) + 1;
  }
  const place = new Int32Array(counts.length).fill(-1);
  const told: number[] = [];
  for (const [pair, count] of counts.entries()) {
    // The same calls as one of its values alone have a simpler name.
    if (count === 0 || count === ofFirst[Math.floor(pair / wide)]) continue;
    if (count === ofSecond[pair % wide]) continue;
    place[pair] = told.push(pair) - 1;
  }
  if (told.length === 0) return [];
  const size = turns * measureCount;
  const sums = new Float64Array(told.length * size);
  for (const row of rows) {
    const a = first.codes[row] ?? -1;
    const b = second.codes[row] ?? -1;
    if (a < 0 || b < 0) continue;
    const to = place[a * wide + b] ?? -1;
    if (to >= 0) addNumbers(sums, to * size, measures, row * size, size);
  }
  return told.map((pair, index) => ({
    conditions: [
      { column: first, code: Math.floor(pair / wide) },
      { column: second, code: pair % wide },
    ],
    sums: sums.subarray(index * size, (index + 1) * size),
  }));
}
