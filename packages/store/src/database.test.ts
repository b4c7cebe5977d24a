import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Database } from "./database.ts";

let database: Database;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "spancost-database-"));
  database = await Database.open({
    file: join(folder, "spans.duckdb"),
    scratch: folder,
    hasJournal: false,
  });
});
afterAll(() => database.close());

async function meansOf(connection: DuckDBConnection) {
  const reader = await connection.runAndReadAll(
    "select current_setting('threads')::integer, current_setting('memory_limit')",
  );
  return reader.getRows()[0];
}

const asked = [1, "244.1 MiB"];
const otherwise = [1, "183.1 MiB"];

test("a question has more memory than there is otherwise", async () => {
  expect(await database.connected(meansOf)).toEqual(otherwise);
  expect(await database.reading(meansOf)).toEqual(asked);
  expect(await database.connected(meansOf)).toEqual(otherwise);
});

test("what is in use beside a question keeps the memory until it is done", async () => {
  await database.connected(async (connection) => {
    await database.reading(meansOf);
    expect(await meansOf(connection)).toEqual(asked);
  });
  expect(await database.connected(meansOf)).toEqual(otherwise);
});

test("of many questions at once each has what questions have, whenever the others end", async () => {
  const all = Array.from({ length: 40 }, (_, nth) =>
    database.reading(async (connection) => {
      await connection.run(`select sum(range) from range(${nth * 1000})`);
      return meansOf(connection);
    }),
  );
  for (const means of await Promise.all(all)) expect(means).toEqual(asked);
  expect(await database.connected(meansOf)).toEqual(otherwise);
});

test("a question that wants more memory than is usual has it, and it is given back", async () => {
  const hungry = "select len(list(i)) from range(20_000_000) numbers(i)";
  let runs = 0;
  const means = await database.reading(async (connection) => {
    runs += 1;
    await connection.runAndReadAll(hungry);
    return meansOf(connection);
  });
  expect([runs, means]).toEqual([2, [1, "953.6 MiB"]]);
  expect(await database.connected(meansOf)).toEqual(otherwise);
});

test("what wants more than there may be fails, and says so", async () => {
  const asking = database.reading((connection) =>
    connection.runAndReadAll("select len(list(i)) from range(200_000_000) numbers(i)"),
  );
  await expect(asking).rejects.toThrow("Out of Memory Error");
  expect(await database.connected(meansOf)).toEqual(otherwise);
});
