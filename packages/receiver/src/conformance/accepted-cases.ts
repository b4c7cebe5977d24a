import { encodeRequest, type OtlpValue } from "../encode-request.ts";
import { ProtobufWriter } from "../protobuf-writer.ts";
import { sampleRequest, sampleSpan, sampleSpans } from "../testing/sample.ts";
import { both, type Case, oneSpan, onlyJson, protobufSpan, withIds } from "./case.ts";

/** A service of 250 spans in two scopes. */
function service(name: string, traceId: string, firstId: number) {
  const spans = sampleSpans(250).map((span, index) => ({
    ...span,
    traceId,
    spanId: (firstId + index).toString(16).padStart(16, "0"),
  }));
  return {
    resource: { attributes: [{ key: "service.name", value: { stringValue: name } }] },
    scopeSpans: [
      { scope: { name: `${name}-lib` }, spans: spans.slice(0, 125) },
      { scope: { name: "http" }, spans: spans.slice(125) },
    ],
  };
}

const everyValue: readonly OtlpValue[] = [
  { stringValue: "x" },
  { stringValue: "" },
  { boolValue: false },
  { intValue: "-1" },
  { doubleValue: 0.5 },
  { bytesValue: "AAEC" },
  {},
  { arrayValue: {} },
  { arrayValue: { values: [{ stringValue: "a" }, { intValue: "1" }, { arrayValue: {} }, {}] } },
  { kvlistValue: {} },
  { kvlistValue: { values: [{ key: "k", value: { kvlistValue: { values: [{ key: "l" }] } } }] } },
];

/** An unknown field of each wire type. */
function unknownFields(message: ProtobufWriter): ProtobufWriter {
  return message.varint(901, 1).double(902, 1).text(903, "x").bytes(904, Buffer.from("08", "hex"));
}

/** A request in whose every message there are unknown fields. */
function withUnknownFields(traceId: string): Uint8Array {
  const attributed = (message: ProtobufWriter, field: number) =>
    message.message(field, (pair) =>
      unknownFields(pair)
        .text(1, "service.name")
        .message(2, (value) => unknownFields(value).text(1, "a")),
    );
  return unknownFields(new ProtobufWriter())
    .message(1, (list) =>
      unknownFields(list)
        .message(1, (resource) => attributed(unknownFields(resource), 1))
        .message(2, (scopeSpans) =>
          unknownFields(scopeSpans)
            .message(1, (scope) => unknownFields(scope).text(1, "openai"))
            .message(
              2,
              withIds(traceId, (span) =>
                attributed(unknownFields(span), 9)
                  .message(15, (status) => unknownFields(status).varint(3, 2))
                  .message(11, (event) => unknownFields(event).text(2, "exception")),
              ),
            ),
        ),
    )
    .finish();
}

function withUnknownKeys(traceId: string): unknown {
  const extra = { schemaUrl: "x", newField: { deep: [1] } };
  const [list] = sampleRequest().resourceSpans ?? [];
  const span = { ...extra, ...sampleSpan({ traceId }), flags: 257, traceState: "a=b", links: [] };
  const scope = { ...extra, name: "openai" };
  const resource = { ...extra, ...list?.resource };
  return {
    ...extra,
    resourceSpans: [
      { ...extra, resource, scopeSpans: [{ ...extra, scope, spans: [span] }, { ...extra }] },
    ],
  };
}

/** A message of the request twice over, each time with a part of it. */
const inParts: Case["bodies"] = (traceId) => ({
  protobuf: new ProtobufWriter()
    .message(1, (list) =>
      list
        .message(2, (scopeSpans) =>
          scopeSpans
            .message(
              2,
              withIds(traceId, (span) =>
                span
                  .message(15, (status) => status.varint(3, 2))
                  .message(15, (status) => status.text(2, "said later"))
                  .message(9, (pair) =>
                    pair.text(1, "v").message(2, (value) => value.text(1, "x").varint(3, 7)),
                  ),
              ),
            )
            .message(1, (scope) => scope.text(1, "openai").text(2, "1"))
            .message(1, (scope) => scope.text(2, "2")),
        )
        .message(1, () => undefined),
    )
    .finish(),
});

/** What is taken. */
export const acceptedCases: readonly Case[] = [
  {
    id: "A01 A02",
    claim: "one span is stored, and the answer is an empty success",
    bodies: oneSpan(),
    look: ({ name, kind, failed, startedAt, endedAt }) => [name, kind, failed, startedAt, endedAt],
    seen: [["chat gpt-5-mini", 3, true, 1_763_700_001_234_567, 1_763_700_002_000_000]],
  },
  {
    id: "A04",
    claim: "an empty request is a success",
    bodies: () => ({ protobuf: new Uint8Array(), json: "{}" }),
    stored: 0,
  },
  {
    id: "A05",
    claim: "empty envelopes are a success",
    bodies: () => both({ resourceSpans: [{}, { scopeSpans: [{}, { spans: [] }] }] }),
    stored: 0,
  },
  {
    id: "A11",
    claim: "500 spans of two services keep to their own resource and scope",
    bodies: (traceId) =>
      both({ resourceSpans: [service("a", traceId, 1), service("b", traceId, 1001)] }),
    stored: 500,
    look: ({ resource, scope }) => `${resource.attributes.get("service.name")} ${scope.name}`,
    seen: ["a a-lib", "a http", "b b-lib", "b http"].flatMap((place) => Array(125).fill(place)),
  },
  {
    id: "A12",
    claim: "every kind of attribute value is taken",
    bodies: oneSpan({
      attributes: everyValue.map((value, index) => ({ key: `v${index}`, value })),
    }),
    look: ({ attributes }) => [0, 2, 3, 4].map((index) => attributes.get(`v${index}`)),
    seen: [["x", false, -1, 0.5]],
  },
  {
    id: "A13",
    claim: "fields of a later version are ignored at every level",
    bodies: (traceId) => ({
      protobuf: withUnknownFields(traceId),
      json: JSON.stringify(withUnknownKeys(traceId)),
    }),
    look: ({ scope }) => scope.name,
    seen: ["openai"],
  },
  {
    id: "A17",
    claim: "snake case is answered by a warning that says what is right",
    only: "json",
    bodies: () => onlyJson({ resource_spans: [{}] }),
    answer: {
      status: 200,
      rejected: 0,
      message: /^resource_spans ignored: OTLP\/JSON has spans in resourceSpans \(at the top\)$/,
    },
    stored: 0,
  },
  {
    id: "A21",
    claim: "messages in two parts are merged, and of a value set twice the last counts",
    only: "protobuf",
    bodies: inParts,
    look: ({ failed, scope, attributes }) => [failed, scope, attributes.get("v")],
    seen: [[true, { name: "openai", version: "2" }, 7]],
  },
  {
    id: "A22",
    claim: "an index into a table of strings is as good as no value",
    only: "protobuf",
    bodies: protobufSpan((span) =>
      span.message(9, (pair) => pair.text(1, "v").message(2, (value) => value.varint(8, 3))),
    ),
    look: ({ attributes }) => attributes.get("v"),
    seen: [undefined],
  },
  {
    id: "A23",
    claim: "spans in the list of old are ignored with a warning",
    bodies: (traceId) => ({
      protobuf: new ProtobufWriter()
        .message(1, (list) => list.message(1000, (old) => old.message(2, withIds(traceId))))
        .finish(),
      json: JSON.stringify({
        resourceSpans: [{ instrumentationLibrarySpans: [{ spans: [sampleSpan({ traceId })] }] }],
      }),
    }),
    answer: { status: 200, rejected: 0, message: /^instrumentation_?library_?spans ignored/i },
    stored: 0,
  },
  {
    id: "S7",
    claim: "a warning goes with spans that are stored",
    bodies: (traceId) => {
      const span = sampleSpan({ traceId, parentSpanId: "abcd" });
      return {
        protobuf: encodeRequest(sampleRequest(span)),
        json: JSON.stringify(sampleRequest(span)),
      };
    },
    answer: { status: 200, rejected: 0, message: /span kept without parent/ },
    look: ({ parentSpanId }) => parentSpanId,
    seen: [undefined],
  },
];
