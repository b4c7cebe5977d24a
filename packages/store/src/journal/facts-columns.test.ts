import { DuckDBInstance } from "@duckdb/node-api";
import type { SpanFacts } from "@spancost/records";
import fc from "fast-check";
import { expect, test } from "vitest";
import { appendFacts, writeFrames } from "../append.ts";
import { migrate } from "../migrations.ts";
import { rowsOf as allRowsOf } from "../rows.ts";
import { FactsColumns } from "./facts-columns.ts";
import { FactsWriter } from "./facts-writer.ts";

async function database() {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await migrate(connection, ":memory:");
  const rowsOf = async (sql: string) => (await allRowsOf(await connection.run(sql))).rows;
  const everything = async () => ({
    spans: await rowsOf("from span_facts order by all"),
    traces: await rowsOf(`
      select trace_id, min(first_started_at) as first, max(last_started_at) as last, sum(spans)::integer as spans
      from dirty_traces
      group by trace_id
      order by trace_id`),
  });
  const empty = async () => {
    await connection.run("delete from span_facts");
    await connection.run("delete from dirty_traces");
  };
  return { connection, rowsOf, everything, empty };
}

function frameOf(facts: readonly SpanFacts[]) {
  const writer = new FactsWriter(0);
  for (const each of facts) writer.write(each);
  return { spans: facts.length, payload: Buffer.from(writer.finish()) };
}

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const hex = (bytes: number) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((id) => Buffer.from(id).toString("hex"));

const texts = fc.oneof(
  fc.constantFrom("gpt-5-mini", "gpt-5-mini-2025-08-07", "", "exactly12byt", "thirteen byte"),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.string({ unit: "binary", maxLength: 20 }),
  // Halves of surrogate pairs, which no UTF-8 has.
  fc.constantFrom("\ud800", "\udc00 and more than twelve bytes"),
);
const tokens = fc.nat({ max: 2 ** 53 - 2 });
const counts = fc.nat({ max: 2 ** 31 - 1 });
const money = fc.bigInt(-(10n ** 18n) + 1n, 10n ** 18n - 1n);
const times = fc.nat({ max: 10 ** 9 }).map((second) => 1_763_500_000_000_000 + second * 1000);

function each<Value>(names: string, value: fc.Arbitrary<Value>) {
  return Object.fromEntries(names.split(" ").map((name) => [name, maybe(value)]));
}

const anyFacts = fc
  .record({
    traceId: fc.oneof(hex(16), fc.constantFrom("0af7651916cd43dd8448eb211c80319c", "f".repeat(32))),
    spanId: hex(8),
    parentSpanId: maybe(hex(8)),
    startedAt: times,
    endedAt: times,
    pricedAt: maybe(times),
    name: texts,
    node: fc.constantFrom("call", "tool", "other"),
    kind: fc.nat({ max: 5 }),
    failed: fc.boolean(),
    modelRequest: fc.boolean(),
    servedFromCache: fc.boolean(),
    httpStatus: maybe(fc.nat({ max: 65_535 })),
    tags: maybe(
      fc
        .dictionary(
          texts.map((key) => key.toWellFormed()),
          texts,
        )
        .map((tags) => new Map(Object.entries(tags))),
    ),
    ...each(
      "errorType service environment release account region feature team userId conversationId agent promptName promptVersion defaultFeature defaultTeam defaultUserId defaultConversationId tool operation provider requestModel responseModel responseId serviceTier emitter emitterVersion dialect usageQuality usageIssue unpricedReason priceSource priceId",
      texts,
    ),
    ...each("units statedRetryCount statedLoopIteration statedAgentDepth", counts),
    ...each(
      "inputTokens cacheReadTokens cacheWriteTokens cacheWrite1hTokens outputTokens reasoningTokens inputAudioTokens inputImageTokens cacheReadAudioTokens outputAudioTokens outputImageTokens webSearches",
      tokens,
    ),
    ...each(
      "costUsd inputCostUsd cacheReadCostUsd cacheWriteCostUsd outputCostUsd otherCostUsd reportedCostUsd",
      money,
    ),
  })
  .map((facts) => facts as unknown as SpanFacts);

const always = Number.NEGATIVE_INFINITY;

test("frames come to the same rows as the spans that they were made of, whatever these hold", async () => {
  const { connection, everything, empty } = await database();
  const columns = new FactsColumns();
  const batches = fc.array(fc.array(anyFacts, { maxLength: 12 }), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(batches, async (all) => {
      await empty();
      await appendFacts(connection, all.flat());
      const wanted = await everything();
      await empty();
      expect(await writeFrames(connection, all.map(frameOf), always, columns)).toBe(0);
      expect(await everything()).toEqual(wanted);
    }),
    { numRuns: 150 },
  );
});

const sample = (nth: number) =>
  ({
    traceId: Math.floor(nth / 7)
      .toString(16)
      .padStart(32, "0"),
    spanId: nth.toString(16).padStart(16, "0"),
    parentSpanId: undefined,
    startedAt: 1_763_500_000_000_000 + nth * 1000,
    endedAt: 1_763_500_000_000_000 + nth * 1000,
    name: `chat model number ${nth % 100}`,
    node: "call",
    kind: 3,
    failed: nth % 5 === 0,
    modelRequest: false,
    servedFromCache: false,
    // Absent from most of a chunk, and from whole chunks.
    ...(nth % 3001 === 0 && { inputTokens: nth, costUsd: BigInt(nth), service: "a rare service" }),
  }) as unknown as SpanFacts;

test("more spans than a chunk holds come to the same rows, in frames of any size", async () => {
  const { connection, everything, empty } = await database();
  const all = Array.from({ length: 9_000 }, (_, nth) => sample(nth));
  await appendFacts(connection, all);
  const wanted = await everything();
  for (const size of [1_000, 2_048, 4_097, 9_000]) {
    await empty();
    const frames = [];
    for (let from = 0; from < all.length; from += size) {
      frames.push(frameOf(all.slice(from, from + size)));
    }
    await writeFrames(connection, frames, always, new FactsColumns());
    expect(await everything()).toEqual(wanted);
  }
});

test("spans that began too early are left out, and mark no trace", async () => {
  const { connection, everything, empty } = await database();
  const all = Array.from({ length: 5_000 }, (_, nth) => sample((nth * 7919) % 5_000));
  const from = sample(1_234).startedAt;
  await appendFacts(
    connection,
    all.filter(({ startedAt }) => startedAt >= from),
  );
  const wanted = await everything();
  await empty();
  expect(await writeFrames(connection, [frameOf(all)], from, new FactsColumns())).toBe(1_234);
  expect(await everything()).toEqual(wanted);
});

test.each([
  ["a count that is no whole number", { inputTokens: 1.5 }, "1.5 is no exact whole number"],
  [
    "more money than fits",
    { inputCostUsd: 10n ** 18n },
    "1000000000000000000 has more than 18 digits",
  ],
  ["a status that is none", { httpStatus: 70_000 }, "70000 is no whole number from 0 to 65535"],
])("%s is refused, and what comes next is not touched by it", async (_, wrong, words) => {
  const { connection, rowsOf } = await database();
  const columns = new FactsColumns();
  const frame = frameOf([sample(1), { ...sample(2), ...wrong } as unknown as SpanFacts]);
  await connection.run("begin");
  await expect(writeFrames(connection, [frame], always, columns)).rejects.toThrow(words);
  await connection.run("rollback");
  await writeFrames(connection, [frameOf([sample(3)])], always, columns);
  expect(await rowsOf("select span_id, http_status, input_tokens from span_facts")).toEqual([
    { span_id: "0000000000000003", http_status: null, input_tokens: null },
  ]);
});

test("bytes that end too early, or go on, are refused", async () => {
  const { connection } = await database();
  const { payload } = frameOf([sample(0), sample(1)]);
  const write = (bytes: Buffer, spans: number) =>
    writeFrames(connection, [{ payload: bytes, spans }], always, new FactsColumns());
  await connection.run("begin");
  for (let length = 0; length < payload.byteLength; length++) {
    await expect(write(payload.subarray(0, length), 2)).rejects.toThrow(RangeError);
  }
  await expect(write(payload, 1)).rejects.toThrow("more bytes than spans");
  await connection.run("rollback");
});
