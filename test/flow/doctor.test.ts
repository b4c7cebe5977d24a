import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCommand } from "./command.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spancost-doctor-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function findings(...args: readonly string[]) {
  const { code, stdout } = await runCommand(folder, ["doctor", ...args, "--json"]);
  const { schema, rows } = JSON.parse(stdout);
  expect(schema).toBe("spancost/doctor@1");
  return { code, codes: rows.map((row: { code: string }) => row.code), rows };
}

test("where nothing is, it says how to begin", async () => {
  const { code, rows } = await findings();
  expect(code).toBe(0);
  expect(rows).toMatchObject([{ code: "nothing_received", fix: "spancost serve" }]);
});

test("a service without instrumentation is an error, with the line to type", async () => {
  mkdirSync(join(folder, "app"));
  writeFileSync(
    join(folder, "app/package.json"),
    '{"name": "app", "dependencies": {"openai": "6"}}',
  );
  const { code, rows } = await findings("app");
  expect(code).toBe(1);
  expect(rows).toContainEqual(
    expect.objectContaining({
      code: "instrumentation_missing",
      fix: "npm install @spancost/instrumentation",
    }),
  );
});

test("received calls are told with what they lack", async () => {
  const capture = resolve("test/captures/otel-openai/chat.traces.otlp.pb");
  await runCommand(folder, ["ingest", capture]);
  const { code, codes, rows } = await findings("--timezone", "Asia/Kolkata");
  expect(code).toBe(0);
  expect(codes).toContain("received");
  const last = (text: string) => / the last at (.*)\.$/m.exec(text)?.[1];
  const isReceived = (row: { code: string }) => row.code === "received";
  const { message } = rows.find(isReceived);
  const { stdout } = await runCommand(folder, ["doctor", "--timezone", "Asia/Kolkata"]);
  // Data is in UTC; what people read is as their clocks show it.
  expect([last(message), last(stdout)]).toEqual([
    "2026-11-21 00:50:25 UTC",
    "2026-11-21 06:20:25 Asia/Kolkata",
  ]);
});

const mlflowBeside = resolve("test/captures/mlflow-apart-both/tool-loop.traces.otlp.json");

test("calls that two emitters tell of in different traces are told, with the query that shows them", async () => {
  await runCommand(folder, ["ingest", mlflowBeside]);
  const { code, rows } = await findings();
  expect(code).toBe(0);
  expect(rows).toContainEqual({
    about: "received",
    code: "told_in_two_traces",
    severity: "warning",
    message:
      "4 calls of support-api in the 24 hours up to the last are counted twice, $0.0013 too much: " +
      "openinference.instrumentation.openai and mlflow.tracing.provider tell of them in different traces.",
    fix:
      "spancost query told-in-two-traces --since 2026-11-21T21:05Z   # turn one of the two off for that service, " +
      "or give both one tracer provider: MLFLOW_USE_DEFAULT_TRACER_PROVIDER=false",
  });
  const shown = await runCommand(folder, [
    ..."query told-in-two-traces --json --since 2026-11-21T21:05Z --until 2026-11-23".split(" "),
  ]);
  expect(JSON.parse(shown.stdout).rows).toMatchObject([{ calls: 4, surplus_cost_usd: 0.0013144 }]);
});

/** Reads the recording in, changed; its resources are those of the service and of MLflow. */
async function ingestChanged(change: (resource: OtlpResource) => void): Promise<void> {
  const { resourceSpans } = JSON.parse(readFileSync(mlflowBeside, "utf8"));
  for (const resource of resourceSpans) change(resource);
  writeFileSync(join(folder, "changed.json"), JSON.stringify({ resourceSpans }));
  await runCommand(folder, ["ingest", "changed.json"]);
}

interface OtlpResource {
  resource: { attributes: OtlpAttribute[] };
  scopeSpans: { scope: { name: string }; spans?: { attributes: OtlpAttribute[] }[] }[];
}

interface OtlpAttribute {
  key: string;
  value: { stringValue?: string };
}

test("of a gateway that was not handed the trace, both services are named", async () => {
  await ingestChanged(({ resource, scopeSpans }) => {
    if (scopeSpans[0]?.scope.name !== "mlflow.tracing.provider") return;
    const service = resource.attributes.find(({ key }) => key === "service.name");
    if (service !== undefined) service.value.stringValue = "gateway";
  });
  const told = await toldInTwoTraces();
  expect(told).toMatchObject([
    {
      message: expect.stringMatching(
        /^4 calls in the 24 .* openinference.instrumentation.openai in support-api and mlflow.tracing.provider in gateway tell/,
      ),
      fix: expect.stringMatching(
        /# hand the trace on from one to the other \(traceparent\), or turn one of the two off$/,
      ),
    },
  ]);
});

test("two emitters of which now one tells more and now the other are one finding", async () => {
  await ingestChanged(({ scopeSpans }) => {
    const scope = scopeSpans.find(({ scope }) => scope.name.startsWith("openinference"));
    const call = scope?.spans?.[0];
    if (call === undefined) return;
    call.attributes = call.attributes.filter(({ key }) => !key.startsWith("llm.token_count."));
    const answer = call.attributes.find(({ key }) => key === "output.value");
    if (answer !== undefined) answer.value.stringValue = '{"id": "chatcmpl-1"}';
  });
  const shown = await runCommand(folder, ["query", "told-in-two-traces", "--json"]);
  expect(JSON.parse(shown.stdout).rows).toMatchObject([{ calls: 3 }, { calls: 1 }]);
  expect(await toldInTwoTraces()).toMatchObject([
    { message: expect.stringMatching(/^4 calls of support-api .* \$0\.0009\d too much/) },
  ]);
});

async function toldInTwoTraces() {
  const { rows } = await findings();
  return rows.filter((row: { code: string }) => row.code === "told_in_two_traces");
}

test("what is to be typed asks the database that was asked", async () => {
  await runCommand(folder, ["ingest", "--db", "own.duckdb", mlflowBeside]);
  const { stdout } = await runCommand(folder, ["doctor", "--db", "own.duckdb"]);
  expect(stdout).toContain("→ spancost query --db own.duckdb told-in-two-traces --since");
});

test("of a receiver that does not know what counts twice, the rest is told", async () => {
  const sums = { spans: 5, calls: 2, last_call: "2026-11-22T21:05:21Z", unpriced: 1, services: 1 };
  const receiver = createServer(({ url }, response) => {
    const isNamed = new URL(url ?? "", "http://localhost").searchParams.has("name");
    const rows = { schema: "spancost/query@1", window: null, rows: [sums], warnings: [] };
    const unknown = { error: { exit_code: 2, message: "there is no such query." } };
    response.writeHead(isNamed ? 400 : 200, { "Content-Type": "application/json" });
    response.end(JSON.stringify(isNamed ? unknown : rows));
  });
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  try {
    const { port } = receiver.address() as AddressInfo;
    const { codes, rows } = await findings("--url", `http://127.0.0.1:${port}`);
    expect(codes).toEqual(["received", "unpriced", "told_in_two_traces"]);
    expect(rows[2].message).toBe(
      "Whether calls are counted twice could not be found out: there is no such query.",
    );
  } finally {
    receiver.close();
  }
});

test("a folder that is not there is named", async () => {
  const { code, stderr } = await runCommand(folder, ["doctor", "nowhere"]);
  expect([code, stderr]).toEqual([
    2,
    "spancost: there is no folder nowhere. Name the one of your service's package.json.\n",
  ]);
});
