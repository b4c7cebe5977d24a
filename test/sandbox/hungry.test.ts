import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SqlSandbox, Store } from "@spancost/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Appender, callOf, endOf, MemoryWatch } from "./arena.ts";
import { hungry } from "./hungry.ts";

const timeoutMillis = 1_000;
const mebibyte = 1024 * 1024;

let folder: string;
let store: Store;
let sandbox: SqlSandbox;
let appender: Appender;
let highest = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "spancost-hungry-"));
  store = await Store.open(join(folder, "spans.duckdb"), { journal: true });
  await store.append(Array.from({ length: 2_000 }, (_, nth) => callOf(1, nth)));
  // One that nothing is added to, so that what is measured is the questions and not the copies.
  const still = join(folder, "still.duckdb");
  await store.copy(still);
  sandbox = new SqlSandbox(
    {
      file: still,
      settledWithin: async () => undefined,
      copy: async (out) => void copyFileSync(still, out),
      mend: (error) => Promise.reject(error),
    },
    { timeoutMillis },
  );
  appender = new Appender(async (facts) => void (await store.append(facts)));
}, 60_000);

afterAll(async () => {
  await sandbox.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

test("there are as many cases as were ever listed", () => {
  expect(hungry.length).toBeGreaterThanOrEqual(31);
});

test.each(hungry)(
  "%s comes to its end in time, and within its memory",
  async (_, sql, ends) => {
    // The process that the case before has used up is replaced first.
    await sandbox.ask("select 1");
    const watch = new MemoryWatch();
    const started = performance.now();
    const { end, message } = await endOf(sandbox, sql);
    const millis = performance.now() - started;
    const megabytes = watch.stop() / mebibyte;
    highest = Math.max(highest, megabytes);
    expect(ends, message).toContain(end);
    expect(millis).toBeLessThan(timeoutMillis + 1_500);
    expect(megabytes).toBeLessThan(600);
  },
  30_000,
);

test("meanwhile appends went on", async () => {
  const { count, millis } = await appender.stop(0.5, 0.99, 1);
  const [median = 0, most = 0, slowest = 0] = millis;
  console.log(
    `appends meanwhile: ${count} spans, median ${median.toFixed(0)} ms, 99 % ${most.toFixed(0)} ms, ` +
      `slowest ${slowest.toFixed(0)} ms; most memory of a process ${highest.toFixed(0)} MB`,
  );
  expect(most).toBeLessThan(1_000);
  expect(highest).toBeGreaterThan(100);
}, 60_000);
