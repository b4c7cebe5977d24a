import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createWebServer, type WebServer } from "../../packages/cli/src/web-api/server.ts";
import { Pipeline } from "../../packages/cli/src/wiring.ts";
import { runCommand } from "../flow/command.ts";
import { callOf, childrenForSql } from "./arena.ts";

let folder: string;
let pipeline: Pipeline;
let server: WebServer;
let url: string;
let faults: unknown[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "spancost-over-http-"));
  pipeline = await Pipeline.open(join(folder, "spans.duckdb"), { journal: true });
  await pipeline.store.append(Array.from({ length: 100 }, (_, nth) => callOf(1, nth)));
  faults = [];
  server = createWebServer({
    pipeline,
    db: "spans.duckdb",
    otlpUrl: "http://127.0.0.1:4318",
    allowedHosts: [],
    operation: { probe: async () => undefined, report: async () => undefined },
    now: Date.now,
    log: (fault) => faults.push(fault),
  });
  const { port } = await server.listen("127.0.0.1", 0);
  url = `http://127.0.0.1:${port}`;
});

afterEach(async () => {
  await server.close();
  await pipeline.store.close();
  rmSync(folder, { recursive: true, force: true });
  expect(faults).toEqual([]);
});

const endless = "select count(*) from range(1000000000000) t(a) where a * a % 25257 = 3";

function pathOf(sql: string): string {
  return `/api/query?${new URLSearchParams({ sql })}`;
}

// biome-ignore lint/suspicious/noExplicitAny: an answer's own members, which the tests name
type Body = any;

async function ask(path: string) {
  const response = await fetch(`${url}${path}`);
  const body: Body = await response.json();
  return { status: response.status, headers: response.headers, body };
}

/** Begins to ask, and leaves when `leave` is called. */
function askAndLeave(sql: string): { leave(): void } {
  const asking = request(`${url}${pathOf(sql)}`).on("error", () => {});
  asking.end();
  return { leave: () => asking.destroy() };
}

async function untilProcesses(wanted: number): Promise<void> {
  for (let tries = 0; childrenForSql().length !== wanted; tries += 1) {
    expect(tries, `${childrenForSql().length} processes, not ${wanted}`).toBeLessThan(200);
    await delay(25);
  }
}

describe("SQL that is sent to a receiver", () => {
  test("is answered by a process of its own, with the time up to which it has everything", async () => {
    const before = Date.now();
    const { status, body } = await ask(pathOf("select count(*) as calls from cost_records"));
    expect([status, body.rows, body.warnings]).toEqual([200, [{ calls: 100 }], []]);
    expect(Date.parse(body.as_of)).toBeGreaterThanOrEqual(before);
    expect(childrenForSql()).toHaveLength(1);
  });

  test.each([
    [
      "select len(repeat('x', 2000000000))",
      'repeat() cannot be used here: it makes values of any size; for it, take a snapshot ("spancost snapshot copy.duckdb") and ask that with duckdb.',
    ],
    [
      "from '/etc/passwd'",
      '/etc/passwd cannot be read here: there are cost_records, spans, repriced_records and pricing_runs; for it, take a snapshot ("spancost snapshot copy.duckdb") and ask that with duckdb.',
    ],
    [
      "delete from calls",
      "only a single SELECT can be run here; for anything else use duckdb on a snapshot.",
    ],
  ])("is refused as wrong usage where it may not: %s", async (sql, message) => {
    const { status, body } = await ask(pathOf(sql));
    expect([status, body.error]).toEqual([400, { exit_code: 2, message }]);
  });

  test("has a hint where a column is called otherwise", async () => {
    const { status, body } = await ask(pathOf("select model from cost_records"));
    expect([status, body.error.message.split("\n").at(-1)]).toEqual([
      422,
      "Did you mean request_model or response_model?",
    ]);
  });

  test("may be as long as 64 KB, and no longer", async () => {
    const comment = (letters: number) => pathOf(`select 1 as n /* ${"ä".repeat(letters)} */`);
    expect((await ask(comment(32_000))).body.rows).toEqual([{ n: 1 }]);
    expect((await ask(comment(33_000))).body.error.message).toContain("more than 64 KB");
  });

  test("is ended when the asker leaves, and hinders nobody while it runs", async () => {
    const askers = [askAndLeave(endless), askAndLeave(endless)];
    await untilProcesses(2);
    const busy = await ask(pathOf("select 1"));
    expect([busy.status, busy.headers.get("retry-after")]).toEqual([503, "2"]);
    const started = performance.now();
    const top = await ask("/api/top");
    const named = await ask("/api/query?name=unpriced");
    await pipeline.store.append([callOf(2, 1)]);
    expect([top.body.total.calls, named.status]).toEqual([100, 200]);
    expect(performance.now() - started).toBeLessThan(5_000);
    for (const { leave } of askers) leave();
    await untilProcesses(0);
    expect((await ask(pathOf("select count(*) as n from cost_records"))).body.rows).toEqual([
      { n: 101 },
    ]);
  });

  test("is read by the prices of the run that is chosen, at once", async () => {
    const costs = async (run = "") => {
      const { body } = await ask(
        `${pathOf("select any_value(pricing_run) as run, count(*) as calls from cost_records")}${run}`,
      );
      return [body.rows[0].run, body.pricing_run];
    };
    expect(await costs()).toEqual([null, undefined]);
    const post = (name: string, texts: object) =>
      fetch(`${url}/api/${name}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(texts),
      });
    expect((await post("prices-reprice", {})).status).toBe(200);
    expect(await costs()).toEqual([null, undefined]);
    expect(await costs("&run=1")).toEqual([1, 1]);
    expect((await post("prices-use", { run: "1" })).status).toBe(200);
    expect(await costs()).toEqual([1, 1]);
    expect(await costs("&run=booked")).toEqual([null, undefined]);
  });
});

test("a receiver that stops leaves no process and no copy", async () => {
  const { leave } = askAndLeave(endless);
  await untilProcesses(1);
  const started = performance.now();
  await server.close();
  expect(performance.now() - started).toBeLessThan(3_000);
  await untilProcesses(0);
  await pipeline.store.close();
  expect(existsSync(join(folder, "spans.duckdb.scratch"))).toBe(false);
  leave();
});

describe("on a file that no receiver has open, the person's own process", () => {
  test("takes the same SQL, and refuses the same", async () => {
    await server.close();
    await pipeline.store.close();
    const query = (sql: string) =>
      runCommand(folder, ["query", "--db", "spans.duckdb", "--json", "--sql", sql]);
    const { stdout } = await query("select count(*) as calls from cost_records");
    expect(JSON.parse(stdout).rows).toEqual([{ calls: 100 }]);
    expect(JSON.parse(stdout)).not.toHaveProperty("as_of");
    expect(await query("select len(repeat('x', 2000000000))")).toEqual({
      code: 2,
      stdout: "",
      stderr:
        'spancost: repeat() cannot be used here: it makes values of any size; for it, take a snapshot ("spancost snapshot --db spans.duckdb copy.duckdb") and ask that with duckdb.\n',
    });
    const { code, stderr } = await query("select cost from cost_records");
    expect([code, stderr.split("\n").at(-2)]).toEqual([
      1,
      "Did you mean cost_usd or input_cost_usd or other_cost_usd?",
    ]);
  });
});
