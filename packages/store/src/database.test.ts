import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
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

/** The memory is given back a while after the last question. */
async function expectCalm() {
  await vi.waitFor(async () => expect(await database.connected(meansOf)).toEqual(otherwise), 5_000);
}

test("a question has more memory than there is otherwise", async () => {
  expect(await database.connected(meansOf)).toEqual(otherwise);
  expect(await database.reading(meansOf)).toEqual(asked);
  await expectCalm();
});

test("what a question has read, the next need not read anew", async () => {
  await database.reading(meansOf);
  expect((await database.connected(meansOf))?.[1]).toEqual(asked[1]);
  await expectCalm();
});

test("what is in use beside a question keeps the memory until it is done", async () => {
  await database.connected(async (connection) => {
    await database.reading(meansOf);
    expect(await meansOf(connection)).toEqual(asked);
  });
  await expectCalm();
});

test("of many questions at once each has what questions have, whenever the others end", async () => {
  const all = Array.from({ length: 40 }, (_, nth) =>
    database.reading(async (connection) => {
      await connection.run(`select sum(range) from range(${nth * 1000})`);
      return meansOf(connection);
    }),
  );
  for (const means of await Promise.all(all)) expect(means).toEqual(asked);
  await expectCalm();
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
  await expectCalm();
});

test("what wants more than there may be fails, and says so", async () => {
  const asking = database.reading((connection) =>
    connection.runAndReadAll("select len(list(i)) from range(200_000_000) numbers(i)"),
  );
  await expect(asking).rejects.toThrow("Out of Memory Error");
  await expectCalm();
});

test("what is done once more with much memory keeps it when a question comes", async () => {
  let runs = 0;
  const means = await database.connected((connection) =>
    database.withEnough(connection, async () => {
      runs += 1;
      if (runs === 1) throw new Error("Out of Memory Error: could not allocate");
      await database.reading(async () => undefined);
      return meansOf(connection);
    }),
  );
  expect([runs, means]).toEqual([2, [1, "953.6 MiB"]]);
  await expectCalm();
});

test("no more than two questions run at once, and one that is left lets the next begin", async () => {
  const gone = new AbortController();
  let running = 0;
  let most = 0;
  const questions = Array.from({ length: 6 }, (_, nth) =>
    database.reading(
      async () => {
        running += 1;
        most = Math.max(most, running);
        await delay(10);
        running -= 1;
      },
      nth === 3 ? gone.signal : undefined,
    ),
  );
  gone.abort(new Error("gone"));
  const outcomes = await Promise.allSettled(questions);
  expect(outcomes.map(({ status }) => status === "fulfilled")).toEqual(
    questions.map((_, nth) => nth !== 3),
  );
  expect(most).toBe(2);
});

test("a question is broken off at whatever moment its asker leaves", async () => {
  const slow = "select count(*) from range(100_000_000) t(a) where a * a % 25257 = 3";
  const answered: number[] = [];
  for (let nth = 0; nth < 12; nth += 1) {
    const gone = new AbortController();
    const asking = database
      .reading((connection) => connection.run(slow), gone.signal)
      .then(() => answered.push(nth))
      .catch(() => undefined);
    const until = performance.now() + nth * 0.3;
    while (performance.now() < until) await turn();
    gone.abort();
    await asking;
  }
  expect(answered).toEqual([]);
}, 30_000);
