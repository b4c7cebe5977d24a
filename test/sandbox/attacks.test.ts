import { fork } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SqlSandbox, Store } from "@spancost/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Appender, callOf, endOf, filesIn } from "./arena.ts";
import { disguises, statements } from "./statements.ts";

let folder: string;
let canary: string;
let store: Store;
let sandbox: SqlSandbox;
let canaryBefore: readonly string[];
let rowsBefore: unknown;
let appender: Appender;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "spancost-attacks-"));
  canary = join(folder, "canary");
  mkdirSync(canary);
  writeFileSync(join(canary, "secret.csv"), "a,b\n1,2\n");
  canaryBefore = filesIn(canary);
  store = await Store.open(join(folder, "spans.duckdb"), { journal: true });
  await store.append(Array.from({ length: 2_000 }, (_, nth) => callOf(1, nth)));
  rowsBefore = await fingerprint();
  sandbox = new SqlSandbox(store);
  appender = new Appender(async (facts) => void (await store.append(facts)));
}, 60_000);

afterAll(async () => {
  await sandbox.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Of the rows that were there before the first attack. */
async function fingerprint(): Promise<unknown> {
  const { rows } = await store.readRows(
    `select
        (select {'n': count(*), 'hash': sum(hash(c))::varchar} from cost_records c where service = 'series 1') as calls,
        (select {'n': count(*), 'hash': sum(hash(s))::varchar} from spans s where service = 'series 1') as spans,
        (select count(*) from duckdb_tables()) as tables,
        (select count(*) from duckdb_views()) as views`,
  );
  return rows[0];
}

const attacks = Object.entries(statements).flatMap(([aim, list]) =>
  list.map((sql) => [aim, sql] as const),
);

test("there are as many attacks as were ever listed", () => {
  expect(attacks.length).toBeGreaterThanOrEqual(102);
});

describe("is refused:", () => {
  test.each(attacks)("what %s: %s", async (_, sql) => {
    // What DuckDB's parser cannot read is no danger, and is told as a mistake.
    expect((await endOf(sandbox, sql.replaceAll("{dir}", canary))).end).toMatch(
      /^(refused|failed)$/,
    );
  });

  test.each(disguises)("repeat() in disguise: %s", async (sql) => {
    const { end, message } = await endOf(sandbox, sql);
    expect([end, message.slice(0, 31)]).toEqual(["refused", "repeat() cannot be used here: i"]);
  });
});

describe("without the gate, the engine itself as it is set up", () => {
  test("changes no row and no file", async () => {
    const copy = join(folder, "copy.duckdb");
    await store.copy(copy);
    const before = filesIn(folder).filter((name) => name.startsWith("copy.duckdb"));
    const list = attacks.map(([, sql]) => sql.replaceAll("{dir}", canary));
    // In a process of their own: one of them ends it, where an exception meets a destructor.
    const reports: string[] = [];
    for (let next = 0; next < list.length; next = reports.length) {
      reports.push(...(await runUngated(copy, list.slice(next))));
    }
    expect(reports).toHaveLength(list.length);
    expect(reports.filter((report) => report === "answered").length).toBeGreaterThan(10);
    expect(filesIn(folder).filter((name) => name.startsWith("copy.duckdb"))).toEqual(before);
  }, 120_000);
});

/** What became of each statement: "answered", "refused", or "ended" as the last of a process that it ended. */
function runUngated(copy: string, list: readonly string[]): Promise<string[]> {
  return new Promise((resolve) => {
    const reports: string[] = [];
    const child = fork("test/sandbox/ungated.ts", [copy], {
      execArgv: ["--conditions=spancost-source"],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    child.on("message", (report) => reports.push(String(report)));
    child.once("exit", () =>
      resolve(reports.length < list.length ? [...reports, "ended"] : reports),
    );
    child.send(list);
  });
}

test("after all of it no file is written, no row changed, and appends went on", async () => {
  const { count, millis } = await appender.stop(0.5, 0.99, 1);
  expect(filesIn(canary)).toEqual(canaryBefore);
  expect(await fingerprint()).toEqual(rowsBefore);
  const { rows } = await store.readRows(
    "select count(*) as spans from spans where service = 'series 2'",
  );
  expect(rows).toEqual([{ spans: count }]);
  console.log(
    `appends during the attacks: ${count} spans, median ${millis[0]?.toFixed(0)} ms, ` +
      `99 % ${millis[1]?.toFixed(0)} ms, slowest ${millis[2]?.toFixed(0)} ms`,
  );
  expect(millis[1]).toBeLessThan(1_000);
}, 60_000);
