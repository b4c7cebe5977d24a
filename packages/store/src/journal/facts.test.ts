import type { SpanFacts } from "@spancost/records";
import {
  array,
  assert,
  bigInt,
  boolean,
  constantFrom,
  dictionary,
  double,
  nat,
  oneof,
  option,
  property,
  record,
  string,
  uint8Array,
} from "fast-check";
import { expect, test } from "vitest";
import { readFacts } from "./facts-reader.ts";
import { FactsWriter } from "./facts-writer.ts";

const hex = (bytes: number) =>
  uint8Array({ minLength: bytes, maxLength: bytes }).map((id) => Buffer.from(id).toString("hex"));
const maybe = <Value>(values: Parameters<typeof option<Value>>[0]) =>
  option(values, { nil: undefined });
const texts = oneof(
  constantFrom("gpt-5-mini", "openai", "", "genai-prices@0.1.8"),
  string({ unit: "grapheme", maxLength: 300 }),
);
const counts = oneof(
  nat(),
  nat({ max: 2 ** 31 - 1 }).map((high) => high * 1000),
  // Minus zero would be read as zero.
  double().map((value) => value + 0),
);
const money = bigInt(-(2n ** 63n), 2n ** 63n - 1n);
const times = nat().map((seconds) => 1_763_500_000_000_000 + seconds);

const textFields =
  "errorType service environment release account region feature team userId conversationId agent promptName promptVersion defaultFeature defaultTeam defaultUserId defaultConversationId tool operation provider requestModel responseModel responseId serviceTier emitter emitterVersion dialect usageQuality usageIssue unpricedReason priceSource priceId";
const countFields =
  "units statedRetryCount statedLoopIteration statedAgentDepth httpStatus inputTokens cacheReadTokens cacheWriteTokens cacheWrite1hTokens outputTokens reasoningTokens inputAudioTokens inputImageTokens cacheReadAudioTokens outputAudioTokens outputImageTokens webSearches";
const moneyFields =
  "costUsd inputCostUsd cacheReadCostUsd cacheWriteCostUsd outputCostUsd otherCostUsd reportedCostUsd";

function each<Value>(names: string, value: Value): Record<string, Value> {
  return Object.fromEntries(names.split(" ").map((name) => [name, value]));
}

const anyFacts = record({
  traceId: oneof(hex(16), constantFrom("0af7651916cd43dd8448eb211c80319c")),
  spanId: hex(8),
  parentSpanId: maybe(hex(8)),
  startedAt: times,
  endedAt: times,
  pricedAt: maybe(times),
  name: texts,
  node: constantFrom("call", "tool", "other"),
  kind: nat({ max: 5 }),
  failed: boolean(),
  modelRequest: boolean(),
  servedFromCache: boolean(),
  tags: maybe(dictionary(texts, texts).map((tags) => new Map(Object.entries(tags)))),
  ...each(textFields, maybe(texts)),
  ...each(countFields, maybe(counts)),
  ...each(moneyFields, maybe(money)),
}).map((facts) => facts as unknown as SpanFacts);

function written(all: readonly SpanFacts[]): Buffer {
  const writer = new FactsWriter(7);
  for (const facts of all) writer.write(facts);
  return writer.finish().subarray(7);
}

test("spans are read as they were written, whatever they hold", () => {
  assert(
    property(array(anyFacts, { maxLength: 12 }), (all) => {
      expect(readFacts({ payload: written(all), spans: all.length })).toEqual(all);
    }),
    { numRuns: 300 },
  );
});

test("texts that occur again take one byte or two", () => {
  const [first] = readFacts({ payload: written([sample]), spans: 1 });
  const alone = written([first as SpanFacts]).byteLength;
  const twice = written([sample, { ...sample, spanId: "00000000000000aa" as never }]).byteLength;
  expect(twice - alone).toBeLessThan(alone / 2);
});

test("after going back, a span that could not be written and those before it are as if they had not been tried", () => {
  const writer = new FactsWriter(0);
  writer.write(sample);
  const { bytes } = writer;
  const mark = writer.mark();
  writer.write({ ...sample, service: "never seen", traceId: `${"0".repeat(31)}1` } as never);
  const tooMuch = { ...sample, service: "nor this", costUsd: (2n ** 63n) as never };
  expect(() => writer.write(tooMuch)).toThrow(RangeError);
  expect(() => writer.write({ ...sample, spanId: "xyz" as never })).toThrow(RangeError);
  writer.goBack(mark);
  expect([writer.bytes, writer.spans]).toEqual([bytes, 1]);
  writer.write({ ...sample, service: "never seen" });
  const [, second] = readFacts({ payload: writer.finish(), spans: 2 });
  expect(second?.service).toBe("never seen");
});

test("bytes that end too early, or go on, are not read as spans", () => {
  const bytes = written([sample, sample]);
  for (let length = 0; length < bytes.byteLength; length++) {
    expect(() => readFacts({ payload: bytes.subarray(0, length), spans: 2 })).toThrow(RangeError);
  }
  expect(() => readFacts({ payload: bytes, spans: 1 })).toThrow("more bytes than spans");
});

const sample = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  parentSpanId: undefined,
  startedAt: 1_763_500_000_000_000,
  endedAt: 1_763_500_001_500_000,
  name: "chat gpt-5-mini",
  node: "call",
  kind: 3,
  failed: false,
  modelRequest: false,
  servedFromCache: false,
  service: "support-api",
  requestModel: "gpt-5-mini",
  inputTokens: 1523,
  costUsd: 1_234_567_890n,
} as unknown as SpanFacts;
