import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { spanFactColumns } from "./columns.ts";
import { SqlError } from "./query.ts";
import { Store } from "./store.ts";

const schemaVersions = readdirSync(new URL("../sql/migrations/", import.meta.url)).length;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spancost-store-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(): string {
  return join(folder, "test.duckdb");
}

test("the appended columns are those of span_facts, in its order", async () => {
  await using store = await opened();
  const { rows } = await store.readRows(
    "select column_name, data_type from duckdb_columns() where table_name = 'span_facts' order by column_index",
  );
  expect(spanFactColumns.map(({ name, type }) => [name, String(type)])).toEqual(
    rows.map((row) => [row["column_name"], row["data_type"]]),
  );
});

test("a file that another process has open is named, and nothing else is done", async () => {
  await using store = await opened();
  const script = `
    const { Store } = await import("@spancost/store");
    await Store.open(process.argv[1]).catch(({ name, message }) => console.log(name, message));`;
  const options = ["--conditions=spancost-source", "--input-type=module", "-e", script];
  const { stdout } = await promisify(execFile)(process.execPath, [...options, store.file]);
  expect(stdout).toBe(`StoreInUseError ${store.file} is in use\n`);
}, 20_000);

test("whoever asks to settle while it is being done shares the next turn", async () => {
  await using store = await opened();
  const first = store.settle();
  await Promise.resolve();
  const second = store.settle();
  expect(store.settle()).toBe(second);
  expect(second).not.toBe(first);
  await Promise.all([first, second]);
});

test("a file is opened once in a process, and again after it was closed", async () => {
  const store = await Store.open(file());
  await expect(Store.open(join(folder, ".", "x", "..", "test.duckdb"))).rejects.toThrow(
    "is in use",
  );
  await store.close();
  await (await Store.open(file())).close();
});

test("a file made by a newer spancost is refused and left as it is", async () => {
  await (await Store.open(file())).close();
  const instance = await DuckDBInstance.create(file());
  const connection = await instance.connect();
  await connection.run("insert into schema_version values (99, now()::timestamp)");
  connection.closeSync();
  instance.closeSync();
  await expect(Store.open(file())).rejects.toThrow(
    `${file()} has schema version 99, made by a newer spancost; this one knows versions up to ${schemaVersions}. ` +
      "Update spancost, or use another file with --db.",
  );
  // Nor is it held: the newer one can open it.
  const { stdout } = await promisify(execFile)(process.execPath, [
    "-e",
    `require("@duckdb/node-api").DuckDBInstance.create(process.argv[1]).then(() => console.log("opened"))`,
    file(),
  ]);
  expect(stdout).toBe("opened\n");
}, 20_000);

test.each([
  ["insert into calls select * from calls"],
  ["delete from span_facts"],
  ["attach 'x.duckdb'"],
  ["set memory_limit = '1kB'"],
  ["select 1; select 2"],
  ["create table t (a integer)"],
  ["drop table no_such_table"],
  ["call pragma_version()"],
  ["pragma database_list"],
  ["/* select */ delete from calls"],
  ["copy calls to 'x.csv'"],
  [""],
  ["-- nothing"],
])("%j is no query", async (sql) => {
  await using store = await opened();
  await expect(store.readRows(sql)).rejects.toThrow(
    "only a single SELECT can be run here; for anything else use duckdb on a snapshot",
  );
});

test("what a SELECT is not, EXPLAIN ANALYZE cannot run either", async () => {
  await using store = await opened();
  await expect(store.readRows("explain analyze delete from schema_version")).rejects.toThrow(
    "transaction is launched in read-only mode",
  );
  const { rows } = await store.readRows("select count(*) as versions from schema_version");
  expect(rows).toEqual([{ versions: schemaVersions }]);
});

test("an answer that would fill the memory is refused", async () => {
  await using store = await opened();
  await expect(store.readRows("select 1, 2, 3, 4 from range(1000000000000)")).rejects.toThrow(
    "The answer has more than 1,000,000 rows of 4 columns. " +
      "Add a limit, or take a snapshot and ask it with duckdb.",
  );
});

test.each([
  ["select * from read_text('/etc/hostname')"],
  ["select * from 'package.json'"],
  ["select * from read_csv('https://example.com/x.csv')"],
  ["select * from glob('/*')"],
])("%s cannot leave the database", async (sql) => {
  await using store = await opened();
  await expect(store.readRows(sql)).rejects.toThrow(/Permission Error|disabled by configuration/);
});

test.each([
  ["select from where", "Parser Error: syntax error at or near"],
  ["select nothing from cost_records", 'Binder Error: Referenced column "nothing" not found'],
  ["select 1 / 'x'", "Conversion Error: Could not convert string 'x'"],
])("%s is refused in DuckDB's own words", async (sql, words) => {
  await using store = await opened();
  const refused = store.readRows(sql);
  await expect(refused).rejects.toThrow(SqlError);
  await expect(refused).rejects.toThrow(words);
});

test("values come back exact", async () => {
  await using store = await opened();
  const { columns, rows } = await store.readRows(`
    select 123456.123456789012::decimal(18, 12) as money, 12::bigint as count,
      9007199254740993::bigint as large, timestamp '2026-11-19 14:10:00' as at,
      timestamp '2026-11-19 14:10:00.250' as later, map {'a': 'b'} as tags, [1, 2] as list, null as nothing`);
  expect(columns.map(({ type }) => type).slice(0, 2)).toEqual(["DECIMAL(18,12)", "BIGINT"]);
  expect(rows).toEqual([
    {
      money: "123456.123456789012",
      count: 12,
      large: 9007199254740993n,
      at: "2026-11-19T14:10:00Z",
      later: "2026-11-19T14:10:00.25Z",
      tags: { a: "b" },
      list: [1, 2],
      nothing: null,
    },
  ]);
});

test("variables are values, never SQL", async () => {
  await using store = await opened();
  const { rows } = await store.readRows(
    "select getvariable('name') as name, getvariable('since') as since, getvariable('unset') as unset",
    { name: "it's; drop table calls", since: "2026-11-19T14:10:00Z", unset: undefined },
  );
  expect(rows).toEqual([
    { name: "it's; drop table calls", since: "2026-11-19T14:10:00Z", unset: null },
  ]);
  const texts = { where_0: ["2026-11-19T14:10:00Z", "b"], user_id: "2026-11-19T14:10:00Z" };
  const typed =
    "select typeof(getvariable('where_0')) as list, typeof(getvariable('user_id')) as text";
  expect((await store.readRows(typed, texts)).rows).toEqual([
    { list: "VARCHAR[]", text: "VARCHAR" },
  ]);
  await expect(store.readRows("select 1", { "x = 1; drop table calls; --": 1 })).rejects.toThrow(
    "x = 1; drop table calls; -- is no name of a variable",
  );
});

test("a query is broken off by its signal", async () => {
  await using store = await opened();
  const signal = AbortSignal.timeout(200);
  const hours = "select count(*) from range(1000000000000) t(a) where a * a % 25257 = 3";
  await expect(store.readRows(hours, {}, signal)).rejects.toThrow("INTERRUPT");
}, 10_000);

test("a store is closed without waiting for the end of a long query", async () => {
  const store = await Store.open(file());
  const hours = store.readRows(
    "select count(*) from range(1000000000000) t(a) where a * a % 25257 = 3",
  );
  const broken = expect(hours).rejects.toThrow("INTERRUPT");
  await setTimeout(200);
  await store.close();
  await broken;
  await (await Store.open(file())).close();
}, 10_000);

test("a snapshot is a database of its own", async () => {
  await using store = await opened();
  const out = join(folder, "it's a snapshot.duckdb");
  await store.snapshot(out);
  const copy = await Store.open(out);
  const { rows } = await copy.readRows("select count(*) as calls from cost_records");
  await copy.close();
  expect(rows).toEqual([{ calls: 0 }]);
  expect(readdirSync(folder).filter((name) => name.includes("scratch"))).toEqual([]);
});

/** A store that is closed at the end of its test. */
async function opened() {
  const store = await Store.open(file());
  return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() });
}
