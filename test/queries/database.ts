import { globSync, readFileSync } from "node:fs";
import { type DuckDBConnection, DuckDBInstance, type Json } from "@duckdb/node-api";
import type { Table, Variables } from "./script.ts";

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
  view: "calls" | "spans",
  table: Table,
): Promise<void> {
  for (const cells of table.rows) {
    spansMade += 1;
    const row = Object.fromEntries(table.columns.map((column, index) => [column, cells[index]]));
    row["span_id"] ??= `span${spansMade}`;
    if (view === "calls") await insertRow(connection, "calls", row);
    else {
      await insertRow(connection, "span_facts", row);
      await insertRow(connection, "span_roles", row);
    }
  }
}

async function insertRow(
  connection: DuckDBConnection,
  table: string,
  row: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const columns = await connection.runAndReadAll(`
    select column_name, data_type, is_nullable = 'NO'
    from information_schema.columns where table_name = '${table}'`);
  const names: string[] = [];
  const values: string[] = [];
  for (const [name, type, isNeeded] of columns.getRows()) {
    const usual = usualValues[String(name)] ?? emptyValues[String(type)] ?? "0";
    const value = row[String(name)] ?? (isNeeded ? usual : "NULL");
    names.push(String(name));
    values.push(value === "NULL" ? "null" : `'${value.replaceAll("'", "''")}'`);
  }
  await connection.run(`insert into ${table} (${names.join(", ")}) values (${values.join(", ")})`);
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
