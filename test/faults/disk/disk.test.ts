import { execFileSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Random } from "../../../packages/cli/src/demo/random.ts";
import { readDiskLog } from "./disk-log.ts";
import { DiskState } from "./disk-state.ts";
import { imageAfter, type Model, models } from "./power-loss.ts";
import { buildShim, ShimmedDisk } from "./shim.ts";

let work: string;
let root: string;
let disk: ShimmedDisk;

beforeEach(({ skip }) => {
  work = mkdtempSync(join(tmpdir(), "spancost-disk-"));
  root = join(work, "root");
  mkdirSync(root);
  const shim = buildShim(work);
  if ("no" in shim) {
    console.warn(`not run: ${shim.no}`);
    skip(shim.no);
  } else disk = new ShimmedDisk(shim.library, root, work);
});

afterEach(() => {
  disk?.close();
  rmSync(work, { recursive: true });
});

/** Runs a script of Node's on the disk, in its folder. @returns the error's code where it throws one */
function run(script: string): string {
  const text = `const fs = require("node:fs");
    try { ${script} } catch (error) { process.stdout.write(error.code); }`;
  const env = { ...disk.environment, PATH: process.env["PATH"] };
  return execFileSync(process.execPath, ["-e", text], { cwd: root, env: env as never }).toString();
}

function replayed(): DiskState {
  const state = new DiskState();
  for (const step of readDiskLog(disk.log)) state.apply(step);
  return state;
}

/** Files of an image as text by name. */
function texts(model: Model, seed = 1): Record<string, string> {
  const image = imageAfter(replayed(), model, new Random(seed));
  return Object.fromEntries(
    [...image].flatMap(([name, content]) =>
      content === "folder" ? [] : [[name, Buffer.from(content).toString()]],
    ),
  );
}

function onDisk(): Record<string, string> {
  const names = globSync("**", { cwd: root }).filter((name) => statSync(join(root, name)).isFile());
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(root, name), "utf8")]));
}

test("what was written down is what is on the disk, whichever call wrote it", () => {
  run(`
    fs.writeFileSync("plain", "one"); fs.appendFileSync("plain", "two");
    fs.mkdirSync("a/b", { recursive: true }); fs.writeFileSync("a/b/deep", "x");
    const fd = fs.openSync("pieces", "w+");
    fs.writevSync(fd, [Buffer.from("ab"), Buffer.from("cd")]);
    fs.writeSync(fd, "Z", 1); fs.writevSync(fd, [Buffer.from("end")], 8);
    fs.ftruncateSync(fd, 10); fs.closeSync(fd); fs.truncateSync("plain", 4);
    fs.renameSync("a/b/deep", "moved"); fs.renameSync("a", "c"); fs.writeFileSync("c/b/late", "y");
    fs.copyFileSync("pieces", "copied"); fs.linkSync("moved", "again");
    fs.writeFileSync("gone", "z"); fs.rmSync("gone"); fs.rmSync("c", { recursive: true });
    fs.writeFileSync(${JSON.stringify(work)} + "/outside", "not ours");
  `);
  expect(disk.lostRecords).toBe(0);
  expect(Object.keys(onDisk()).sort()).toEqual(["again", "copied", "moved", "pieces", "plain"]);
  expect(texts("all")).toEqual(onDisk());
});

test("strict keeps what was synced before the cut, and not what came after", () => {
  run(`
    const fd = fs.openSync("log", "a");
    fs.writeSync(fd, "synced "); fs.fdatasyncSync(fd); fs.writeSync(fd, "not synced");
    fs.writeFileSync("other", "never synced");
  `);
  expect(texts("strict")).toEqual({ log: "synced " });
  expect(texts("all")).toEqual({ log: "synced not synced", other: "never synced" });
  expect(texts("zeros")["log"]).toBe(`synced ${"\0".repeat(10)}`);
});

test("a name is sure once its folder is synced", () => {
  run(`
    const folder = fs.openSync(".", "r");
    fs.writeFileSync("old", "1"); fs.fsyncSync(folder);
    fs.renameSync("old", "new");
  `);
  const seen = new Set(
    Array.from({ length: 20 }, (_, seed) => Object.keys(texts("names", seed))[0]),
  );
  expect(Object.keys(texts("strict"))).toEqual(["old"]);
  expect([...seen].sort()).toEqual(["new", "old"]);
});

test("a torn write leaves its first bytes", () => {
  run(`const fd = fs.openSync("log", "a"); fs.fsyncSync(fd); fs.writeSync(fd, "0123456789");`);
  const seen = Array.from({ length: 40 }, (_, seed) => texts("prefix", seed)["log"] ?? "");
  expect(seen.every((text) => "0123456789".startsWith(text))).toBe(true);
  expect(new Set(seen).size).toBeGreaterThan(4);
});

test("pages reach the disk in any order", () => {
  run(
    `const fd = fs.openSync("pages", "w"); fs.fsyncSync(fd); fs.writeSync(fd, "x".repeat(3 * 4096));`,
  );
  const seen = Array.from({ length: 60 }, (_, seed) => texts("subset", seed)["pages"] ?? "");
  expect(seen.some((text) => text[0] === "\0" && text.includes("x"))).toBe(true);
});

test("a sync that fails says EIO, and what it should have kept is lost", () => {
  disk.failSyncs(1, "log");
  const code = run(`
    const fd = fs.openSync("log", "a"); fs.writeSync(fd, "lost");
    try { fs.fsyncSync(fd); } finally { fs.writeSync(fd, " kept"); fs.fsyncSync(fd); }
  `);
  expect([code, disk.failedSyncs]).toEqual(["EIO", 1]);
  expect(texts("strict")).toEqual({ log: "\0\0\0\0 kept" });
});

test("a disk without space refuses to write, and writes again when it has some", () => {
  disk.space = 6n;
  expect(run(`fs.writeFileSync("a", "0123456789")`)).toBe("ENOSPC");
  expect(onDisk()).toEqual({ a: "012345" });
  disk.space = -1n;
  expect(run(`fs.writeFileSync("a", "0123456789")`)).toBe("");
  expect(onDisk()).toEqual({ a: "0123456789" });
});

test("a write that wrote only a part is gone on with", () => {
  disk.shortenWrites(100);
  run(`fs.writeSync(fs.openSync("a", "w"), "0123456789")`);
  expect(disk.shortWrites).toBeGreaterThan(0);
  expect([onDisk(), texts("all")]).toEqual([{ a: "0123456789" }, { a: "0123456789" }]);
});

test.each(models)("the same seed gives the same image: %s", (model) => {
  run(`for (const name of "abc") fs.writeFileSync(name, name.repeat(10_000));`);
  expect(texts(model, 5)).toEqual(texts(model, 5));
});
