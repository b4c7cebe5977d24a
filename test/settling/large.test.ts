import { DuckDBInstance } from "@duckdb/node-api";
import { type SpanFacts, spanIdFromHex, type TraceId, traceIdFromHex } from "@spancost/records";
import { expect, onTestFinished, test } from "vitest";
import { appendFacts } from "../../packages/store/src/append.ts";
import { migrate } from "../../packages/store/src/migrations.ts";
import { settle } from "../../packages/store/src/settle.ts";
import { emptyFacts } from "./empty-facts.ts";

async function database() {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  onTestFinished(() => {
    connection.closeSync();
    instance.closeSync();
  });
  await migrate(connection, ":memory:");
  const first = async (sql: string) => (await connection.runAndReadAll(sql)).getRows()[0];
  return { connection, first };
}

const long = traceId(1);
const short = traceId(2);

function traceId(nth: number): TraceId {
  const id = traceIdFromHex(nth.toString(16).padStart(32, "0"));
  if (id === undefined) throw new Error(`${nth} makes no trace id`);
  return id;
}

function span(trace: TraceId, nth: number, parent: number | undefined, node: SpanFacts["node"]) {
  const id = (number: number) => spanIdFromHex(number.toString(16).padStart(16, "0"));
  const at = 1_763_500_000_000_000;
  return {
    ...emptyFacts,
    traceId: trace,
    spanId: id(nth),
    parentSpanId: parent === undefined ? undefined : id(parent),
    startedAt: at + nth,
    endedAt: at + 1_000_000 - nth,
    node,
    ...(node === "call" && { usageQuality: "measured", emitter: "sdk", inputTokens: nth }),
  } as unknown as SpanFacts;
}

test("what stands at the root reaches a call 5,000 levels below", async () => {
  const { connection, first } = await database();
  const chain = Array.from({ length: 5_000 }, (_, index) =>
    span(long, index + 1, index === 0 ? undefined : index, index === 4_999 ? "call" : "other"),
  );
  const root = { ...chain[0], feature: "search", name: "GET /" } as SpanFacts;
  await appendFacts(connection, [...chain.slice(1).toReversed(), root]);
  await settle(connection);
  expect(await first("select feature, entry_point, count(*) over () from calls")).toEqual([
    "search",
    "GET /",
    1n,
  ]);
}, 20_000);

test("of calls nested 2,000 deep the innermost is billed: the others wrap it", async () => {
  const { connection, first } = await database();
  await appendFacts(
    connection,
    Array.from({ length: 2_000 }, (_, index) => ({
      ...span(long, index + 1, index === 0 ? undefined : index, "call"),
      inputTokens: 7 as SpanFacts["inputTokens"],
      outputTokens: 1 as SpanFacts["outputTokens"],
    })),
  );
  await settle(connection);
  expect(await first("select count(*), min(span_id) from calls")).toEqual([1n, "00000000000007d0"]);
}, 20_000);

test("a large trace that grew a little waits for whoever reads", async () => {
  const { connection, first } = await database();
  const calls = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => span(long, from + index, undefined, "call"));
  await appendFacts(connection, calls(1, 10_001));
  expect(await settle(connection, { patient: true })).toBe(1);
  await appendFacts(connection, [...calls(10_001, 10_501), span(short, 1, undefined, "call")]);
  expect(await settle(connection, { patient: true })).toBe(1);
  expect(await first("select count(*) from calls")).toEqual([10_001n]);
  expect(await settle(connection, { patient: true })).toBe(0);
  expect(await settle(connection)).toBe(1);
  expect(await first("select count(*) from calls")).toEqual([10_501n]);
  // A tenth more is no longer little.
  await appendFacts(connection, calls(10_501, 11_551));
  expect(await settle(connection, { patient: true })).toBe(1);
  expect(await first("select count(*) from calls")).toEqual([11_551n]);
  expect(await first("select count(*) from dirty_traces")).toEqual([0n]);
}, 20_000);
