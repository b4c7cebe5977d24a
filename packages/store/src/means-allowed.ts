import type { DuckDBConnection } from "@duckdb/node-api";

/** What a database may use; what is left out stays as it is. */
export interface Means {
  readonly threads?: number;
  /** What does not fit goes to disk. Without a limit DuckDB takes up to 80 % of the machine. */
  readonly memory?: string | undefined;
}

/** Tells DuckDB what it may use, where that is news: it starts its threads anew each time, which takes two milliseconds. */
export class MeansAllowed {
  #threads: number | undefined;
  #memory: string | undefined;

  async allow(connection: DuckDBConnection, { threads, memory }: Means): Promise<void> {
    if (threads !== undefined && threads !== this.#threads) {
      this.#threads = undefined;
      await connection.run(`set threads = ${threads}`);
      this.#threads = threads;
    }
    if (memory !== undefined && memory !== this.#memory) {
      this.#memory = undefined;
      await connection.run(`set memory_limit = '${memory}'`);
      this.#memory = memory;
    }
  }
}
