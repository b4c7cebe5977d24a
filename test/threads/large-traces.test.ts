import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";
import { encodeRequest } from "@spancost/receiver";
import { readQueryFile } from "@spancost/store";
import { expect, onTestFinished, test } from "vitest";
import { openStore, read, sendTo } from "./booked.ts";
import { emitter, post, requestOf, type Sent, traceId, web } from "./spans.ts";

const sdk = emitter("my-agents 2.0.0", { kind: "client" });

/** An agent of 1,000 steps in 3,000 spans: a call and its request in each, and a tool between two. */
function longRun(trace = 1): readonly Sent[] {
  const steps = Array.from({ length: 1_000 }, (_, index) => {
    const at = index * 100;
    const id = ((index + 1) * 16).toString(16);
    const call = sdk(
      `${id}<2`,
      [at + 1, at + 60],
      "chat",
      {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-5-mini",
        "gen_ai.usage.input_tokens": 1_000 + index,
        "gen_ai.usage.output_tokens": 10,
      },
      { trace },
    );
    const request = post(`${id}1<${id}`, [at + 2, at + 59], 200, { trace });
    const tool = sdk(
      `${id}2<2`,
      [at + 61, at + 99],
      "execute_tool search",
      { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search" },
      { trace, kind: "client" },
    );
    return index < 998 ? [call, request, tool] : [call, request];
  });
  return [
    web("1", [0, 100_000], "POST /agent", { "app.feature": "agent" }, { trace }),
    sdk(
      "2<1",
      [0, 99_999],
      "invoke_agent runner",
      { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "runner" },
      { trace },
    ),
    ...steps.flat(),
  ];
}

// 1,499,500 at $0.25 and 10,000 at $2.
const cost = "0.394875000000";

test("a trace of 3,000 spans settles right, in pieces as in one (comet-ml/opik#4136)", async () => {
  const spans = longRun();
  expect(spans).toHaveLength(3_000);
  const whole = await openStore();
  await sendTo(whole, ...spans);
  const result = await read(whole.store);
  expect(result.total).toMatchObject({ calls: 1_000, cost_usd: cost });
  expect(result.records.map((record) => record["loop_iteration"])).toEqual(
    Array.from({ length: 1_000 }, (_, index) => index + 1),
  );
  expect(new Set(result.records.map((record) => record["retry_count"]))).toEqual(new Set([0]));
  const pieces = await openStore();
  // The root comes last, as it ends last; every third batch is looked at in between.
  const backwards = spans.toReversed();
  for (let from = 0; from < spans.length; from += 500) {
    await sendTo(pieces, ...backwards.slice(from, from + 500));
    if (from % 1_500 === 0) await pieces.store.settle();
  }
  expect(await read(pieces.store)).toEqual(result);
}, 60_000);

test("`spancost trace` shows every span of it (comet-ml/opik#4136)", async () => {
  const folder = mkdtempSync(join(tmpdir(), "spancost-threads-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "run.pb"), encodeRequest(requestOf(longRun())));
  const spancost = (...args: readonly string[]) =>
    promisify(execFile)(
      process.execPath,
      ["--conditions=spancost-source", resolve("packages/cli/src/main.ts"), ...args],
      { cwd: folder, maxBuffer: 64e6, env: { PATH: process.env["PATH"] } },
    );
  await spancost("ingest", "run.pb");
  const { stdout } = await spancost("trace", traceId(), "--json");
  const { rows, total } = JSON.parse(stdout);
  expect(rows).toHaveLength(3_000);
  expect([total.calls, total.cost_usd]).toEqual([1_000, Number(cost)]);
}, 60_000);

test("a month's view reads calls, which are settled, and no spans (langfuse/langfuse#2034)", async () => {
  const pipeline = await openStore();
  await sendTo(pipeline, ...longRun(1), ...longRun(2));
  const folder = mkdtempSync(join(tmpdir(), "spancost-threads-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await pipeline.store.snapshot(join(folder, "copy.duckdb"));
  const instance = await DuckDBInstance.create(join(folder, "copy.duckdb"));
  onTestFinished(() => instance.closeSync());
  const connection = await instance.connect();
  for (const name of ["daily-spend-by", "hourly-spend", "spike-by-feature", "spike-by-model"]) {
    const plan = await connection.runAndReadAll(`explain (format json) ${readQueryFile(name).sql}`);
    const tables = new Set(tablesOf(JSON.parse(String(plan.getRows()[0]?.[1]))));
    expect([name, [...tables]]).toEqual([name, ["calls"]]);
  }
});

/** A step of DuckDB's plan: what it scans, and the steps that it takes its rows from. */
interface Step {
  readonly children: readonly Step[];
  readonly extra_info: { readonly Table?: string };
}

function tablesOf(plan: readonly Step[]): string[] {
  return plan.flatMap(({ children, extra_info: { Table: table } }) => [
    ...(table === undefined ? [] : [table.replaceAll('"', "").replace(/^.*\./, "")]),
    ...tablesOf(children),
  ]);
}
