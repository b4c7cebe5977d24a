import { readFileSync } from "node:fs";
import type { DuckDBConnection } from "@duckdb/node-api";

const migration = readFileSync("packages/store/sql/migrations/0008-label-sets.sql", "utf8");

/** Makes the table `label_sets` beside a table `calls` that no migration made. */
export async function makeLabelSets(connection: DuckDBConnection): Promise<void> {
  await connection.run(migrationFrom("create table label_sets (", "create temp view"));
}

/** Gives the calls in the table `calls`, which no settling wrote, their label sets. */
export async function numberLabels(connection: DuckDBConnection): Promise<void> {
  await connection.run(migrationFrom("create temp view", "create view"));
}

/** The statements from the first to before the second, which begin like that. */
function migrationFrom(first: string, second: string): string {
  const [from, to] = [migration.indexOf(first), migration.indexOf(second)];
  if (from < 0 || to < from) throw new Error(`the migration has no ${first} … ${second}`);
  return migration.slice(from, to);
}
