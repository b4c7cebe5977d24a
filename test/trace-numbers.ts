import { readFileSync } from "node:fs";
import type { DuckDBConnection } from "@duckdb/node-api";

const migration = readFileSync("packages/store/sql/migrations/0009-trace-numbers.sql", "utf8");

/** Gives the calls in the table `calls`, which no settling wrote, the numbers of their traces. */
export async function numberTraces(connection: DuckDBConnection): Promise<void> {
  const [number] =
    /^create temp table numbered_traces[\s\S]*?^update calls$[\s\S]*?;/m.exec(migration) ?? [];
  if (number === undefined) throw new Error("the migration numbers no traces");
  await connection.run("alter table calls add column if not exists trace_number bigint");
  await connection.run(`${number} drop table numbered_traces`);
}
