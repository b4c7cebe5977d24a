import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { DuckDBConnection } from "@duckdb/node-api";

const folder = fileURLToPath(new URL("../sql/migrations/", import.meta.url));

/** One step from a schema version to the next. `version` is the number in its file's name. */
interface Migration {
  readonly version: number;
  readonly sql: string;
}

function migrations(): readonly Migration[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .map((name) => ({
      version: Number(name.slice(0, 4)),
      sql: readFileSync(`${folder}${name}`, "utf8"),
    }));
}

/** A database that a newer spancost made. Nothing is changed in it. */
export class NewerSchemaError extends Error {
  override readonly name = "NewerSchemaError";

  constructor(file: string, found: number, known: number) {
    super(
      `${file} has schema version ${found}, made by a newer spancost; this one knows versions up to ${known}. ` +
        "Update spancost, or use another file with --db.",
    );
  }
}

/**
 * Brings the database up to date, each step in a transaction of its own: one that is cut off leaves the
 * version before it.
 */
export async function migrate(connection: DuckDBConnection, file: string): Promise<void> {
  await connection.run(
    "create table if not exists schema_version (version integer not null, applied_at timestamp not null)",
  );
  const reader = await connection.runAndReadAll(
    "select coalesce(max(version), 0) from schema_version",
  );
  const current = Number(reader.getRows()[0]?.[0] ?? 0);
  const steps = migrations();
  const known = Math.max(...steps.map(({ version }) => version));
  if (current > known) throw new NewerSchemaError(file, current, known);
  for (const { version, sql } of steps.filter((step) => step.version > current)) {
    await connection.run("begin");
    await connection.run(sql);
    await connection.run(
      `insert into schema_version values (${version}, current_timestamp at time zone 'UTC')`,
    );
    await connection.run("commit");
  }
}
