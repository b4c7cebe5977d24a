import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SpanFacts } from "@spancost/records";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Database } from "../database.ts";
import { inOnePart } from "../journal/in-parts.ts";
import { Journaled, makeJournal } from "../journaled.ts";
import { Keeper } from "../keeper.ts";
import { settle } from "../settle.ts";
import { SharedLock } from "../shared-lock.ts";
import { compact } from "./compact.ts";
import { Horizon } from "./horizon.ts";
import type { Retained } from "./retained.ts";

/** Lets a test act between the copy and the moment in which it takes the database's place. */
class InterruptedKeeper extends Keeper {
  before: () => Promise<unknown> = async () => undefined;

  override async replace(...args: Parameters<Keeper["replace"]>): Promise<boolean> {
    await this.before();
    return super.replace(...args);
  }
}

let folder = "";
let keeper: InterruptedKeeper;
let retained: Retained;
let journaled: Journaled;
let warnings: string[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "spancost-compact-"));
  warnings = [];
  const file = join(folder, "test.duckdb");
  const scratch = `${file}.scratch`;
  const journalFolder = `${file}.journal`;
  await makeJournal(journalFolder);
  const warn = (sentence: string) => warnings.push(sentence);
  keeper = new InterruptedKeeper(() => Database.open({ file, scratch, hasJournal: true }), warn);
  const writing = new SharedLock();
  const horizon = new Horizon();
  const parts = { keeper, writing, horizon };
  journaled = await Journaled.open({
    folder: journalFolder,
    ...parts,
    afterCommit: async () => undefined,
    warn,
  });
  const settled = async () => {
    await journaled.caughtUp();
    await keeper.use((database) => writing.shared(() => database.connected(settle)));
  };
  const alone: Retained["alone"] = (act) => act();
  retained = { file, scratch, journalFolder, ...parts, alone, settled, closePast: settled };
});
afterEach(async () => {
  await journaled.close();
  await retained.keeper.close();
  rmSync(folder, { recursive: true, force: true });
});

const append = (facts: readonly SpanFacts[]) => inOnePart(() => journaled.begin(), facts);

function calls(from: number, until: number): SpanFacts[] {
  return Array.from({ length: until - from }, (_, nth) => {
    const id = (from + nth + 1).toString(16);
    const startedAt = 1_763_500_000_000_000 + from + nth;
    const facts = {
      traceId: id.padStart(32, "0"),
      spanId: id.padStart(16, "0"),
      startedAt,
      endedAt: startedAt + 1_000,
      name: "chat",
      node: "call",
      kind: 3,
      failed: false,
      modelRequest: false,
      servedFromCache: false,
      usageQuality: "measured",
      costUsd: 1_000_000_000_001n,
      otherCostUsd: 1_000_000_000_001n,
    };
    return facts as unknown as SpanFacts;
  });
}

async function one(sql: string): Promise<unknown> {
  await retained.settled();
  return retained.keeper.use((database) =>
    database.connected(async (connection) => {
      const reader = await connection.runAndReadAll(sql);
      return reader.getRows()[0]?.[0];
    }),
  );
}

const totals = "select count(*) || ' calls, $' || sum(cost_usd) from calls";

function run(sql: string): Promise<unknown> {
  return keeper.use(({ writer }) => retained.writing.shared(() => writer.run(sql)));
}

test("a file with much that is free becomes small, and holds what it held", async () => {
  await append(calls(0, 3_000));
  await retained.settled();
  await run("create table gone as select random() as value from range(2_000_000)");
  await run("checkpoint");
  await run("drop table gone");
  await run("checkpoint");
  const before = statSync(retained.file).size;
  const held = await one(totals);
  expect(await compact(retained)).toBe("done");
  expect(await one(totals)).toBe(held);
  expect(held).toBe("3000 calls, $3000.000000003000");
  expect(before).toBeGreaterThan(15e6);
  expect(statSync(retained.file).size).toBeLessThan(before / 2);
  expect(existsSync(retained.scratch)).toBe(false);
  expect(warnings).toEqual([]);
}, 30_000);

test("what is appended while it is copied is there afterwards, once", async () => {
  await append(calls(0, 5_000));
  await retained.settled();
  let appended = 5_000;
  let done = false;
  const compacting = compact(retained).finally(() => {
    done = true;
  });
  while (!done) {
    await append(calls(appended, appended + 200));
    appended += 200;
    if (appended % 1_000 === 0) await one(totals);
  }
  expect(await compacting).toBe("done");
  expect(appended).toBeGreaterThan(5_200);
  expect(await one("select count(*)::integer from calls")).toBe(appended);
  expect(await one("select count(*)::integer from span_facts")).toBe(appended);
  expect(warnings).toEqual([]);
}, 30_000);

test("who asks after the exchange is answered from all that was there before it, though nothing more came", async () => {
  await append(calls(0, 1_000));
  await retained.settled();
  keeper.before = async () => {
    await append(calls(1_000, 1_500));
    await journaled.caughtUp();
  };
  expect(await compact(retained)).toBe("done");
  keeper.before = async () => undefined;
  expect(await one("select count(*)::integer from calls")).toBe(1_500);
});

test.each([
  "insert into contracts values ('c', '2026-11-20', 'c.yaml', 'prices: []')",
  "create or replace macro chosen_pricing_run() as 7",
  "insert into retention values ('2026-11-20', null)",
])(
  "what only the database has, and not the journal, is not lost to a copy of before: %s",
  async (sql) => {
    await append(calls(0, 1_000));
    await retained.settled();
    await run(
      "create table if not exists retention (spans_from timestamp, records_from timestamp)",
    );
    keeper.before = () => run(sql);
    expect(await compact(retained)).toBe("changed meanwhile");
    const held = () =>
      one(
        "select (select count(*) from contracts) + (select count(*) from retention) + coalesce(chosen_pricing_run(), 0)",
      );
    const before = await held();
    expect(before).toBeGreaterThan(0);
    keeper.before = async () => undefined;
    expect(await compact(retained)).toBe("done");
    expect(await held()).toBe(before);
  },
);

test("a copy is not taken where the journal does not lead on from it", async () => {
  await append(calls(0, 1_000));
  await retained.settled();
  keeper.before = async () => {
    await append(calls(1_000, 1_100));
    await retained.settled();
    for (const name of readdirSync(retained.journalFolder ?? "")) {
      rmSync(join(retained.journalFolder ?? "", name));
    }
  };
  expect(await compact(retained)).toBe("changed meanwhile");
  expect(await one("select count(*)::integer from calls")).toBe(1_100);
});

test("without a journal everybody waits, and nothing is lost", async () => {
  const { writing } = retained;
  await append(calls(0, 1_000));
  await retained.settled();
  await journaled.close();
  const compacting = compact({ ...retained, journalFolder: undefined });
  const written = keeper.use(({ writer }) =>
    writing.shared(() => writer.run("insert into contracts values ('c', now(), 'c', '')")),
  );
  expect(await compacting).toBe("done");
  await written;
  const found = await keeper.use(async ({ writer }) =>
    (await writer.runAndReadAll("select count(*)::integer from contracts")).getRows(),
  );
  expect(found).toEqual([[1]]);
});
