import { execFile } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Store } from "@spancost/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeOldDatabase, newestVersion, traces } from "./old-database.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "spancost-migrations-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const everyVersion = Array.from({ length: newestVersion }, (_, index) => index + 1);

/** All that a database of that version held, as anybody reads it today. */
async function holds(file: string, version: number): Promise<void> {
  const store = await Store.open(file);
  const one = async (sql: string) => (await store.readRows(sql)).rows;
  expect(
    await one("select count(*) as versions, max(version) as newest from schema_version"),
  ).toEqual([{ versions: newestVersion, newest: newestVersion }]);
  expect(
    await one(`
      select count(*) as calls, count(distinct trace_id) as traces, sum(cost_usd) as usd,
          sum(input_cost_usd) as input, count(*) filter (priced_at = started_at) as priced,
          count(*) filter (run_id = parent_span_id) as in_runs, min(duration_ms) as ms, min(tags['plan']) as plan
      from cost_records`),
  ).toEqual([
    {
      ...{ calls: traces, traces, usd: `${traces}.000000000040`, input: "16.000000000000" },
      ...{ priced: traces, in_runs: traces, ms: 1500, plan: "pro" },
    },
  ]);
  expect(
    await one(`
      select count(*) as spans, count(*) filter (role = 'agent') as agents, min(duration_ms) as ms,
          count(distinct response_id) as answers
      from spans`),
  ).toEqual([{ spans: 2 * traces, agents: traces, ms: 1500, answers: traces }]);
  const labels =
    "select count(*) as found, min(record_labels.feature) as feature from asked_records join record_labels using (labels_number)";
  expect(await one(labels)).toEqual([{ found: traces, feature: "search" }]);
  const keys = "select count(*) as found from traces where trace_key = trace_key(trace_id)";
  expect(await one(keys)).toEqual([{ found: traces }]);
  const contracts = await one("select contract_id from contracts");
  expect(contracts).toEqual(version >= 2 ? [{ contract_id: "0123456789ab" }] : []);
  expect((await one("select 1 from journal_applied")).length).toBe(version >= 3 ? 1 : 0);
  expect((await one("select 1 from retention")).length).toBe(version >= 5 ? 1 : 0);
  const format =
    "select tags['storage_version'] as format from duckdb_databases() where database_name = current_database()";
  expect(await one(format)).toEqual([{ format: "v1.4.0+" }]);
  await store.close();
}

interface Opened {
  readonly statements: number;
  readonly firstBegin: number;
}

/** @returns `undefined` where it was killed */
async function openInChild(file: string, kill?: number): Promise<Opened | undefined> {
  const script = new URL("./open-in-child.ts", import.meta.url).pathname;
  const args = ["--conditions=spancost-source", script, file, String(kill ?? "never")];
  try {
    return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout) as Opened;
  } catch (error) {
    if ((error as { signal?: string }).signal === "SIGKILL") return undefined;
    throw error;
  }
}

async function copyOf(file: string, name: string): Promise<string> {
  const copy = join(folder, name);
  for (const end of ["", ".wal"]) {
    rmSync(copy + end, { force: true });
    if (existsSync(file + end)) copyFileSync(file + end, copy + end);
  }
  return copy;
}

test.each(everyVersion)("a database of schema version %i is read as it was", async (version) => {
  const file = join(folder, `version-${version}.duckdb`);
  await makeOldDatabase(file, version);
  await holds(file, version);
  // And once more, now that nothing is to be done any more.
  await holds(file, version);
});

/** The statements, from and until, that a database of this version is killed at. */
async function killsOf(
  old: string,
  version: number,
): Promise<readonly [from: number, until: number]> {
  const all = await openInChild(await copyOf(old, "counted.duckdb"));
  if (all === undefined) throw new Error("nobody killed it");
  // Nothing is left to do but to raise the file's format and to set up the connection, as in every other.
  if (version === newestVersion) return [0, all.statements];
  const next = join(folder, `next-${version}.duckdb`);
  await makeOldDatabase(next, version + 1);
  const rest = await openInChild(next);
  // Each step is a transaction: what comes after the first is the same from a database of the next version.
  return [all.firstBegin, all.firstBegin + all.statements - (rest?.statements ?? 0)];
}

test.each(everyVersion)(
  "whatever statement kills the opening of a database of version %i, the next finds everything",
  async (version) => {
    const old = join(folder, `old-${version}.duckdb`);
    await makeOldDatabase(old, version);
    const [from, until] = await killsOf(old, version);
    expect(until - from).toBeGreaterThan(2);
    for (let kill = from; kill < until; kill++) {
      const file = await copyOf(old, `killed-${version}.duckdb`);
      expect(await openInChild(file, kill)).toBeUndefined();
      await holds(file, version);
    }
  },
  240_000,
);
