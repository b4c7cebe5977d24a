import { readFileSync } from "node:fs";
import type { DuckDBConnection } from "@duckdb/node-api";

const migration = readFileSync("packages/store/sql/migrations/0010-compared-records.sql", "utf8");

/** Makes the views that questions which compare read, on `labelled_records`, `cost_records` and `label_sets` that no migration made. */
export async function makeComparedRecords(connection: DuckDBConnection): Promise<void> {
  await connection.run(migration);
}
