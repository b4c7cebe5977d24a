import { addNumbers } from "../add-numbers.ts";
import { measureCount } from "../ledger/contributions.ts";
import { Numbering } from "../numbering.ts";
import { type Column, type Condition, matches, type SpendTable } from "./spend-table.ts";

/** A segment that may explain the change, with the sums of its spend that no finding has. */
export interface Candidate {
  readonly conditions: readonly Condition[];
  /** Of turn t from t * measureCount on. */
  readonly sums: Float64Array;
}

/** What was spent, before and after. */
export function spendIn(sums: Float64Array): number {
  return (sums[0] ?? 0) + (sums[1] ?? 0);
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

function everything(table: SpendTable, rows: Int32Array): Candidate {
  const [sums = new Float64Array()] = sumsByPlace(table, rows, new Int32Array(rows.length), 1);
  return { conditions: [], sums };
}

/** The rows by value of a column, each value under the conditions and its own. */
export function byValue(
  table: SpendTable,
  rows: Int32Array,
  conditions: readonly Condition[],
  column: Column,
): Candidate[] {
  const sums = sumsByPlace(table, rows, codesAt(column.codes, rows), column.values.length);
  return sums.map((ofValue, code) => ({
    conditions: [...conditions, { column, code }],
    sums: ofValue,
  }));
}

function pairs(table: SpendTable, rows: Int32Array, first: Column, second: Column): Candidate[] {
  const ofFirst = codesAt(first.codes, rows);
  const ofSecond = codesAt(second.codes, rows);
  const wide = second.values.length;
  const pairOf = pairsOf(ofFirst, ofSecond, wide);
  const counts = countsOf(pairOf, first.values.length * wide);
  const countsOfFirst = countsOf(ofFirst, first.values.length);
  const countsOfSecond = countsOf(ofSecond, wide);
  const place = new Int32Array(counts.length).fill(-1);
  const told: number[] = [];
  for (const [pair, count] of counts.entries()) {
    // The same calls as one of its values alone have a simpler name.
    if (count === 0 || count === countsOfFirst[Math.floor(pair / wide)]) continue;
    if (count === countsOfSecond[pair % wide]) continue;
    place[pair] = told.push(pair) - 1;
  }
  if (told.length === 0) return [];
  const sums = sumsByPlace(table, rows, codesAt(place, pairOf), told.length);
  return told.map((pair, index) => ({
    conditions: [
      { column: first, code: Math.floor(pair / wide) },
      { column: second, code: pair % wide },
    ],
    sums: sums[index] ?? new Float64Array(),
  }));
}

// Loops over rows are functions of their own: each is compiled once, however many there are that ask for sums.

/** What `codes` has at each of the places; below 0 where the place is. */
function codesAt(codes: Int32Array, places: Int32Array): Int32Array {
  const found = new Int32Array(places.length);
  for (let at = 0; at < places.length; at += 1) {
    const place = places[at] ?? -1;
    found[at] = place < 0 ? -1 : (codes[place] ?? -1);
  }
  return found;
}

function pairsOf(first: Int32Array, second: Int32Array, wide: number): Int32Array {
  const pairs = new Int32Array(first.length);
  for (let at = 0; at < first.length; at += 1) {
    const a = first[at] ?? -1;
    const b = second[at] ?? -1;
    pairs[at] = a < 0 || b < 0 ? -1 : a * wide + b;
  }
  return pairs;
}

function countsOf(codes: Int32Array, count: number): Int32Array {
  const counts = new Int32Array(count);
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? -1;
    if (code >= 0) counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

/** The rows' measures, summed by the place of each row; below 0 it has none. */
function sumsByPlace(
  { turns, measures }: SpendTable,
  rows: Int32Array,
  places: Int32Array,
  count: number,
): Float64Array[] {
  const size = turns * measureCount;
  const sums = new Float64Array(count * size);
  for (let at = 0; at < rows.length; at += 1) {
    const place = places[at] ?? -1;
    if (place >= 0) addNumbers(sums, place * size, measures, (rows[at] ?? 0) * size, size);
  }
  return Array.from({ length: count }, (_, place) =>
    sums.subarray(place * size, (place + 1) * size),
  );
}
