import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { afterAll, expect, test } from "vitest";
import { migrate } from "../../packages/store/src/migrations.ts";
import { openCopy } from "../../packages/store/src/sandbox/open-copy.ts";
import { ask, emptyDatabase, insert } from "./database.ts";

const folder = mkdtempSync(join(tmpdir(), "spancost-compared-"));
afterAll(() => rmSync(folder, { recursive: true }));

const calls = {
  columns: ["trace_id", "started_at", "feature", "retry_count", "cost_usd"],
  rows: [
    ["a", "2026-11-08 12:30:00", "chat", "0", "1"],
    ["b", "2026-11-09 12:30:00", "search", "1", "2"],
    ["c", "2026-11-10 12:30:00", "chat", "NULL", "4"],
    ["d", "2026-11-10 12:40:00", "NULL", "0", "8"],
  ],
};
const window = { since: "2026-11-10 12:00:00", until: "2026-11-10 13:00:00" };

/** A file with these calls that was closed again. */
async function fileOf(name: string): Promise<string> {
  const file = join(folder, name);
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await migrate(connection, file);
  await insert(connection, "calls", calls);
  connection.closeSync();
  instance.closeSync();
  return file;
}

async function traces(
  connection: DuckDBConnection,
  variables: Readonly<Record<string, string>>,
): Promise<string> {
  const sql = "select string_agg(trace_id, '' order by trace_id) as found from asked_records";
  return String((await ask(connection, sql, variables))[0]?.["found"]);
}

test("each question sees the views as it set its variables, in a file and in a copy that nobody can write", async () => {
  const file = await fileOf("calls.duckdb");
  const opened = [
    () => DuckDBInstance.create(file),
    () => openCopy(file, { engineMegabytes: 100, threads: 1 }),
  ];
  for (const open of opened) {
    const instance = await open();
    const connection = await instance.connect();
    expect(await traces(connection, {})).toBe("abcd");
    expect(await traces(connection, { ...window, feature: "chat" })).toBe("ac");
    expect(await traces(connection, { ...window, feature: "(none)" })).toBe("d");
    expect(await traces(connection, { ...window, retry_count: "1" })).toBe("b");
    expect(await traces(connection, { ...window, baseline_days: "1" })).toBe("bcd");
    expect(await traces(connection, {})).toBe("abcd");
    connection.closeSync();
    instance.closeSync();
  }
});

test("an instant is in the window, in a period of its baseline, or between them", async () => {
  const connection = await emptyDatabase();
  const sql = `
    select period_of(timestamp '2026-11-10 12:59:59.999999') as window, period_of(timestamp '2026-11-10 13:00:00') as after,
        period_of(timestamp '2026-11-09 12:00:00') as first, period_of(timestamp '2026-11-09 13:00:00') as between,
        period_of(timestamp '2026-11-01 12:30:00') as ninth`;
  const found = async (variables: Readonly<Record<string, string>>) =>
    Object.values((await ask(connection, sql, variables))[0] ?? {}).map(
      (period) => period && Number(period),
    );
  expect(await found(window)).toEqual([0, null, 1, null, null]);
  expect(await found({ ...window, baseline_days: "2,3" })).toEqual([0, null, null, null, null]);
  expect(await found({ ...window, baseline_days: "1,2,3,4,5,6,7,8,9" })).toEqual([
    ...[0, null, 1, null, 9],
  ]);
  const named = { baseline_since: "2026-11-09 13:00:00", baseline_until: "2026-11-09 14:00:00" };
  expect(await found({ ...window, ...named })).toEqual([0, null, null, 1, null]);
  expect(await found({})).toEqual([null, null, null, null, null]);
});

test("spikes are told by any column, and by what is made of columns", async () => {
  const connection = await emptyDatabase();
  await insert(connection, "calls", calls);
  const by = async (dimension: string) =>
    ask(
      connection,
      `select value, cost_usd, baseline_cost_usd from spike_by(${dimension}) order by value nulls last`,
      { ...window, baseline_days: "1,2" },
    );
  expect(await by("upper(feature)")).toEqual([
    { value: "CHAT", cost_usd: "4.000000000000", baseline_cost_usd: "0.500000000000" },
    { value: "SEARCH", cost_usd: "0.000000000000", baseline_cost_usd: "1.000000000000" },
    { value: null, cost_usd: "8.000000000000", baseline_cost_usd: "0.000000000000" },
  ]);
  expect((await by("retry_count")).map(({ value }) => value)).toEqual([0, 1, null]);
});
