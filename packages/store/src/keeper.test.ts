import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Database } from "./database.ts";
import { Keeper } from "./keeper.ts";

let folder = "";
let file = "";
let other = "";
let keeper: Keeper;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "spancost-keeper-"));
  file = join(folder, "test.duckdb");
  other = join(folder, "other.duckdb");
  const open = (path: string) =>
    Database.open({ file: path, scratch: join(folder, "scratch"), hasJournal: false });
  const made = await open(other);
  await made.writer.run("create table mark as select 'other' as name");
  await made.close();
  keeper = new Keeper(
    () => open(file),
    () => undefined,
  );
  await keeper.use(({ writer }) => writer.run("create table mark as select 'first' as name"));
});
afterEach(async () => {
  await keeper.close();
  rmSync(folder, { recursive: true, force: true });
});

function mark(): Promise<unknown> {
  return keeper.use(async ({ writer }) => {
    const reader = await writer.runAndReadAll("select name from mark");
    return reader.getRows()[0]?.[0];
  });
}

async function exchange(_: Database, close: () => Promise<void>): Promise<void> {
  await close();
  copyFileSync(other, file);
}

test("another file takes the place of the database, and who asks meanwhile gets that one", async () => {
  const before = keeper.current;
  const replaced = keeper.replace(exchange, 1_000);
  const asked = mark();
  expect(await replaced).toBe(true);
  expect(await asked).toBe("other");
  expect(keeper.current).not.toBe(before);
});

test("what is being done is waited for, not broken off", async () => {
  const using = keeper.use(async ({ writer }) => {
    await delay(100);
    const reader = await writer.runAndReadAll("select name from mark");
    return reader.getRows()[0]?.[0];
  });
  expect(await keeper.replace(exchange, 1_000)).toBe(true);
  expect(await using).toBe("first");
  expect(await mark()).toBe("other");
});

test("a database that is in use for too long stays", async () => {
  let end: () => void = () => undefined;
  const using = keeper.use(
    () =>
      new Promise<void>((resolve) => {
        end = resolve;
      }),
  );
  await delay(10);
  expect(await keeper.replace(exchange, 50)).toBe(false);
  expect(await mark()).toBe("first");
  end();
  await using;
});

test("one that uses the database within a use does not wait for ever", async () => {
  const using = keeper.use(async () => {
    await delay(20);
    return mark();
  });
  await delay(5);
  expect(await keeper.replace(exchange, 200)).toBe(false);
  expect(await using).toBe("first");
});

test("where the exchange does not close it, the database stays open", async () => {
  const database = await keeper.current;
  expect(await keeper.replace(async () => undefined, 1_000)).toBe(true);
  expect(await keeper.current).toBe(database);
});

test("a failed exchange is told, and the database opened again", async () => {
  const failing = keeper.replace(async (_, close) => {
    await close();
    throw new Error("no space");
  }, 1_000);
  await expect(failing).rejects.toThrow("no space");
  expect(await mark()).toBe("first");
});

test("what still had the old database is told to try again with the new one", async () => {
  const current = keeper.current;
  const { writer } = await current;
  await keeper.replace(exchange, 1_000);
  const error = await writer.run("select 1").catch((reason: unknown) => reason);
  expect(String(error)).toContain("connection disconnected");
  expect(await keeper.heal(current, error)).toBe(true);
  expect(await keeper.heal(keeper.current, error)).toBe(false);
});

test("a file whose damage shows while it is opened is made anew, once for all who ask", async () => {
  const damage = new Error("IO Error: Corrupt database file: computed checksum 1 does not match");
  const faults: (Error | undefined)[] = [];
  const damaged = new Keeper(
    async (fault) => {
      faults.push(fault);
      if (fault === undefined) throw damage;
      return keeper.current;
    },
    () => undefined,
  );
  const names = await Promise.all(
    [1, 2, 3].map(() =>
      damaged.use(async ({ writer }) => {
        const reader = await writer.runAndReadAll("select name from mark");
        return reader.getRows()[0]?.[0];
      }),
    ),
  );
  expect(names).toEqual(["first", "first", "first"]);
  expect(faults).toEqual([undefined, damage]);
});

test("who closes it does not wait for space on the disk, nor does anybody who asks", async () => {
  const full = new Error("IO Error: Could not write file: No space left on device");
  let isFull = false;
  const waiting = new Keeper(
    () =>
      isFull
        ? Promise.reject(full)
        : Database.open({ file: ":memory:", scratch: join(folder, "scratch"), hasJournal: true }),
    () => undefined,
  );
  const first = waiting.current;
  await first;
  isFull = true;
  const healed = waiting.heal(first, new Error("FATAL Error: database has been invalidated"));
  const asked = waiting.use(async () => "an answer");
  for (const each of [healed, asked]) each.catch(() => undefined);
  await delay(50);
  waiting.stopHealing();
  await expect(healed).rejects.toThrow("No space left");
  await expect(asked).rejects.toThrow("No space left");
  await waiting.close();
});

test("a file that cannot be opened for another reason is not touched", async () => {
  const newer = new Error("the file was written by a newer version");
  let opened = 0;
  const refused = new Keeper(
    async () => {
      opened += 1;
      throw newer;
    },
    () => undefined,
  );
  await expect(refused.use(async () => undefined)).rejects.toBe(newer);
  expect(opened).toBe(1);
});
