import { expect, test } from "vitest";
import { JsonDecoder } from "./decode-json.ts";
import { ProtobufDecoder } from "./decode-protobuf.ts";
import { decodeRequest } from "./decoder.ts";
import { encodeRequest, type OtlpSpan } from "./encode-request.ts";
import { sampleRequest, sampleSpan } from "./testing/sample.ts";

const options = { keepAttribute: () => true };
const good = sampleSpan({ spanId: "00000000000000ff" });

function fromProtobuf(span: OtlpSpan) {
  const body = encodeRequest(sampleRequest(span, good));
  return decodeRequest(new ProtobufDecoder(options), body);
}

function fromJson(span: OtlpSpan) {
  const body = Buffer.from(JSON.stringify(sampleRequest(span, good)));
  return decodeRequest(new JsonDecoder(options), body);
}

const goodSpan = fromProtobuf(good).spans[1];

test.each([0, 1, 7, 8, 9, 15, 17, 32])("B14 a trace id of %i bytes refuses its span", (bytes) => {
  const span = sampleSpan({ traceId: "ab".repeat(bytes) });
  expect(fromProtobuf(span)).toEqual({
    spans: [goodSpan],
    rejected: 1,
    problems: [`span rejected: trace_id has ${bytes} bytes, not 16 (at byte 57)`],
  });
  const fault = bytes === 0 ? "is missing" : "is not 32 hex digits";
  expect(fromJson(span)).toEqual({
    spans: [goodSpan],
    rejected: 1,
    problems: [`span rejected: traceId ${fault} (at resourceSpans[0].scopeSpans[0].spans[0])`],
  });
});

test.each([0, 1, 7, 9, 16])("B14 a span id of %i bytes refuses its span", (bytes) => {
  const span = sampleSpan({ spanId: "ab".repeat(bytes) });
  expect(fromProtobuf(span)).toEqual({
    spans: [goodSpan],
    rejected: 1,
    problems: [`span rejected: span_id has ${bytes} bytes, not 8 (at byte 57)`],
  });
  expect(fromJson(span)).toMatchObject({ spans: [goodSpan], rejected: 1 });
});

test.each([
  ["odd hex", "0af7651916cd43dd8448eb211c80319"],
  ["not hex", "0af7651916cd43dd8448eb211c80319g"],
  ["base64", "CvdlGRbNQ92ESOshHIAxnA=="],
  ["a number", 12345],
])("B14 a JSON trace id that is %s refuses its span", (_, traceId) => {
  const span = sampleSpan({ traceId: traceId as string });
  expect(fromJson(span)).toEqual({
    spans: [goodSpan],
    rejected: 1,
    problems: [
      "span rejected: traceId is not 32 hex digits (at resourceSpans[0].scopeSpans[0].spans[0])",
    ],
  });
});

test.each([
  ["traceId", "trace_id", 16],
  ["spanId", "span_id", 8],
])("B15 a %s of zeros refuses its span", (key, field, bytes) => {
  const span = sampleSpan({ [key]: "00".repeat(bytes) });
  expect(fromProtobuf(span)).toEqual({
    spans: [goodSpan],
    rejected: 1,
    problems: [`span rejected: ${field} is all zeros (at byte 57)`],
  });
  expect(fromJson(span)).toEqual({
    spans: [goodSpan],
    rejected: 1,
    problems: [`span rejected: ${key} is all zeros (at resourceSpans[0].scopeSpans[0].spans[0])`],
  });
});

test("B14 a parent id of the wrong length leaves its span without parent", () => {
  const span = sampleSpan({ parentSpanId: "abcd" });
  const orphan = { ...fromProtobuf(sampleSpan()).spans[0], parentSpanId: undefined };
  expect(fromProtobuf(span)).toEqual({
    spans: [orphan, goodSpan],
    rejected: 0,
    problems: ["parent_span_id is not 8 bytes: span kept without parent (at byte 57)"],
  });
  expect(fromJson(span)).toEqual({
    spans: [orphan, goodSpan],
    rejected: 0,
    problems: [
      "parentSpanId is not 16 hex digits: span kept without parent (at resourceSpans[0].scopeSpans[0].spans[0])",
    ],
  });
});

test("D06 ten thousand refused spans are told in one short sentence", () => {
  const bad = sampleSpan({ traceId: "" });
  const body = encodeRequest(sampleRequest(...Array(10_000).fill(bad)));
  expect(decodeRequest(new ProtobufDecoder(options), body)).toEqual({
    spans: [],
    rejected: 10_000,
    problems: ["span rejected: trace_id has 0 bytes, not 16 (10000 times, first at byte 59)"],
  });
});

test("D06 many kinds of problems are listed up to 16", () => {
  const spans = Array.from({ length: 40 }, (_, bytes) =>
    sampleSpan({ spanId: "ab".repeat(bytes + 9) }),
  );
  const { rejected, problems } = decodeRequest(
    new ProtobufDecoder(options),
    encodeRequest(sampleRequest(...spans)),
  );
  expect(rejected).toBe(40);
  expect(problems).toHaveLength(17);
  expect(problems[16]).toBe("24 more problems of other kinds");
});
