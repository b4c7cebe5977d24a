import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spancost-source-"));
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Nobody in particular: root may write every file, whatever its mode. */
const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

test("a file that this user may only read is said to be so, with how to ask it all the same", () => {
  const file = join(folder, "shared.duckdb");
  writeFileSync(file, "");
  chmodSync(file, 0o444);
  const main = resolve("packages/cli/src/main.ts");
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--conditions=spancost-source", main, "top", "--db", file],
    { ...asNobody, cwd: folder, encoding: "utf8", env: {} },
  );
  expect([status, stderr]).toEqual([
    1,
    `spancost: ${file} can be read by this user and not written, and whoever opens it brings it up to date. ` +
      `Ask a copy in a folder of your own (cp ${file} copy.duckdb, then --db copy.duckdb), or ask its receiver with --url URL.\n`,
  ]);
});
