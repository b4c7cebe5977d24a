import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CommandError } from "./errors.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Io } from "./ports.ts";
import { reportFailure } from "./report-failure.ts";

/** What is said on stderr of `error`. */
function said(error: unknown, debug = false): string {
  let text = "";
  const stderr = {
    write: (part: string) => {
      text += part;
    },
    style: (_: string, part: string) => part,
  };
  expect(
    reportFailure(error, { stderr, pasteable: (words: string) => words } as unknown as Io, debug),
  ).toBe(exitCodes.failure);
  return text;
}

const failureOf = (work: Promise<unknown>) => work.then(undefined, (error: unknown) => error);
const missing = join(import.meta.dirname, "not-there");

test("a file that the operating system refuses is named, with why", async () => {
  expect(said(await failureOf(writeFile(join(missing, "a.duckdb"), "")))).toBe(
    `spancost: ${join(missing, "a.duckdb")} cannot be used: it is not there and cannot be made (ENOENT).\n`,
  );
  expect(said(await failureOf(mkdir(join(import.meta.filename, "journal"))))).toContain(
    "journal cannot be used: a part of its path is no folder (ENOTDIR).",
  );
});

test("of a copy the target is named", async () => {
  const target = join(missing, "copy");
  expect(said(await failureOf(copyFile(import.meta.filename, target)))).toContain(
    `${target} cannot be used`,
  );
});

test("anything else is unexpected, and its first line is told", () => {
  expect(said(new Error("odd\nand long"))).toBe(
    "spancost: unexpected: odd … Run the same command with --debug for the details.\n",
  );
});

test("what a terminal would obey is shown and not obeyed, in the details too", () => {
  const evil = new CommandError("no model evil\u001b]0;x\u0007.\r\n  Known: \u202eb");
  expect(said(evil)).toBe("spancost: no model evil\ufffd]0;x\ufffd. \n  Known: \ufffdb\n");
  expect(said(evil, true)).not.toMatch(/[^\P{C}\n]/u);
  expect(said(evil, true).split("\n").length).toBeGreaterThan(4);
});
