import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isOwnFileMissing, isStale } from "../bin/build-check.js";

let clone: string;
let record: string;
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), "spancost-clone-"));
  record = join(clone, "packages/cli/dist/built");
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

/** A file of the clone that was last changed at this minute. */
function fileAt(path: string, minute: number): void {
  const file = join(clone, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "");
  utimesSync(file, minute * 60, minute * 60);
}

test.each([
  ["is as new as the sources", { ".git/logs/HEAD": 1, "packages/cli/src/a.ts": 1 }, 2, false],
  [
    "was followed by a commit of other files",
    { ".git/logs/HEAD": 3, "packages/cli/src/a.ts": 1 },
    2,
    false,
  ],
  [
    "was followed by a pull of sources",
    { ".git/logs/HEAD": 3, "packages/cli/src/b/a.ts": 3 },
    2,
    true,
  ],
  ["left no record", { ".git/logs/HEAD": 1 }, undefined, true],
  ["came in a package, without a clone", { "packages/cli/src/a.ts": 3 }, 2, false],
] as const)("a build that %s", (_, files, built, stale) => {
  for (const [path, minute] of Object.entries(files)) fileAt(path, minute);
  if (built !== undefined) fileAt("packages/cli/dist/built", built);
  // Folders are as new as this test.
  for (const folder of ["b", ""]) {
    try {
      utimesSync(join(clone, "packages/cli/src", folder), 60, 60);
    } catch {
      // Not in this clone.
    }
  }
  expect(isStale(clone, record)).toBe(stale);
});

test.each([
  ["of spancost", { code: "ENOENT", path: "/clone/packages/store/sql/gone.sql" }, true],
  [
    "that was not built",
    { code: "ERR_MODULE_NOT_FOUND", message: "no '/clone/dist/main.js'" },
    true,
  ],
  ["of a person", { code: "ENOENT", path: "/home/me/spans.json" }, false],
])("a missing file %s", (_, error, isOwn) => {
  expect(isOwnFileMissing(error, "/clone")).toBe(isOwn);
});
