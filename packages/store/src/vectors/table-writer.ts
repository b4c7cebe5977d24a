import { setImmediate as turn } from "node:timers/promises";
import {
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
} from "@duckdb/node-api";
import { chunkRows, type Vector, type VectorWriter, vectorOf } from "./vector.ts";

/** A column of a table: its type, and how the values of rows get into a vector. */
export interface Column<Row> {
  readonly name: string;
  readonly type: DuckDBType;
  write(vector: Vector, rows: readonly Row[], from: number, count: number): void;
}

/** Milliseconds of work after which others have their turn. */
const turnMs = 8;

const values: unknown[] = new Array(chunkRows);

/** A column whose values are `value(row)`, `undefined` for NULL, written by `writer`. */
export function column<Row, Value>(
  name: string,
  type: DuckDBType,
  writer: VectorWriter<Value>,
  value: (row: Row) => Value | undefined,
): Column<Row> {
  return {
    name,
    type,
    write(vector, rows, from, count) {
      for (let row = 0; row < count; row++) values[row] = value(rows[from + row] as Row);
      writer(vector, values as readonly (Value | undefined)[], count);
    },
  };
}

/** Appends rows to one table, in the transaction of a connection. */
export class TableWriter<Row> {
  readonly table: string;
  readonly #catalog: string | null;
  readonly #columns: readonly Column<Row>[];
  /** Used again and again: its memory is DuckDB's, of which the garbage collector knows nothing. */
  #chunk: DuckDBDataChunk | undefined;

  /** `columns` are all of the table's, in its order. */
  constructor(
    table: string,
    columns: readonly Column<Row>[],
    { temporary = false }: { readonly temporary?: boolean } = {},
  ) {
    this.table = table;
    this.#columns = columns;
    this.#catalog = temporary ? "temp" : null;
  }

  /** Appends `rows`. Where it throws, the caller rolls back. */
  async append(connection: DuckDBConnection, rows: readonly Row[]): Promise<void> {
    await this.appendAll(connection, [rows]);
  }

  /** Appends rows as they come. Where it throws, the caller rolls back. */
  async appendAll(
    connection: DuckDBConnection,
    parts: Iterable<readonly Row[]> | AsyncIterable<readonly Row[]>,
  ): Promise<void> {
    const appender = await connection.createAppender(this.table, null, this.#catalog);
    try {
      let begun = performance.now();
      for await (const rows of parts) {
        for (let from = 0; from < rows.length; from += chunkRows) {
          this.#append(appender, rows, from);
          if (performance.now() - begun < turnMs) continue;
          // Whoever waits to be answered has a turn in between.
          await turn();
          begun = performance.now();
        }
      }
    } catch (error) {
      // Otherwise they would be written when the appender is collected, into whatever transaction there is then.
      appender.clear();
      throw error;
    } finally {
      appender.closeSync();
    }
  }

  /** Up to a chunk of rows. */
  #append(appender: DuckDBAppender, rows: readonly Row[], from: number): void {
    this.#chunk ??= DuckDBDataChunk.create(this.#columns.map(({ type }) => type));
    const count = Math.min(chunkRows, rows.length - from);
    this.#chunk.reset();
    this.#chunk.rowCount = count;
    for (const [index, each] of this.#columns.entries()) {
      each.write(vectorOf(this.#chunk, index), rows, from, count);
    }
    appender.appendDataChunk(this.#chunk);
  }
}
