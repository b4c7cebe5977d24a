import type { DuckDBResult, DuckDBType } from "@duckdb/node-api";
import type { SqlValue } from "./sql-value.ts";
import { readColumn } from "./vectors/read-column.ts";

/** A result, column names and DuckDB types beside it. */
export interface Rows {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly Readonly<Record<string, SqlValue>>[];
}

/**
 * The rows of a result; where there are more than `most` only the first of them, as many and some more.
 *
 * Of columns with the same name the last wins, as in any object.
 */
export async function rowsOf(result: DuckDBResult, most = Number.POSITIVE_INFINITY): Promise<Rows> {
  const names = result.columnNames();
  const types = result.columnTypes();
  // Copies of one object, whose values are set afterwards, are far faster than as many made name by name.
  const blank: Row = JSON.parse(
    `{${[...new Set(names)].map((name) => `${JSON.stringify(name)}:null`).join()}}`,
  );
  const rows: Row[] = [];
  for await (const chunk of result) {
    const first = rows.length;
    addCopies(rows, blank, chunk.rowCount);
    for (const [index, name] of names.entries()) {
      setColumn(rows, first, name, readColumn(chunk, index, types[index] as DuckDBType));
    }
    if (rows.length > most) break;
  }
  return {
    columns: names.map((name, index) => ({ name, type: String(types[index]) })),
    rows,
  };
}

type Row = Record<string, SqlValue>;

// Loops of their own, which the engine has optimized sooner than all of what is around them.

function addCopies(rows: Row[], blank: Row, count: number): void {
  for (let added = 0; added < count; added++) rows.push({ ...blank });
}

function setColumn(rows: Row[], first: number, name: string, values: readonly SqlValue[]): void {
  for (const [row, value] of values.entries()) (rows[first + row] as Row)[name] = value;
}
