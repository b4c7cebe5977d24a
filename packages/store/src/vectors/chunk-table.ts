import { setImmediate as turn } from "node:timers/promises";
import { type DuckDBConnection, DuckDBDataChunk, type DuckDBType } from "@duckdb/node-api";

/** Milliseconds of work after which others have their turn. */
const turnMs = 8;

/** Fills a chunk that is empty: its number of rows and each of its vectors. */
export type Fill = (chunk: DuckDBDataChunk) => void;

/** Appends chunks to one table, in the transaction of a connection. */
export class ChunkTable {
  readonly name: string;
  readonly #types: readonly DuckDBType[];
  readonly #catalog: string | null;
  /** Used again and again: its memory is DuckDB's, of which the garbage collector knows nothing. */
  #chunk: DuckDBDataChunk | undefined;

  /** `types` are those of all columns of the table, in its order. */
  constructor(
    name: string,
    types: readonly DuckDBType[],
    { temporary = false }: { readonly temporary?: boolean } = {},
  ) {
    this.name = name;
    this.#types = types;
    this.#catalog = temporary ? "temp" : null;
  }

  /** Appends a chunk for each of `fills`, as they come. Where it throws, the caller rolls back. */
  async append(
    connection: DuckDBConnection,
    fills: Iterable<Fill> | AsyncIterable<Fill>,
  ): Promise<void> {
    const appender = await connection.createAppender(this.name, null, this.#catalog);
    try {
      let begun = performance.now();
      for await (const fill of fills) {
        this.#chunk ??= DuckDBDataChunk.create(this.#types);
        this.#chunk.reset();
        fill(this.#chunk);
        appender.appendDataChunk(this.#chunk);
        if (performance.now() - begun < turnMs) continue;
        // Whoever waits to be answered has a turn in between.
        await turn();
        begun = performance.now();
      }
    } catch (error) {
      // Otherwise they would be written when the appender is collected, into whatever transaction there is then.
      appender.clear();
      throw error;
    } finally {
      appender.closeSync();
    }
  }
}
