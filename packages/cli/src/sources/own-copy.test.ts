import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CopyRoom, makeOwnCopy } from "./own-copy.ts";

let folder: string;
let file: string;
let room: CopyRoom;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spancost-own-copy-"));
  file = join(folder, "there", "spans.duckdb");
  mkdirSync(`${file}.journal`, { recursive: true });
  mkdirSync(join(folder, "room"));
  room = { folder: join(folder, "room"), freeBytes: async () => 1e12 };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The names and texts of a database's files, those in folders too. */
function filesOf(path: string): Record<string, string> {
  const entries = readdirSync(dirname(path), { recursive: true, encoding: "utf8" })
    .map((name) => [name, join(dirname(path), name)] as const)
    .filter(([, each]) => statSync(each).isFile())
    .map(([name, each]) => [name, readFileSync(each, "utf8")]);
  return Object.fromEntries(entries);
}

/** Writes to the database in each turn of the loop. @returns what stops it */
function keepWriting(): () => void {
  let turn = setImmediate(function write() {
    appendFileSync(file, "more");
    turn = setImmediate(write);
  });
  return () => clearImmediate(turn);
}

test("a copy has the database, its log, its journal but for the lock, and its snapshots", async () => {
  writeFileSync(file, "database", { mode: 0o444 });
  writeFileSync(`${file}.wal`, "log");
  writeFileSync(`${file}.journal/0000000001-3a6bd5d9.log`, "segment");
  writeFileSync(`${file}.journal/contract.json`, "contract");
  writeFileSync(`${file}.journal/lock`, "lock");
  mkdirSync(`${file}.snapshots`);
  writeFileSync(`${file}.snapshots/a.duckdb`, "snapshot");
  const copy = await makeOwnCopy(file, room);
  expect(filesOf(copy.file)).toEqual({
    "spans.duckdb": "database",
    "spans.duckdb.wal": "log",
    "spans.duckdb.journal/0000000001-3a6bd5d9.log": "segment",
    "spans.duckdb.journal/contract.json": "contract",
    "spans.duckdb.snapshots/a.duckdb": "snapshot",
  });
  expect(copy.bytes).toBe("databaselogsegmentcontract".length);
  expect(statSync(copy.file).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(copy.file)).mode & 0o777).toBe(0o700);
  copy.remove();
  expect(readdirSync(room.folder)).toEqual([]);
  expect(filesOf(file)["spans.duckdb.snapshots/a.duckdb"]).toBe("snapshot");
});

test("where there is no room nothing is copied, and it is said how much is wanted", async () => {
  writeFileSync(file, "x".repeat(2_000_000));
  const full = { ...room, freeBytes: async () => 3_000_000 };
  await expect(makeOwnCopy(file, full)).rejects.toThrow(
    `${file} may only be read here, and ${room.folder} has no room for the copy that would be asked ` +
      "(69.1 MB of 3.0 MB free). Name a folder with more in TMPDIR, or ask its receiver with --url URL.",
  );
  expect(readdirSync(room.folder)).toEqual([]);
});

test("a database that is written to all the time is not copied in the middle of it", async () => {
  writeFileSync(file, "");
  const stop = keepWriting();
  try {
    await expect(makeOwnCopy(file, room)).rejects.toThrow(
      `${file} may only be read here, and is being written to. Ask its receiver with --url URL, or a snapshot of it.`,
    );
  } finally {
    stop();
  }
  expect(readdirSync(room.folder)).toEqual([]);
});

test("a database that was written to for a moment is copied as it is then", async () => {
  writeFileSync(file, "");
  setTimeout(keepWriting(), 100);
  const copy = await makeOwnCopy(file, room);
  expect(readFileSync(copy.file, "utf8")).toBe(readFileSync(file, "utf8"));
  copy.remove();
});

test("what a process left that was killed goes with the next copy, and what a living one has stays", async () => {
  const gone = join(room.folder, "spancost-copy-4194304-dead");
  const alive = join(room.folder, `spancost-copy-${process.ppid}-alive`);
  for (const left of [gone, alive]) mkdirSync(left);
  writeFileSync(file, "");
  const copy = await makeOwnCopy(file, room);
  expect([existsSync(gone), existsSync(alive)]).toEqual([false, true]);
  copy.remove();
});
