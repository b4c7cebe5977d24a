import type { DuckDBConnection, DuckDBDataChunk, DuckDBType } from "@duckdb/node-api";
import { ChunkTable, type Fill } from "./chunk-table.ts";
import { chunkRows, type Vector, type VectorWriter, vectorOf } from "./vector.ts";

/** A column of a table: its type, and how the values of rows get into a vector. */
export interface Column<Row> {
  readonly name: string;
  readonly type: DuckDBType;
  write(vector: Vector, rows: readonly Row[], from: number, count: number): void;
  /** The same with the values themselves, which are of the column's type. */
  writeValues(vector: Vector, values: readonly unknown[], count: number): void;
}

const values: unknown[] = new Array(chunkRows);

/** A column whose values are `value(row)`, `undefined` for NULL, written by `writer`. */
export function column<Row, Value>(
  name: string,
  type: DuckDBType,
  writer: VectorWriter<Value>,
  value: (row: Row) => Value | undefined,
): Column<Row> {
  const writeValues = writer as VectorWriter<unknown>;
  return {
    name,
    type,
    writeValues,
    write(vector, rows, from, count) {
      for (let row = 0; row < count; row++) values[row] = value(rows[from + row] as Row);
      writeValues(vector, values, count);
    },
  };
}

/** Appends rows to one table, in the transaction of a connection. */
export class TableWriter<Row> {
  readonly #table: ChunkTable;
  readonly #columns: readonly Column<Row>[];

  /** `columns` are all of the table's, in its order. */
  constructor(
    table: string,
    columns: readonly Column<Row>[],
    options: { readonly temporary?: boolean } = {},
  ) {
    this.#columns = columns;
    this.#table = new ChunkTable(
      table,
      columns.map(({ type }) => type),
      options,
    );
  }

  /** Appends `rows`. Where it throws, the caller rolls back. */
  append(connection: DuckDBConnection, rows: readonly Row[]): Promise<void> {
    return this.appendAll(connection, [rows]);
  }

  /** Appends rows as they come. Where it throws, the caller rolls back. */
  appendAll(
    connection: DuckDBConnection,
    parts: Iterable<readonly Row[]> | AsyncIterable<readonly Row[]>,
  ): Promise<void> {
    return this.appendFilled(connection, this.#fills(parts));
  }

  /** Appends what fills its chunks by itself. Where it throws, the caller rolls back. */
  appendFilled(
    connection: DuckDBConnection,
    fills: Iterable<Fill> | AsyncIterable<Fill>,
  ): Promise<void> {
    return this.#table.append(connection, fills);
  }

  async *#fills(
    parts: Iterable<readonly Row[]> | AsyncIterable<readonly Row[]>,
  ): AsyncGenerator<Fill> {
    for await (const rows of parts) {
      for (let from = 0; from < rows.length; from += chunkRows) {
        yield (chunk) => this.#fill(chunk, rows, from);
      }
    }
  }

  /** Up to a chunk of rows. */
  #fill(chunk: DuckDBDataChunk, rows: readonly Row[], from: number): void {
    const count = Math.min(chunkRows, rows.length - from);
    chunk.rowCount = count;
    for (const [index, each] of this.#columns.entries()) {
      each.write(vectorOf(chunk, index), rows, from, count);
    }
  }
}
