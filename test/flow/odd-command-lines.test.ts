import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCommand } from "./command.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "spancost-odd-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const spancost = (...args: readonly string[]) => runCommand(folder, args);

test("two formats at once are refused; one that is typed goes before a variable's", async () => {
  for (const command of [["top"], ["config"], ["doctor"], ["report", "-o", "out"]]) {
    expect(await spancost(...command, "--json", "--format", "csv")).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "spancost: --json and --format csv exclude each other: --json is short for --format json.\n",
    });
  }
  const env = { SPANCOST_FORMAT: "csv" };
  for (const flags of [["--json"], ["--json", "--format", "json"]]) {
    const { stdout } = await runCommand(folder, ["config", ...flags], { env });
    expect(JSON.parse(stdout).rows.length).toBeGreaterThan(5);
  }
});

test.each([
  [["top", "--db", ""], 2, "It takes the path of a file."],
  [["archive", "", "--db", "made.duckdb"], 2, "DIR must not be empty."],
  [["snapshot", "", "--db", "made.duckdb"], 2, "OUT must not be empty."],
  [["ingest", "traces.pb", "", "--db", "made.duckdb"], 2, "FILE must not be empty."],
  [["prices", "load", "."], 1, ". cannot be read: it is a folder."],
  [["serve", "--tokens", "nobodys.txt"], 1, "nobodys.txt cannot be read: there is no such file."],
])("%j ends with %i and says why", async (args, code, why) => {
  await spancost("ingest", "-", "--db", "made.duckdb");
  const ended = await spancost(...args);
  expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(why)]);
});

describe("what a terminal would obey is not printed", () => {
  const evil = "\u001b]0;owned\u0007\u001b[2J";

  beforeAll(async () => {
    writeFileSync(join(folder, "evil.yaml"), 'prices: [{provider: "\\e[2Jnobody", model: x}]');
    await spancost("ingest", "-", "--db", "made.duckdb");
  });

  test.each([
    [["top", "--by", evil], 2],
    [["top", `--${evil}`], 2],
    [["prices", "show", evil], 1],
    [["ingest", `${evil}.pb`], 1],
    [["prices", "load", "evil.yaml"], 1],
    [["query", "--debug", "--sql", "select error('\u001b[2J')", "--db", "made.duckdb"], 1],
  ])("by %j, which ends with %i", async (args, code) => {
    const ended = await spancost(...args);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain("spancost: ");
    expect(ended.stderr).not.toMatch(/[^\P{Cc}\n]/u);
  });
});
