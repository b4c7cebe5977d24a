import type { Variables } from "./query.ts";
import type { Rows } from "./rows.ts";
import type { Behind } from "./settled-within.ts";

/** What answers questions about everything that was appended before the first of them, but for what it says. */
export interface StoreReader {
  /** What was acknowledged before and is not in the answers, or `undefined` for nothing. */
  behind(): Promise<Behind | undefined>;
  /**
   * Runs one SELECT.
   *
   * @throws NotAQueryError for other statements, SqlError for what DuckDB refuses
   */
  readRows(sql: string, variables?: Variables): Promise<Rows>;
}
