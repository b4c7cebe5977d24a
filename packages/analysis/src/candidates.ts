import { measureCount } from "./contributions.ts";
import { addRow, type Column, type Condition, matches, type SpendTable } from "./spend-table.ts";

/** A segment that may explain the change, with the measures of its spend that no finding has. */
export interface Candidate {
  readonly conditions: readonly Condition[];
  readonly measures: Float64Array;
}

/** Everything; each value; each pair of values. */
export function smallCandidates(table: SpendTable, measures = table.window): Candidate[] {
  const open = openRows(table, []);
  const candidates = [everything(measures, open)];
  for (const column of table.columns) candidates.push(...byValue(measures, open, [], column));
  for (const [index, first] of table.columns.entries()) {
    for (const second of table.columns.slice(index + 1)) {
      candidates.push(...pairs(measures, open, first, second));
    }
  }
  return candidates;
}

/** A candidate with each further condition. */
export function narrowed(table: SpendTable, { conditions }: Candidate): Candidate[] {
  const open = openRows(table, conditions);
  return table.columns
    .filter((column) => !conditions.some((one) => one.column === column))
    .flatMap((column) => byValue(table.window, open, conditions, column));
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

function everything(of: Float64Array, rows: Int32Array): Candidate {
  const measures = new Float64Array(measureCount);
  for (const row of rows) addRow(measures, 0, of, row);
  return { conditions: [], measures };
}

/** The rows by value of a column, each value under the conditions and its own. */
export function byValue(
  measures: Float64Array,
  rows: Int32Array,
  conditions: readonly Condition[],
  column: Column,
): Candidate[] {
  const sums = new Float64Array(column.values.length * measureCount);
  for (const row of rows) {
    const code = column.codes[row] ?? -1;
    if (code >= 0) addRow(sums, code * measureCount, measures, row);
  }
  return column.values.map((_, code) => ({
    conditions: [...conditions, { column, code }],
    measures: sums.subarray(code * measureCount, (code + 1) * measureCount),
  }));
}

function pairs(
  measures: Float64Array,
  rows: Int32Array,
  first: Column,
  second: Column,
): Candidate[] {
  const wide = second.values.length;
  const sums = new Float64Array(first.values.length * wide * measureCount);
  const seen = new Uint8Array(first.values.length * wide);
  for (const row of rows) {
    const a = first.codes[row] ?? -1;
    const b = second.codes[row] ?? -1;
    if (a < 0 || b < 0) continue;
    const pair = a * wide + b;
    seen[pair] = 1;
    addRow(sums, pair * measureCount, measures, row);
  }
  const candidates: Candidate[] = [];
  for (const [pair, isSeen] of seen.entries()) {
    if (!isSeen) continue;
    candidates.push({
      conditions: [
        { column: first, code: Math.floor(pair / wide) },
        { column: second, code: pair % wide },
      ],
      measures: sums.subarray(pair * measureCount, (pair + 1) * measureCount),
    });
  }
  return candidates;
}
