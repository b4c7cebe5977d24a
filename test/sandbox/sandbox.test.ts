import { fork } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { SqlSandbox, Store } from "@spancost/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callOf, childrenForSql } from "./arena.ts";

let folder: string;
let store: Store;
let sandbox: SqlSandbox;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "spancost-sandbox-"));
  store = await Store.open(join(folder, "spans.duckdb"), { journal: true });
  sandbox = new SqlSandbox(store);
});

afterEach(async () => {
  await sandbox.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const count = "select count(*) as calls from cost_records";
const endless = "select count(*) from range(1000000000000) t(a) where a * a % 25257 = 3";

async function calls(): Promise<unknown> {
  return (await sandbox.ask(count)).rows[0]?.["calls"];
}

/** Puts other bytes behind the file's headers. */
function overwrite(file: string): void {
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0xa5, 3 * 4096));
}

/** Resolves when there are as many processes for SQL, or fails. */
async function untilProcesses(wanted: number): Promise<void> {
  for (let tries = 0; childrenForSql().length !== wanted; tries += 1) {
    expect(tries, `${childrenForSql().length} processes, not ${wanted}`).toBeLessThan(200);
    await delay(25);
  }
}

function copies(): string[] {
  const scratch = join(folder, "spans.duckdb.scratch");
  return existsSync(scratch)
    ? readdirSync(scratch).filter((name) => name.startsWith("asked-"))
    : [];
}

describe("an answer", () => {
  test("is what the store itself would answer, to the last digit", async () => {
    await store.append([callOf(1, 1)]);
    const sql = `select 123456.123456789012::decimal(18, 12) as money, 9007199254740993::bigint as large,
      timestamp '2026-11-19 14:10:00.25' as at, map {'a': 'b'} as tags, [1, null] as list, {'a': 1.5} as struct,
      null as nothing, 'ä' || chr(0) as text, 0.1::double as approximate, x.* from cost_records x`;
    const { columns, rows } = await sandbox.ask(sql);
    expect({ columns, rows }).toEqual(await store.readRows(sql));
    expect(rows[0]?.["large"]).toBe(9007199254740993n);
  });

  test("that fails at a late row is a failure, and not its first rows", async () => {
    const late = "(n || case when n = 80000 then 'x' else '' end)::integer";
    const sql = `select '${"x".repeat(120)}' as text, ${late} as n from range(90000) t(n)`;
    await expect(sandbox.ask(sql)).rejects.toThrow(/80000x/);
  });

  test("has variables as the store would set them", async () => {
    const sql = "select getvariable('since') as since, typeof(getvariable('since')) as type";
    const { rows } = await sandbox.ask(sql, { since: "2026-11-19T14:10:00Z" });
    expect(rows).toEqual([{ since: "2026-11-19T14:10:00Z", type: "TIMESTAMP" }]);
    expect((await sandbox.ask(sql)).rows).toEqual([{ since: null, type: '"NULL"' }]);
  });

  test("shows what was appended before it was asked for, and says since when", async () => {
    for (const nth of [1, 2, 3]) {
      await store.append([callOf(1, nth)]);
      const before = Date.now();
      const { rows, asOf } = await sandbox.ask(count);
      expect(rows).toEqual([{ calls: nth }]);
      expect(asOf).toBeGreaterThanOrEqual(before);
    }
  });

  test("of a store in memory is an answer too", async () => {
    const inMemory = await Store.open(":memory:");
    const own = new SqlSandbox(inMemory);
    await inMemory.append([callOf(1, 1)]);
    expect((await own.ask(count)).rows).toEqual([{ calls: 1 }]);
    await own.close();
    await inMemory.close();
  });
});

describe("a copy", () => {
  test("is kept as long as nothing changes, and there is one", async () => {
    await store.append([callOf(1, 1)]);
    await calls();
    const first = copies();
    await calls();
    await delay(1_500);
    await calls();
    expect([first.length, copies()]).toEqual([1, first]);
    await store.append([callOf(1, 2)]);
    expect(await calls()).toBe(2);
    expect([copies().length, copies()[0] === first[0]]).toEqual([1, false]);
  });

  test("of a large database may be older than the question, and then says so", async () => {
    await sandbox.close();
    sandbox = new SqlSandbox(store, { smallCopyBytes: 0 });
    await store.append([callOf(1, 1)]);
    const first = await sandbox.ask(count);
    await store.append([callOf(1, 2)]);
    const second = await sandbox.ask(count);
    expect([second.rows, second.asOf]).toEqual([[{ calls: 1 }], first.asOf]);
    sandbox.renew();
    const third = await sandbox.ask(count);
    expect([third.rows, third.asOf > first.asOf]).toEqual([[{ calls: 2 }], true]);
  });

  test("that a receiver left behind which was killed is removed by the next", async () => {
    await sandbox.close();
    const scratch = join(folder, "spans.duckdb.scratch");
    mkdirSync(scratch, { recursive: true });
    for (const name of ["asked-1-1.duckdb", "asked-1-1.duckdb.wal", "other"]) {
      writeFileSync(join(scratch, name), "");
    }
    sandbox = new SqlSandbox(store);
    await calls();
    expect(readdirSync(scratch).filter((name) => name.includes("-1-1."))).toEqual([]);
    expect(existsSync(join(scratch, "other"))).toBe(true);
  });

  test("that cannot be made is a failure, and the next question tries again", async () => {
    let fails = true;
    const own = new SqlSandbox({
      file: store.file,
      settledWithin: (patienceMs) => store.settledWithin(patienceMs),
      copy: (out) => (fails ? Promise.reject(new Error("the disk is full")) : store.copy(out)),
      mend: (error) => store.mend(error),
    });
    await expect(own.ask(count)).rejects.toThrow("the disk is full");
    fails = false;
    expect((await own.ask(count)).rows).toEqual([{ calls: 0 }]);
    await own.close();
  });

  test.each([
    ["cut short", (file: string) => truncateSync(file, 4 * 4096)],
    ["overwritten", (file: string) => overwrite(file)],
  ])("that is %s is made again; where that is no better, the database is", async (_, damage) => {
    await store.append(Array.from({ length: 500 }, (_, nth) => callOf(1, nth)));
    let damaged = 1;
    const mended: unknown[] = [];
    const own = new SqlSandbox({
      file: store.file,
      settledWithin: (patienceMs) => store.settledWithin(patienceMs),
      copy: async (out) => {
        const behind = await store.copy(out);
        if (damaged > 0) damage(out);
        damaged -= 1;
        return behind;
      },
      mend: async (error) => {
        mended.push(error);
        damaged = 0;
      },
    });
    const sum = "select count(*) as calls, count(distinct span_id) as ids from cost_records";
    expect((await own.ask(sum)).rows).toEqual([{ calls: 500, ids: 500 }]);
    expect(mended).toEqual([]);
    damaged = 9;
    own.renew();
    expect((await own.ask(sum)).rows).toEqual([{ calls: 500, ids: 500 }]);
    expect(mended).toHaveLength(1);
    await own.close();
  });

  test("and the process are gone a while after the last question, and come back with the next", async () => {
    await sandbox.close();
    sandbox = new SqlSandbox(store, { idleMillis: 200 });
    await calls();
    expect([copies().length, childrenForSql().length]).toEqual([1, 1]);
    await untilProcesses(0);
    // Its file is removed meanwhile, by nobody who waits for it.
    await expect.poll(copies, { timeout: 5_000 }).toEqual([]);
    expect(await calls()).toBe(0);
  });
});

describe("a process", () => {
  test("is kept for the next question, also for one on a newer copy", async () => {
    await calls();
    const [first] = childrenForSql();
    await expect(sandbox.ask("select repeat('x', 9)")).rejects.toThrow("repeat()");
    await expect(sandbox.ask("select nothing from spans")).rejects.toThrow('"nothing" not found');
    await store.append([callOf(1, 1)]);
    expect(await calls()).toBe(1);
    expect(childrenForSql()).toEqual([first]);
  });

  test("is ended as soon as nobody waits for its answer", async () => {
    const asker = new AbortController();
    const asked = sandbox.ask(endless, {}, asker.signal);
    await untilProcesses(1);
    await delay(700);
    const reason = new Error("gone");
    asker.abort(reason);
    await expect(asked).rejects.toBe(reason);
    await untilProcesses(0);
    expect(await calls()).toBe(0);
  });

  test("is ended with a question that takes too long, and the next is answered", async () => {
    await sandbox.close();
    sandbox = new SqlSandbox(store, { timeoutMillis: 300 });
    await expect(sandbox.ask(endless)).rejects.toThrow(
      "The question took more than 0.3 s and was broken off. Ask for less (a shorter window, fewer columns, a limit), or take a snapshot and ask that with duckdb",
    );
    expect(await calls()).toBe(0);
  });

  test("ends with the receiver that started it, however that ends", async () => {
    const receiver = fork("test/sandbox/receiver-to-kill.ts", [join(folder, "other.duckdb")], {
      execArgv: ["--conditions=spancost-source"],
    });
    await new Promise((resolve) => receiver.once("message", resolve));
    const [pid] = childrenForSql(receiver.pid);
    expect(pid).toBeDefined();
    receiver.kill("SIGKILL");
    for (let tries = 0; existsSync(`/proc/${pid}/exe`); tries += 1) {
      expect(tries).toBeLessThan(200);
      await delay(25);
    }
  });
});

describe("no more than two", () => {
  test("run at once; others wait a little, then are told to come back", async () => {
    await sandbox.close();
    sandbox = new SqlSandbox(store, { waitMillis: 400, timeoutMillis: 20_000 });
    const asker = new AbortController();
    const ask = () => sandbox.ask(endless, {}, asker.signal).catch((error: Error) => error.name);
    const running = [ask(), ask()];
    await untilProcesses(2);
    await expect(sandbox.ask(count)).rejects.toThrow(
      "2 questions in SQL are being answered already. Ask again in a few seconds",
    );
    expect(childrenForSql()).toHaveLength(2);
    const waiting = calls();
    asker.abort();
    expect(await waiting).toBe(0);
    expect(await Promise.all(running)).toEqual(["AbortError", "AbortError"]);
  });

  test("wait longer than so many others", async () => {
    await sandbox.close();
    sandbox = new SqlSandbox(store, { atOnce: 1, waiting: 3, waitMillis: 20_000 });
    const results = await Promise.allSettled(Array.from({ length: 6 }, calls));
    expect(results.map(({ status }) => status).sort()).toEqual([
      ...Array.from({ length: 4 }, () => "fulfilled"),
      ...Array.from({ length: 2 }, () => "rejected"),
    ]);
  });
});

describe("an answer is not larger than", () => {
  test.each([
    ["so many rows", "select a from range(100001) t(a)", "The answer has more than 100,000 rows"],
    [
      "so many values",
      `select ${Array.from({ length: 40 }, () => "a").join(", ")} from range(60000) t(a)`,
      "The answer has more than 50,000 rows",
    ],
    [
      "so many columns",
      `select ${Array.from({ length: 1_001 }, () => "1").join(", ")}`,
      "The answer has more than 1000 columns",
    ],
    [
      "so long a value",
      "select string_agg('0123456789', '') from range(1700000)",
      "The answer has more than 16 MB",
    ],
    [
      "so many bytes",
      `select '${"x".repeat(5_000)}' from range(4000)`,
      "The answer has more than 16 MB",
    ],
  ])("%s", async (_, sql, problem) => {
    await expect(sandbox.ask(sql)).rejects.toThrow(`${problem}. Ask for less`);
  });

  test("what is just small enough is answered", async () => {
    const { rows } = await sandbox.ask("select a from range(100000) t(a)");
    expect([rows.length, rows.at(-1)]).toEqual([100_000, { a: 99_999 }]);
  });
});

test("one that is closed answers nothing more, breaks off what it does, and leaves nothing", async () => {
  const asked = sandbox.ask(endless).catch((error: Error) => error.message);
  await untilProcesses(1);
  await delay(500);
  await sandbox.close();
  expect(await asked).toBe("The receiver is stopping. Ask again when it runs");
  await expect(sandbox.ask(count)).rejects.toThrow("The receiver is stopping");
  await untilProcesses(0);
  expect(copies()).toEqual([]);
});
