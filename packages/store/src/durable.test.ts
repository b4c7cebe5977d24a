import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SpanFacts } from "@spancost/records";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { Store } from "./store.ts";

let folder = "";
let file = "";
let warnings: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spancost-durable-"));
  file = join(folder, "test.duckdb");
  warnings = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function call(nth: number, name = "chat"): SpanFacts {
  return {
    traceId: (nth + 1).toString(16).padStart(32, "0"),
    spanId: (nth + 1).toString(16).padStart(16, "0"),
    startedAt: 1_763_500_000_000_000 + nth,
    endedAt: 1_763_500_001_500_000 + nth,
    name,
    node: "call",
    kind: 3,
    failed: false,
    modelRequest: false,
    servedFromCache: false,
    usageQuality: "measured",
    inputTokens: 10,
    outputTokens: 1,
    costUsd: 1_000_000_000_001n,
    otherCostUsd: 1_000_000_000_001n,
  } as unknown as SpanFacts;
}

function calls(from: number, until: number): SpanFacts[] {
  return Array.from({ length: until - from }, (_, nth) => call(from + nth));
}

function opened(options: { journal?: boolean } = { journal: true }): Promise<Store> {
  return Store.open(file, { ...options, warn: (sentence) => warnings.push(sentence) });
}

async function totals(store: Store) {
  const { rows } = await store.readRows(
    "select count(*) as calls, sum(cost_usd) as usd from cost_records",
  );
  return rows[0];
}

/** Opens, does, and ends as a process does that is killed: nothing is put into the database any more. */
async function whileOpen(act: (store: Store) => Promise<unknown>): Promise<void> {
  const store = await opened();
  await act(store);
  await store.close({ drain: false });
}

test("what was acknowledged is in every later read", async () => {
  const store = await opened();
  await store.append(calls(0, 3));
  expect(await totals(store)).toEqual({ calls: 3, usd: "3.000000000003" });
  await store.append(calls(3, 4));
  expect(await totals(store)).toMatchObject({ calls: 4 });
  await store.close();
});

test("what only the journal has is applied when somebody opens the file, once", async () => {
  await whileOpen((store) => store.append(calls(0, 3)));
  for (let time = 0; time < 2; time++) {
    const store = await opened({});
    expect(await totals(store)).toMatchObject({ calls: 3 });
    await store.close();
  }
  expect(warnings).toEqual([]);
});

test("more spans than are kept in memory are applied from the journal", async () => {
  const store = await opened();
  for (let from = 0; from < 90_000; from += 10_000) await store.append(calls(from, from + 10_000));
  expect(await totals(store)).toMatchObject({ calls: 90_000 });
  await store.close();
}, 30_000);

test("in the background a few spans wait for more, half a minute at most", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const store = await opened({ journal: false });
  const settledOf = async (spans: SpanFacts[]) => {
    await store.append(spans);
    return store.settleInBackground();
  };
  expect(await settledOf(calls(0, 3))).toBe(3);
  expect(await settledOf(calls(3, 6))).toBe(0);
  expect(await settledOf(calls(6, 2_003))).toBe(2_000);
  expect(await settledOf(calls(2_003, 2_005))).toBe(0);
  expect(await store.settle()).toBe(2);
  vi.advanceTimersByTime(30_000);
  expect(await settledOf(calls(2_005, 2_007))).toBe(2);
  await store.close();
});

test("who does not wait is answered from what is worked out, and told what is not", async () => {
  const store = await opened();
  expect(await store.settledWithin(0)).toEqual({ spans: undefined, since: undefined });
  await store.append(calls(0, 10));
  expect(await totals(store)).toMatchObject({ calls: 10 });
  const before = Date.now();
  await store.append(calls(10, 30_000));
  const reader = store.reader(undefined, 1);
  const { rows } = await reader.readRows("select count(*) as calls from cost_records");
  const behind = await reader.behind();
  expect(behind?.spans).toBeGreaterThanOrEqual(30_000 - Number(rows[0]?.["calls"]));
  expect(behind?.since).toBeLessThanOrEqual(before);
  expect(await store.settledWithin(60_000)).toBe(undefined);
  expect(await totals(store)).toMatchObject({ calls: 30_000 });
  await store.close();
}, 60_000);

test("a database that is gone is made anew from the journal, and that is told", async () => {
  await whileOpen(async (store) => {
    await store.append(calls(0, 3));
    await totals(store);
  });
  for (const name of readdirSync(folder)) {
    if (name.startsWith("test.duckdb") && !name.endsWith(".journal")) rmSync(join(folder, name));
  }
  const store = await opened({});
  expect(await totals(store)).toMatchObject({ calls: 3, usd: "3.000000000003" });
  await store.close();
  expect(warnings).toEqual([
    `${file} cannot be used (it is gone, or empty): it is made anew from the journal, which goes back to the first span`,
  ]);
});

test("what two snapshots hold is dropped from the journal, and a damaged database made anew from the newer", async () => {
  const store = await opened();
  for (const nth of [0, 1, 2]) {
    await store.append(calls(nth * 10, nth * 10 + 10));
    await store.keepSnapshot(new Date(Date.UTC(2026, 10, 21, nth)));
  }
  await store.append(calls(30, 33));
  await store.close();
  expect(readdirSync(`${file}.snapshots`)).toEqual([
    "2026-11-21T01-00-00Z.duckdb",
    "2026-11-21T01-00-00Z.json",
    "2026-11-21T02-00-00Z.duckdb",
    "2026-11-21T02-00-00Z.json",
  ]);
  writeFileSync(file, "this was a database");
  const again = await opened({});
  expect(await totals(again)).toMatchObject({ calls: 33 });
  await again.close();
  expect(warnings).toEqual([
    expect.stringMatching(
      /: it is made anew from the snapshot of 2026-11-21T02:00:00.000Z and the journal; re-pricings since then are not in it$/,
    ),
  ]);
  const aside = readdirSync(folder).find((name) => name.includes(".damaged-")) ?? "";
  expect(readFileSync(join(folder, aside), "utf8")).toBe("this was a database");
});

test("segments that every snapshot has go, and those that are needed stay", async () => {
  for (const hour of [0, 1, 2]) {
    await whileOpen(async (store) => {
      await store.append(calls(hour * 10, hour * 10 + 10));
      await store.keepSnapshot(new Date(Date.UTC(2026, 10, 21, hour)));
    });
  }
  const segments = readdirSync(`${file}.journal`).filter((name) => name.endsWith(".log"));
  expect(segments.map((name) => Number(name.slice(0, 10)))).toEqual([2, 3]);
  for (const kept of ["2026-11-21T02-00-00Z", "2026-11-21T01-00-00Z"]) {
    rmSync(file);
    rmSync(`${file}.wal`, { force: true });
    const store = await opened({});
    expect(await totals(store)).toMatchObject({ calls: 30 });
    await store.close();
    writeFileSync(`${file}.snapshots/${kept}.duckdb`, "damaged");
  }
});

test("what was there before there was a journal is copied before anything is changed", async () => {
  const before = await opened({});
  await before.append(calls(0, 5));
  await before.close();
  expect(existsSync(`${file}.snapshots`)).toBe(false);
  await whileOpen(async (store) => {
    await store.append(calls(5, 7));
    await totals(store);
  });
  rmSync(file);
  rmSync(`${file}.wal`, { force: true });
  const store = await opened({});
  expect(await totals(store)).toMatchObject({ calls: 7 });
  await store.close();
});

test("a file of somebody else is never moved nor replaced", async () => {
  writeFileSync(file, "a letter");
  const store = await opened();
  await expect(store.ready()).rejects.toThrow(/not a valid DuckDB database file/);
  expect(readFileSync(file, "utf8")).toBe("a letter");
});

test("a block that is damaged is found when it is read, and the database made anew", async () => {
  await whileOpen(async (store) => {
    await store.append(calls(0, 50_000));
    await totals(store);
    await store.keepSnapshot(new Date(Date.UTC(2026, 10, 21)));
  });
  const bytes = readFileSync(file);
  for (let at = 300_000; at < bytes.byteLength; at += 4096) bytes[at] = (bytes[at] as number) ^ 1;
  writeFileSync(file, bytes);
  const store = await opened({});
  expect(await totals(store)).toMatchObject({ calls: 50_000, usd: "50000.000000050000" });
  await store.close();
  expect(warnings.join("\n")).toContain("it is made anew from the snapshot");
}, 30_000);

test("the contract that prices what arrives is known without the database", async () => {
  const contract = { contractId: "0123456789ab", fileName: "c.yaml", text: "prices: []" };
  await whileOpen((store) => store.loadContract(contract));
  rmSync(file);
  rmSync(`${file}.wal`, { force: true });
  const store = await opened({});
  expect(await store.contract()).toEqual(contract);
  const { rows } = await store.readRows("select contract_id from contracts");
  expect(rows).toEqual([{ contract_id: "0123456789ab" }]);
  await store.close();
});

test("a copy is a database of its own, made while appends go on", async () => {
  const store = await opened();
  await store.append(calls(0, 3));
  const out = join(folder, "copy.duckdb");
  const [, appended] = await Promise.all([store.copy(out), store.append(calls(3, 4))]);
  expect(appended).toEqual({ late: 0 });
  const copy = await Store.open(out);
  expect((await totals(copy))?.["calls"]).toBeGreaterThanOrEqual(3);
  await copy.close();
  await store.close();
});

test.skipIf(process.platform === "win32")(
  "while the file is copied, however long it takes, spans are applied and settled; closing breaks it off",
  async () => {
    const store = await opened();
    await store.append(calls(0, 3));
    // A copy into it does not end before somebody reads it.
    const out = join(folder, "pipe");
    execFileSync("mkfifo", [out]);
    const copying = Promise.withResolvers<void>();
    const copied = store.copy(out, undefined, async () => copying.resolve());
    copied.catch(() => undefined);
    await copying.promise;
    for (const nth of [1, 2, 3]) {
      await store.append(calls(nth * 3, nth * 3 + 3));
      expect(await totals(store)).toMatchObject({ calls: nth * 3 + 3 });
    }
    await store.close();
    await expect(copied).rejects.toThrow("aborted");
    const again = await opened({});
    expect(await totals(again)).toMatchObject({ calls: 12 });
    await again.close();
  },
);

test("a snapshot that is taken while spans pour in is as the database was at one moment", async () => {
  const store = await opened();
  let next = 0;
  let isOver = false;
  const pouring = (async () => {
    while (!isOver) {
      await store.append(calls(next, next + 2_000));
      next += 2_000;
      await store.caughtUp();
    }
  })();
  // Each is read back whole and compared.
  for (const nth of [0, 1, 2, 3]) {
    const { calls } = await store.keepSnapshot(new Date(Date.UTC(2026, 10, 21, nth)));
    expect(calls).toBeGreaterThan(0);
  }
  isOver = true;
  await pouring;
  await store.close({ drain: false });
  writeFileSync(file, "this was a database");
  const again = await opened({});
  expect(await totals(again)).toMatchObject({ calls: next });
  await again.close();
}, 60_000);

test("a snapshot for others holds what a store with a journal holds, in one file", async () => {
  const store = await opened();
  await store.append(calls(0, 3));
  const out = join(folder, "out.duckdb");
  await store.snapshot(out);
  await store.close();
  expect(existsSync(`${out}.wal`)).toBe(false);
  const copy = await Store.open(out);
  expect(await totals(copy)).toMatchObject({ calls: 3 });
  await copy.close();
});

test("a copy that was put back in the place of the database is copied before anything is changed", async () => {
  const store = await opened();
  await store.append(calls(0, 5));
  const out = join(folder, "out.duckdb");
  await store.snapshot(out);
  await store.close();
  file = join(folder, "restored.duckdb");
  copyFileSync(out, file);
  await whileOpen(async (restored) => {
    await restored.append(calls(5, 8));
    await totals(restored);
  });
  rmSync(file);
  rmSync(`${file}.wal`, { force: true });
  const again = await opened({});
  expect(await totals(again)).toMatchObject({ calls: 8 });
  await again.close();
});

test.each([
  ["is empty", Buffer.alloc(0)],
  ["holds something else", Buffer.from("not a lock".repeat(2000))],
])("a lock that %s is made anew", async (_, bytes) => {
  await whileOpen((store) => store.append(calls(0, 3)));
  writeFileSync(`${file}.journal/lock`, bytes);
  const store = await opened();
  expect(await totals(store)).toMatchObject({ calls: 3 });
  await store.close();
});

test("a segment whose end is missing is told of, once another one knows how far it went", async () => {
  await whileOpen((store) => store.append(calls(0, 3)));
  await whileOpen((store) => store.append(calls(3, 5)));
  const [first = ""] = readdirSync(`${file}.journal`).filter((name) => name.endsWith(".log"));
  truncateSync(`${file}.journal/${first}`, 20);
  for (const each of [file, `${file}.wal`]) rmSync(each, { force: true });
  const store = await opened();
  expect(await totals(store)).toMatchObject({ calls: 2 });
  expect(warnings.join("\n")).toContain(
    `${first} of the journal ends at byte 8, and once went on to`,
  );
  await store.close();
});

test("a file that stands in the place of a segment is told of", async () => {
  await whileOpen((store) => store.append(calls(0, 3)));
  const [only = ""] = readdirSync(`${file}.journal`).filter((name) => name.endsWith(".log"));
  writeFileSync(`${file}.journal/${only}`, "a letter to somebody");
  for (const each of [file, `${file}.wal`]) rmSync(each, { force: true });
  const store = await opened();
  await totals(store);
  expect(warnings.join("\n")).toContain(`${only} of the journal is no segment any more`);
  await store.close();
});

test("a log that a power loss brought back, of before a checkpoint, is noticed and nothing is in it twice", async () => {
  const old = join(folder, "old.wal");
  const first = await opened();
  await first.append(calls(0, 2));
  await first.close();
  const store = await opened();
  await store.append(calls(2, 3));
  await totals(store);
  await store.append(calls(3, 5));
  await totals(store);
  copyFileSync(`${file}.wal`, old);
  await store.close();
  await whileOpen(async (again) => {
    await again.append(calls(5, 9));
    await totals(again);
    await again.close();
  });
  copyFileSync(old, `${file}.wal`);
  const after = await opened();
  expect(await totals(after)).toEqual({ calls: 9, usd: "9.000000000009" });
  await after.close();
  expect(warnings.join("\n")).toMatch(/checkpoint iteration does not match.*it is made anew/s);
});

test("a database whose damage shows while it is opened is made anew, and who asks meanwhile waits for it", async () => {
  await whileOpen(async (store) => {
    await store.append(calls(0, 2_000));
    await totals(store);
    await store.keepSnapshot(new Date(Date.UTC(2026, 10, 21)));
  });
  // Its headers are whole: that a block is gone shows when it is read.
  truncateSync(file, 3 * 4096);
  const again = await opened({});
  const [first, second] = await Promise.all([totals(again), totals(again)]);
  expect([first, second]).toMatchObject([{ calls: 2_000 }, { calls: 2_000 }]);
  await again.close();
  expect(warnings.join("\n")).toContain("it is made anew from the snapshot");
});

test("whichever block is damaged, who waits for the database to open gets one", async () => {
  const first = await opened();
  await first.append(calls(0, 200));
  await totals(first);
  await first.close();
  const whole = readFileSync(file);
  // Behind three headers of 4 KiB; some blocks are read first once the file is open, and before it is used.
  for (let block = 12_288; block < whole.length; block += 262_144) {
    const damaged = Buffer.from(whole);
    damaged[block + 1_000] = (whole[block + 1_000] ?? 0) ^ 1;
    writeFileSync(file, damaged);
    const store = await opened();
    await store.opened();
    expect([block, await totals(store)]).toMatchObject([block, { calls: 200 }]);
    await store.close();
  }
  expect(warnings.join("\n")).toContain("it is made anew from the journal");
});
