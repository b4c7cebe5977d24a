import { expect, test } from "vitest";
import { DecodeError } from "./decode-error.ts";
import { ProtobufDecoder } from "./decode-protobuf.ts";
import { type DecodedRequest, decodeRequest } from "./decoder.ts";
import { encodeRequest, type OtlpSpan } from "./encode-request.ts";
import { Problems } from "./problems.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";
import { sampleRequest, sampleSpan, sampleSpans } from "./testing/sample.ts";

const decoder = new ProtobufDecoder({ keepAttribute: (key) => !key.includes("prompt") });

function decode(body: Uint8Array): DecodedRequest {
  return decodeRequest(decoder, body);
}

/** The span that a request of `fields` gives. */
function spanOf(fields: OtlpSpan) {
  return decode(encodeRequest(sampleRequest(sampleSpan(fields)))).spans[0];
}

/** A request of one span whose fields are those of a whole span and then what `write` adds. */
function withFields(write: (span: ProtobufWriter) => void): Uint8Array {
  const ids = (span: ProtobufWriter) =>
    span.bytes(1, Buffer.alloc(16, 1)).bytes(2, Buffer.alloc(8, 2)).text(5, "chat");
  return new ProtobufWriter()
    .message(1, (list) => list.message(2, (scope) => scope.message(2, (span) => write(ids(span)))))
    .finish();
}

/** The attributes of a span whose only attribute has `write` for its value. */
function attributesOf(write: (value: ProtobufWriter) => void) {
  const body = withFields((span) =>
    span.message(9, (keyValue) => keyValue.text(1, "a").message(2, write)),
  );
  return decode(body).spans[0]?.attributes;
}

test("a span has what was sent, and no more", () => {
  expect(decode(encodeRequest(sampleRequest(sampleSpan())))).toEqual({
    spans: [
      {
        traceId: "0af7651916cd43dd8448eb211c80319c",
        spanId: "b7ad6b7169203331",
        parentSpanId: "00f067aa0ba902b7",
        name: "chat gpt-5-mini",
        kind: 3,
        failed: true,
        startedAt: 1_763_700_001_234_567,
        endedAt: 1_763_700_002_000_000,
        attributes: new Map<string, unknown>([
          ["gen_ai.request.model", "gpt-5-mini"],
          ["gen_ai.usage.input_tokens", 1523],
        ]),
        eventNames: ["exception"],
        scope: { name: "openai", version: "1.2.0" },
        resource: { attributes: new Map([["service.name", "support-api"]]) },
      },
    ],
    rejected: 0,
    problems: [],
  });
});

test("spans of one list share their scope and resource", () => {
  const { spans } = decode(encodeRequest(sampleRequest(...sampleSpans(2))));
  expect(spans[1]?.scope).toBe(spans[0]?.scope);
  expect(spans[1]?.resource).toBe(spans[0]?.resource);
});

test("attributes that are not kept are skipped, on spans and resources", () => {
  const attributes = [
    { key: "gen_ai.prompt", value: { stringValue: "a secret" } },
    { key: "a", value: { stringValue: "b" } },
  ];
  const span = sampleSpan({ attributes });
  const { spans } = decode(
    encodeRequest({
      resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: [span] }] }],
    }),
  );
  expect(spans[0]?.attributes).toEqual(new Map([["a", "b"]]));
  expect(spans[0]?.resource.attributes).toEqual(new Map([["a", "b"]]));
});

test.each<[string, (value: ProtobufWriter) => void, unknown]>([
  ["string", (value) => value.text(1, "é"), "é"],
  ["bool", (value) => value.varint(2, 1), true],
  ["false", (value) => value.varint(2, 0), false],
  ["int", (value) => value.varint(3, 1523), 1523],
  ["negative int", (value) => value.varint(3, -1), -1],
  ["largest exact int", (value) => value.varint(3, 2n ** 53n - 1n), 2 ** 53 - 1],
  ["int beyond a double", (value) => value.varint(3, 2n ** 53n + 1n), 2n ** 53n + 1n],
  ["largest int64", (value) => value.varint(3, 2n ** 63n - 1n), 2n ** 63n - 1n],
  ["smallest int64", (value) => value.varint(3, -(2n ** 63n)), -(2n ** 63n)],
  ["double", (value) => value.double(4, 0.25), 0.25],
  ["NaN", (value) => value.double(4, Number.NaN), Number.NaN],
  ["array", (value) => value.message(5, (list) => list.message(1, (v) => v.text(1, "x"))), ["x"]],
  ["the last of two", (value) => value.text(1, "x").varint(3, 7), 7],
  [
    "array in two parts, joined",
    (value) =>
      value
        .message(5, (list) => list.message(1, (v) => v.text(1, "x")))
        .message(5, (list) => list.message(1, (v) => v.varint(3, 7))),
    ["x", 7],
  ],
])("attribute value: %s", (_, write, value) => {
  expect(attributesOf(write)).toEqual(new Map([["a", value]]));
});

test.each<[string, (value: ProtobufWriter) => void]>([
  ["empty", () => undefined],
  ["map", (value) => value.message(6, (map) => map.message(1, (pair) => pair.text(1, "k")))],
  ["bytes", (value) => value.bytes(7, Buffer.from("x"))],
  ["index into a string table", (value) => value.varint(8, 3)],
  ["string, then map", (value) => value.text(1, "x").bytes(6, Buffer.alloc(0))],
  ["string of the wrong wire type", (value) => value.varint(1, 3)],
])("attribute value that is not kept: %s", (_, write) => {
  expect(attributesOf(write)).toEqual(new Map());
});

test("a value that comes in two parts is the value of both", () => {
  const body = withFields((span) =>
    span.message(9, (keyValue) =>
      keyValue
        .message(2, (value) => value.text(1, "x"))
        .text(1, "a")
        .message(2, () => undefined),
    ),
  );
  expect(decode(body).spans[0]?.attributes).toEqual(new Map([["a", "x"]]));
});

test("resource, scope and status that come in parts, and after the spans, are merged", () => {
  const part = (key: string) => (resource: ProtobufWriter) =>
    resource.message(1, (keyValue) => keyValue.text(1, key).message(2, (v) => v.text(1, "x")));
  const body = new ProtobufWriter()
    .message(1, (list) =>
      list
        .message(2, (scopeSpans) =>
          scopeSpans
            .message(2, (span) =>
              span
                .bytes(1, Buffer.alloc(16, 1))
                .bytes(2, Buffer.alloc(8, 2))
                .message(15, (status) => status.varint(3, 2))
                .message(15, (status) => status.text(2, "said later")),
            )
            .message(1, (scope) => scope.text(1, "openai").text(2, "1"))
            .message(1, (scope) => scope.text(2, "2")),
        )
        .message(1, part("a"))
        .message(1, part("b")),
    )
    .finish();
  expect(decode(body).spans[0]).toMatchObject({
    failed: true,
    scope: { name: "openai", version: "2" },
    resource: {
      attributes: new Map([
        ["a", "x"],
        ["b", "x"],
      ]),
    },
  });
});

test.each<[string, (span: ProtobufWriter) => void]>([
  ["unknown fields", (span) => span.varint(99, 1).text(98, "x").double(97, 1)],
  ["kind as text", (span) => span.text(6, "client")],
  ["name as a number", (span) => span.varint(5, 7)],
  ["times as varints", (span) => span.varint(7, 1).varint(8, 2)],
  ["an attribute as a number", (span) => span.varint(9, 1)],
  ["status as a double", (span) => span.double(15, 2)],
  ["links that are no messages", (span) => span.bytes(13, Buffer.from("ffffff", "hex"))],
])("fields of %s are skipped", (_, write) => {
  const { spans, problems } = decode(withFields(write));
  expect(spans).toEqual(decode(withFields(() => undefined)).spans);
  expect(problems).toEqual([]);
});

test.each([
  ["0", 0],
  ["999", 0],
  ["1000", 1],
  ["1763700001234567890", 1_763_700_001_234_567],
  ["4294967295999999999", 4_294_967_295_999_999],
  ["8993721600000001000", 8_993_721_600_000_000],
  ["18446744073709551615", 8_993_721_600_000_000],
])("a time of %s ns is %i µs, and 2255 at most", (nanos, micros) => {
  const span = spanOf({ startTimeUnixNano: nanos, endTimeUnixNano: "0" });
  expect(span).toMatchObject({ startedAt: micros, endedAt: 0 });
});

test.each([
  [0, 0],
  [5, 5],
  [6, 0],
  [99, 0],
  [-1, 0],
])("kind %i is kept as %i", (sent, kind) => {
  expect(spanOf({ kind: sent })?.kind).toBe(kind);
});

test("names that are not UTF-8 have U+FFFD in them", () => {
  const body = withFields((span) => span.bytes(5, Buffer.from([0x61, 0xff])));
  expect(decode(body).spans[0]?.name).toBe("a\ufffd");
});

test("spans come in batches, and all of them", () => {
  const body = encodeRequest(sampleRequest(...sampleSpans(10)));
  const batches = [...decoder.batches(body, new Problems(), 4)];
  expect(batches.map((spans) => spans.length)).toEqual([4, 4, 2]);
  expect(batches.flat()).toEqual(decode(body).spans);
});

test("the old list of spans is ignored with a warning", () => {
  const body = new ProtobufWriter()
    .message(1, (list) => list.message(1000, () => undefined))
    .finish();
  expect(decode(body)).toEqual({
    spans: [],
    rejected: 0,
    problems: [
      "instrumentation_library_spans ignored: OTLP has scope_spans in its place since 0.15 (at byte 4)",
    ],
  });
});

test.each([
  ["0a", "1 bytes wanted, 0 left", 1],
  ["0a 05 0a", "5 bytes wanted, 1 left", 1],
  ["0a 04 12 02 12 05", "5 bytes wanted, 0 left", 5],
  ["0c", "the end of no group", 1],
])("%s is refused as a whole: %s", (hex, problem, offset) => {
  const body = Buffer.from(hex.replaceAll(" ", ""), "hex");
  expect(() => decode(body)).toThrow(new DecodeError(problem, offset));
});
