import { existsSync, globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { JsonDecoder } from "./decode-json.ts";
import { ProtobufDecoder } from "./decode-protobuf.ts";
import { decodeRequest } from "./decoder.ts";
import { encodeRequest, type OtlpRequest, type OtlpValue } from "./encode-request.ts";

const options = { keepAttribute: (key: string) => !key.startsWith("x") };
const protobuf = new ProtobufDecoder(options);
const json = new JsonDecoder(options);

const captures = fileURLToPath(new URL("../../../test/captures", import.meta.url));
const pairs = globSync("*/*.traces.otlp.pb", { cwd: captures }).toSorted();

test("there are recorded traces to compare", () => {
  expect(pairs.length).toBeGreaterThan(100);
});

test.each(pairs)("%s gives the same spans as its JSON", (file) => {
  const path = `${captures}/${file}`;
  const jsonPath = path.replace(/\.pb$/, ".json");
  expect(existsSync(jsonPath)).toBe(true);
  const decoded = decodeRequest(protobuf, readFileSync(path));
  expect(decoded).toEqual(decodeRequest(json, readFileSync(jsonPath)));
  expect(decoded).toMatchObject({ rejected: 0, problems: [] });
  expect(decoded.spans.length).toBeGreaterThan(0);
});

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const text = fc.string({ unit: "grapheme", maxLength: 20 });
const hex = (bytes: number) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((id) => Buffer.from(id).toString("hex"));
const nanos = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);

/** -0 has no JSON, and NaN only a name: both are left out here. */
const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);

const { value } = fc.letrec<{ value: OtlpValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.record({ stringValue: text }),
    fc.record({ intValue: int64.map(String) }),
    fc.record({ doubleValue: double }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ bytesValue: fc.constant("AAEC") }),
    fc.constant({}),
    fc.record({
      arrayValue: fc.record({ values: fc.array(tie("value"), { maxLength: 10 }) }),
    }),
    fc.record({
      kvlistValue: fc.record({ values: fc.array(fc.record({ key: text, value: tie("value") })) }),
    }),
  ),
}));

const attributes = fc.array(fc.record({ key: text, value }), { maxLength: 8 });
const id = (bytes: number) => fc.oneof({ weight: 9, arbitrary: hex(bytes) }, hex(bytes - 1));

const span = fc.record(
  {
    traceId: id(16),
    spanId: id(8),
    parentSpanId: id(8),
    name: text,
    kind: fc.integer({ min: 0, max: 7 }),
    startTimeUnixNano: nanos,
    endTimeUnixNano: nanos,
    attributes,
    events: fc.array(fc.record({ name: text }, { requiredKeys: [] }), { maxLength: 3 }),
    status: fc.record(
      { code: fc.integer({ min: 0, max: 3 }), message: text },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ["traceId", "spanId"] },
);

const request: fc.Arbitrary<OtlpRequest> = fc.record({
  resourceSpans: fc.array(
    fc.record({
      resource: fc.record({ attributes }),
      scopeSpans: fc.array(
        fc.record({
          scope: fc.record({ name: text, version: text }),
          spans: fc.array(span, { maxLength: 3 }),
        }),
        { maxLength: 3 },
      ),
    }),
    { maxLength: 3 },
  ),
});

test("A11 A12 any request gives the same spans in both encodings", () => {
  fc.assert(
    fc.property(request, (sent) => {
      const fromProtobuf = decodeRequest(protobuf, encodeRequest(sent));
      const fromJson = decodeRequest(json, Buffer.from(JSON.stringify(sent)));
      expect(fromProtobuf.spans).toEqual(fromJson.spans);
      expect(fromProtobuf.rejected).toBe(fromJson.rejected);
    }),
    { numRuns: 500 },
  );
}, 30_000);
