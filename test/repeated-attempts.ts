import { readFileSync } from "node:fs";
import type { DuckDBConnection } from "@duckdb/node-api";

const migration = readFileSync("packages/store/sql/migrations/0007-repeated-attempts.sql", "utf8");

/** Says of the calls in the table `calls`, which no settling wrote, which of them repeat others. */
export async function markRepeatedAttempts(connection: DuckDBConnection): Promise<void> {
  const [update] = /^update calls$[\s\S]*?;/m.exec(migration) ?? [];
  if (update === undefined) throw new Error("the migration updates no calls");
  await connection.run(update);
}
