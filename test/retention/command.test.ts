import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Store } from "@spancost/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { commandFromSource, plainEnvironment, runCommand } from "../flow/command.ts";
import { millisPerDay, spanOf } from "./spans.ts";

let folder = "";
let file = "";
let receiver: ChildProcess | undefined;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "spancost-archiving-"));
  file = join(folder, "spancost.duckdb");
  const store = await Store.open(file, { journal: true });
  for (const age of [40, 39, 10, 1]) {
    const from = Math.floor((Date.now() - age * millisPerDay) / millisPerDay) * millisPerDay;
    const span = spanOf({ trace: age, span: age, day: 0, at: 0, cost: 1_500_000_000_000n });
    await store.append([
      { ...span, startedAt: from * 1_000, endedAt: from * 1_000 } as typeof span,
    ]);
  }
  await store.readRows("select 1");
  await store.close();
});
afterEach(async () => {
  const exited = new Promise((resolve) => receiver?.once("exit", resolve));
  if (receiver?.kill("SIGTERM")) await exited;
  receiver = undefined;
  rmSync(folder, { recursive: true, force: true });
});

function spancost(...args: readonly string[]) {
  return runCommand(folder, args);
}

/** Starts a receiver on the file, and waits until it can be asked. */
async function serve(...args: readonly string[]): Promise<void> {
  const ports = ["--http-port", "0", "--grpc-port", "0", "--web-port", "0"];
  const child = spawn(process.execPath, [...commandFromSource, "serve", ...ports, ...args], {
    cwd: folder,
    env: plainEnvironment as NodeJS.ProcessEnv,
  });
  receiver = child;
  await new Promise<void>((resolve, reject) => {
    child.stdout.once("data", () => resolve());
    child.once("exit", (code) => reject(new Error(`serve ended with ${code}`)));
  });
}

function dateAt(age: number): string {
  return new Date(Date.now() - age * millisPerDay).toISOString().slice(0, 10);
}

test("spancost archive writes days, says which, and deletes them if asked to", async () => {
  const { code, stdout, stderr } = await spancost(
    "archive",
    "out",
    "--older-than",
    "30d",
    "--drop",
    "--json",
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({
    schema: "spancost/archive@1",
    dir: join(folder, "out"),
    until: dateAt(30),
    rows: [40, 39].map((age) => ({
      date: dateAt(age),
      records: 1,
      spans: 1,
      cost_usd: 1.5,
      written: true,
      dropped: true,
    })),
  });
  const top = JSON.parse((await spancost("top", "--since", "100d", "--json")).stdout);
  expect(top.rows[0].cost_usd).toBe(3);
  const table = await spancost("archive", "out");
  expect(table.stdout).toContain(`${dateAt(10)}        1      1  $1.50`);
  expect(table.stdout).toContain(`from '${join(folder, "out")}/cost_records/**/*.parquet'`);
  expect((await spancost("archive", "out", "--older-than", "30d")).code).toBe(3);
}, 60_000);

describe("a receiver that has the database", () => {
  test("writes archives only where it was told to", async () => {
    await serve();
    const refused = await spancost("archive", "out");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("start it with --archive-dir DIR. Or stop it");
    expect(existsSync(join(folder, "out"))).toBe(false);
  }, 60_000);

  test("writes them there, for whoever names that folder", async () => {
    await serve("--archive-dir", "out");
    const other = await spancost("archive", "elsewhere");
    expect(other.stderr).toContain(`Type: spancost archive ${join(folder, "out")}`);
    expect(other.code).toBe(1);
    const { code, stdout } = await spancost("archive", "out", "--older-than", "1d", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout).rows).toHaveLength(3);
    expect(
      existsSync(join(folder, "out", "cost_records", `date=${dateAt(10)}`, "part.parquet")),
    ).toBe(true);
  }, 60_000);

  test("deletes what is older than it keeps, and keeps the rest", async () => {
    await serve("--keep", "30d", "--keep-spans", "5d");
    const calls =
      "select (select count(*) from cost_records) as calls, (select count(*) from spans) as spans";
    const asked = () => spancost("query", "--sql", calls, "--json");
    await expect
      .poll(async () => JSON.parse((await asked()).stdout).rows[0], {
        timeout: 20_000,
        interval: 500,
      })
      .toEqual({ calls: 2, spans: 1 });
  }, 60_000);
});

test("a trace whose spans have expired still tells when it was, what it cost, and that they have", async () => {
  const store = await Store.open(file);
  const policy = { keepSpansMillis: 5 * millisPerDay, keepMillis: undefined, maxBytes: undefined };
  await store.retention(policy).run(Date.now());
  await store.close();
  const id = (10 + 1).toString(16).padStart(32, "0");
  const { rows, warnings, ...trace } = JSON.parse((await spancost("trace", id, "--json")).stdout);
  expect(rows).toEqual([]);
  expect(trace.window.since).toBe(`${dateAt(10)}T00:00:00Z`);
  expect(trace.total).toMatchObject({ cost_usd: 1.5, calls: 1, spans: 0 });
  expect(warnings[0]).toContain(
    "1 call of this trace is in the totals and not in the tree: its span has expired.",
  );
  const table = await spancost("trace", id);
  expect(table.stdout).toContain(`Trace ${id}   ${dateAt(10)} 00:00`);
  expect(table.stdout).not.toContain("SPAN");
}, 60_000);

test.each([
  [["archive", "out", "--drop"], "--drop takes days that ended at least 24 hours ago"],
  [
    ["archive", "out", "--older-than", "soon"],
    '--older-than takes an age such as 12h, 90d or 2w, not "soon".',
  ],
  [["serve", "--keep", "5"], '--keep takes an age such as 12h, 90d or 2w, not "5".'],
  [["serve", "--keep", "5d", "--keep-spans", "6d"], "--keep-spans 6d is longer than --keep 5d"],
  [["serve", "--max-size", "2"], '--max-size takes a size such as 500MB or 20GB, not "2".'],
])("spancost %j is refused", async (args, reason) => {
  const { code, stderr } = await spancost(...args);
  expect({ code, says: stderr.includes(reason) }).toEqual({ code: 2, says: true });
});
