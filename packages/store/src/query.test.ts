import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Store } from "./store.ts";

let folder = "";
let store: Store;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "spancost-query-"));
  store = await Store.open(join(folder, "test.duckdb"));
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

test("an answer that fails at a late row is a failure, and not its first rows", async () => {
  const late = "case when i = 250000 then error('late') else i end";
  await expect(store.readRows(`select ${late} as n from range(300000) t(i)`)).rejects.toThrow(
    "late",
  );
});

test("an answer that wants more memory at a late row has it", async () => {
  const hungry = "select len(list(i)) from range(20_000_000) t(i)";
  const { rows } = await store.readRows(
    `select i as n from range(300000) t(i) union all ${hungry}`,
  );
  expect([rows.length, rows.at(-1)]).toEqual([300_001, { n: 20_000_000 }]);
});

test("an answer of too many rows is refused, however many there would be", async () => {
  await expect(store.readRows("select i from range(1_000_000_000_000) t(i)")).rejects.toThrow(
    "The answer has more than 4,000,000 rows",
  );
}, 30_000);
