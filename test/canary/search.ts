import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { ReceiverProcess } from "../faults/receiver-process.ts";
import type { Secrets } from "./secrets.ts";

/** Where secrets were found: the place of each, and what it was found in. */
export type Hits = Map<string, Set<string>>;

export function look(
  hits: Hits,
  secrets: Secrets,
  where: string,
  bytes: Uint8Array | string,
): void {
  const found = secrets.foundIn(typeof bytes === "string" ? Buffer.from(bytes) : bytes);
  for (const place of found) hits.set(place, (hits.get(place) ?? new Set()).add(where));
}

/** Raw bytes of all files below a folder. @returns their names */
export function lookInFiles(hits: Hits, secrets: Secrets, folder: string): readonly string[] {
  const names = globSync("**", { cwd: folder }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
  for (const name of names)
    look(hits, secrets, `bytes of ${name}`, readFileSync(join(folder, name)));
  return names;
}

/**
 * Every value of every table of a database, as text: what is compressed shows in no raw bytes.
 *
 * @returns how many tables have rows
 */
export async function lookInTables(hits: Hits, secrets: Secrets, file: string): Promise<number> {
  const instance = await DuckDBInstance.create(file, { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  let filled = 0;
  const tables = await connection.runAndReadAll(
    "select table_name from duckdb_tables() union select view_name from duckdb_views() where not internal",
  );
  for (const [name] of tables.getRows()) {
    const quoted = `"${String(name).replaceAll('"', '""')}"`;
    const rows = await connection.runAndReadAll(`select x::varchar from ${quoted} x`);
    if (rows.currentRowCount > 0) filled += 1;
    look(hits, secrets, `table ${name}`, rows.getRows().join("\n"));
  }
  connection.closeSync();
  instance.closeSync();
  return filled;
}

/** What the page and the API answer. @returns how many answers there were */
export async function lookInAnswers(
  hits: Hits,
  secrets: Secrets,
  receiver: ReceiverProcess,
  traceIds: readonly string[],
): Promise<number> {
  const all = "since=2000-01-01&until=2200-01-01";
  const names = await queryNames(receiver.url);
  const dimensions = "feature,team,user_id,model,service,agent,tool,operation,conversation_id";
  const paths = [
    "",
    "metrics",
    "readyz",
    ...["json", "csv", "markdown", "table", "jsonl"].flatMap((format) => [
      `api/top?by=feature,model&${all}&format=${format}`,
      `api/explain?since=2026-11-01&until=2026-11-21&format=${format}`,
    ]),
    ...dimensions.split(",").map((by) => `api/top?by=${by}&${all}`),
    ...names.map((name) => `api/query?name=${name}&${all}`),
    ...["cost_records", "spans"].map(
      (table) => `api/query?sql=${encodeURIComponent(`from ${table}`)}`,
    ),
    "api/prices-unpriced",
    ...traceIds.map((id) => `api/trace?trace_id=${id}`),
  ];
  let answers = 0;
  for (const path of paths) {
    const response = await fetch(new URL(path, `${receiver.url}/`));
    look(hits, secrets, `/${path.split("?")[0]}`, await response.text());
    if (response.ok) answers += 1;
  }
  return answers;
}

async function queryNames(url: string): Promise<readonly string[]> {
  const response = await fetch(new URL("api/query?list=true", `${url}/`));
  const { rows } = (await response.json()) as { rows: { name?: string; query?: string }[] };
  return rows.map((row) => row.name ?? row.query ?? "");
}
