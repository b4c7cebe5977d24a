import type { OtlpRequest, OtlpValue } from "@spancost/receiver";
import { keepAttribute } from "@spancost/semconv";
import fc from "fast-check";
import { knownKeys } from "./known-keys.ts";

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom("", "chat", "gpt-5-mini", "claude-haiku-4-5", "openai", "{}", "[1,2", "\u0000"),
  fc.integer({ min: 200, max: 5_000 }).map((length) => "é".repeat(length)),
);

const int64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -3n, max: 5_000n }),
  fc.constantFrom(2n ** 53n, 2n ** 53n + 1n, 2n ** 31n, -1n),
);

/** JSON inside a string, as several emitters keep their usage. */
const embedded = fc
  .record({
    input_tokens: fc.oneof(fc.double(), fc.string(), fc.constant(null), fc.nat(5_000)),
    usage: fc.json({ maxDepth: 3 }),
    usage_metadata: fc.record({ input_tokens: fc.nat(), total_tokens: fc.anything() }),
  })
  .map((value) => JSON.stringify(value) ?? "");

const { value } = fc.letrec<{ value: OtlpValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.record({ stringValue: fc.oneof(text, embedded) }),
    fc.record({ intValue: int64.map(String) }),
    fc.record({ doubleValue: fc.double() }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ bytesValue: fc.base64String({ maxLength: 20 }) }),
    fc.constant({}),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie("value"), { maxLength: 5 }) }) }),
    fc.record({
      kvlistValue: fc.record({
        values: fc.array(fc.record({ key: text, value: tie("value") }), { maxLength: 5 }),
      }),
    }),
  ),
}));

/** Names that are looked at, and some that are not. */
const key = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...knownKeys().filter(keepAttribute)) },
  { weight: 1, arbitrary: text },
);

const attributes = fc.array(fc.record({ key, value }), { maxLength: 12 });

function hex(bytes: number) {
  return fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((id) => Buffer.from(id).toString("hex"));
}

const id = (bytes: number) =>
  fc.oneof(
    { weight: 12, arbitrary: hex(bytes) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 33 }).chain(hex) },
    { weight: 1, arbitrary: fc.constant("0".repeat(bytes * 2)) },
  );

const nanos = fc
  .oneof(
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.bigInt({ min: 1_790_000_000_000_000_000n, max: 1_795_000_000_000_000_000n }),
    fc.constantFrom(0n, 1n, 2n ** 63n, 2n ** 64n - 1n),
  )
  .map(String);

const span = fc.record(
  {
    traceId: id(16),
    spanId: id(8),
    parentSpanId: id(8),
    name: text,
    kind: fc.integer({ min: -2, max: 99 }),
    startTimeUnixNano: nanos,
    endTimeUnixNano: nanos,
    attributes,
    events: fc.array(fc.record({ name: text, timeUnixNano: nanos }), { maxLength: 3 }),
    status: fc.record({ code: fc.integer({ min: -1, max: 9 }), message: text }),
  },
  { requiredKeys: ["traceId", "spanId"] },
);

const scope = fc.record({
  name: fc.oneof(
    text,
    fc.constantFrom("ai", "openinference.instrumentation.openai", "langfuse-sdk", "litellm"),
  ),
  version: text,
});

/** Requests that are OTLP in form and anything in content: every name that is looked at, with every kind of value. */
export const requests: fc.Arbitrary<OtlpRequest> = fc.record({
  resourceSpans: fc.array(
    fc.record({
      resource: fc.record({ attributes }),
      scopeSpans: fc.array(
        fc.record({ scope, spans: fc.array(span, { maxLength: 4 }) }, { requiredKeys: ["spans"] }),
        { maxLength: 2 },
      ),
    }),
    { maxLength: 2 },
  ),
});
