import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFolder } from "./make-folder.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spancost-folder-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a folder is made with those above it, and left alone where it is there", async () => {
  const deep = join(folder, "a/b/c");
  await makeFolder(deep);
  await makeFolder(deep);
  expect(statSync(deep).isDirectory()).toBe(true);
});

test("two can make the same folder at once", async () => {
  const deep = join(folder, "a/b/c");
  await Promise.all([makeFolder(deep), makeFolder(deep)]);
  expect(statSync(deep).isDirectory()).toBe(true);
});

test.each([
  ["is a file", "file", "EEXIST"],
  ["is below a file", "file/a", "ENOTDIR"],
])("what %s is no folder", async (_, path, code) => {
  writeFileSync(join(folder, "file"), "");
  await expect(makeFolder(join(folder, path))).rejects.toMatchObject({ code });
});

test.runIf(existsSync("/proc/self"))(
  "a folder that the system refuses to make is an error, and no wait without end",
  { timeout: 5_000 },
  async () => {
    await expect(makeFolder("/proc/spancost/a")).rejects.toMatchObject({ code: "ENOENT" });
  },
);
