import { globSync, readFileSync } from "node:fs";
import { type DuckDBConnection, DuckDBInstance, type Json } from "@duckdb/node-api";
import { markRepeatedAttempts } from "../repeated-attempts.ts";
import { numberTraces } from "../trace-numbers.ts";
import type { FilledTable, Table, Variables } from "./script.ts";

/** An empty database with the schema that the store makes. */
export async function emptyDatabase(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  for (const migration of globSync("packages/store/sql/migrations/*.sql").sort()) {
    await connection.run(readFileSync(migration, "utf8"));
  }
  return connection;
}

const usualValues: Readonly<Record<string, string>> = {
  started_at: "2026-11-10 12:00:00",
  ended_at: "2026-11-10 12:00:01",
  made_at: "2026-11-20 12:00:00",
  duration_ms: "1000",
  status: "ok",
  loop_iteration: "1",
  usage_quality: "measured",
  told_by: "1",
  node: "other",
  record_kind: "model",
};

const emptyValues: Readonly<Record<string, string>> = { VARCHAR: "", BOOLEAN: "false" };

let spansMade = 0;

/** Puts rows into the tables behind the view, columns that must be set and are not with usual values. */
export async function insert(
  connection: DuckDBConnection,
  view: FilledTable,
  table: Table,
): Promise<void> {
  const rows = table.rows.map((cells): Row => {
    spansMade += 1;
    const row = Object.fromEntries(table.columns.map((column, index) => [column, cells[index]]));
    return { ...row, span_id: row["span_id"] ?? `span${spansMade}` };
  });
  if (view !== "spans") {
    await insertRows(connection, view, rows);
    if (view === "calls") {
      await markRepeatedAttempts(connection);
      await numberTraces(connection);
    }
    return;
  }
  await insertRows(connection, "span_facts", rows);
  await insertRows(connection, "span_roles", rows);
}

type Row = Readonly<Record<string, string | undefined>>;

async function insertRows(
  connection: DuckDBConnection,
  table: string,
  rows: readonly Row[],
): Promise<void> {
  const found = await connection.runAndReadAll(`
    select column_name, data_type, is_nullable = 'NO'
    from information_schema.columns where table_name = '${table}'`);
  const columns = found.getRows();
  const values = rows.map((row) => {
    const cells = columns.map(([name, type, isNeeded]) => {
      const usual = usualValues[String(name)] ?? emptyValues[String(type)] ?? "0";
      const value = row[String(name)] ?? (isNeeded ? usual : "NULL");
      return value === "NULL" ? "null" : `'${value.replaceAll("'", "''")}'`;
    });
    return `(${cells.join(", ")})`;
  });
  const names = columns.map(([name]) => String(name)).join(", ");
  await connection.run(`insert into ${table} (${names}) values ${values.join(", ")}`);
}

/** Runs a statement with variables set as texts, as a shell would, and unsets them again. */
export async function ask(
  connection: DuckDBConnection,
  sql: string,
  variables: Variables,
): Promise<Record<string, Json>[]> {
  for (const [name, value] of Object.entries(variables)) {
    await connection.run(`set variable ${name} = '${value}'`);
  }
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    for (const name of Object.keys(variables)) await connection.run(`reset variable ${name}`);
  }
}
