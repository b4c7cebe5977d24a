import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ForeignDatabaseError } from "./foreign-database.ts";
import { Store } from "./store.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "spancost-foreign-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ["others.duckdb", "create table customers (id integer)"],
  // A name that spancost has as well.
  ["spans.duckdb", "create table spans (id integer)"],
  ["view.duckdb", "create view one as select 1"],
  ["table.parquet", `copy (select 1 as a) to '$file' (format parquet)`],
])("%s, which something else made, is refused and stays as it is", async (name, sql) => {
  const file = join(folder, name);
  const instance = await DuckDBInstance.create(name.endsWith(".duckdb") ? file : ":memory:");
  const connection = await instance.connect();
  await connection.run(sql.replace("$file", file));
  connection.closeSync();
  instance.closeSync();
  const before = readFileSync(file);
  const error = new ForeignDatabaseError(file);
  await expect(Store.open(file)).rejects.toThrow(error);
  const withJournal = await Store.open(file, { journal: true });
  await expect(withJournal.ready()).rejects.toThrow(error);
  expect(readFileSync(file).equals(before)).toBe(true);
  expect(readdirSync(folder).filter((each) => each.startsWith(`${name}.`))).toEqual([]);
});
