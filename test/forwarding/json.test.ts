import { describe, expect, test } from "vitest";
import { jsonToProtobuf } from "../../packages/receiver/src/forwarding/json-to-protobuf.ts";
import { MessageWriter } from "../../packages/receiver/src/forwarding/message-writer.ts";
import { captures, readCapture } from "./captured.ts";
import { decode, spansOf, valuesOf } from "./otlp.ts";

function converted(json: unknown): Buffer {
  const writer = new MessageWriter(16);
  const text = typeof json === "string" ? json : JSON.stringify(json);
  jsonToProtobuf(Buffer.from(text), writer);
  return Buffer.from(writer.written());
}

function requestWith(span: object): object {
  return { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] };
}

function decodedValue(value: object): unknown {
  const [span] = spansOf(decode(converted(requestWith({ attributes: [{ key: "a", value }] }))));
  return span?.attributes?.[0]?.value;
}

test.each(captures)("%s in JSON becomes what it is in protobuf", (capture) => {
  const fromJson = decode(converted(readCapture(capture, "json").toString()));
  expect(withoutNothing(fromJson)).toEqual(withoutNothing(decode(readCapture(capture))));
});

/** Protobuf may have a 0 written or not, and an empty list of attributes is none. */
function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNothing);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, entry]) => !(key.startsWith("dropped") && entry === 0) && !isEmpty(entry))
      .filter(([key, entry]) => !(key === "code" && entry === "STATUS_CODE_UNSET"))
      .map(([key, entry]) => [key, withoutNothing(entry)])
      .filter(([key, entry]) => !(key === "status" && isEmptyObject(entry))),
  );
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

test("every field of OTLP is written", () => {
  const attributes = [{ key: "k", value: { stringValue: "v" } }];
  const all = {
    resourceSpans: [
      {
        resource: {
          attributes,
          droppedAttributesCount: 1,
          entityRefs: [
            { schemaUrl: "s", type: "service", idKeys: ["k"], descriptionKeys: ["d", "e"] },
          ],
        },
        scopeSpans: [
          {
            scope: { name: "n", version: "v", attributes, droppedAttributesCount: 2 },
            spans: [
              {
                traceId: "AQEBAQEBAQEBAQEBAQEBAQ==",
                spanId: "AgICAgICAgI=",
                traceState: "a=b",
                parentSpanId: "AwMDAwMDAwM=",
                name: "chat",
                kind: "SPAN_KIND_CLIENT",
                startTimeUnixNano: "18446744073709551615",
                endTimeUnixNano: "1763700002000000001",
                attributes,
                droppedAttributesCount: 3,
                events: [{ timeUnixNano: "5", name: "e", attributes, droppedAttributesCount: 4 }],
                droppedEventsCount: 5,
                links: [
                  {
                    traceId: "AQEBAQEBAQEBAQEBAQEBAQ==",
                    spanId: "AgICAgICAgI=",
                    traceState: "c=d",
                    attributes,
                    droppedAttributesCount: 6,
                    flags: 257,
                  },
                ],
                droppedLinksCount: 7,
                status: { message: "m", code: "STATUS_CODE_ERROR" },
                flags: 4294967295,
              },
            ],
            schemaUrl: "https://opentelemetry.io/schemas/1.37.0",
          },
        ],
        schemaUrl: "https://opentelemetry.io/schemas/1.36.0",
      },
    ],
  };
  const json = JSON.stringify(all)
    .replaceAll("AQEBAQEBAQEBAQEBAQEBAQ==", "01".repeat(16))
    .replaceAll("AgICAgICAgI=", "02".repeat(8))
    .replaceAll("AwMDAwMDAwM=", "03".repeat(8));
  expect(decode(converted(json))).toEqual(all);
});

describe("values", () => {
  test.each([
    [{ stringValue: "" }, { stringValue: "" }],
    [{ boolValue: false }, { boolValue: false }],
    [{ intValue: "9223372036854775807" }, { intValue: "9223372036854775807" }],
    [{ intValue: -1 }, { intValue: "-1" }],
    [{ intValue: "9223372036854775808" }, { doubleValue: 2 ** 63 }],
    [{ intValue: "1.5" }, { doubleValue: 1.5 }],
    [{ intValue: "many" }, {}],
    [{ doubleValue: "NaN" }, { doubleValue: Number.NaN }],
    [{ doubleValue: 0.1 }, { doubleValue: 0.1 }],
    [{ bytesValue: "-_8=" }, { bytesValue: "+/8=" }],
    [{ arrayValue: {} }, { arrayValue: {} }],
    [
      {
        kvlistValue: {
          values: [{ key: "x", value: { arrayValue: { values: [{ intValue: 1 }] } } }],
        },
      },
      {
        kvlistValue: {
          values: [{ key: "x", value: { arrayValue: { values: [{ intValue: "1" }] } } }],
        },
      },
    ],
    [{ stringValue: null, intValue: 7 }, { intValue: "7" }],
    [{}, {}],
  ])("%j", (json, decoded) => {
    expect(decodedValue(json)).toEqual(decoded);
  });

  test("64-bit numbers without quotes are exact", () => {
    const json =
      '{"resourceSpans":[{"scopeSpans":[{"spans":[{"startTimeUnixNano":1763700001234567891,"attributes":[{"key":"n","value":{"intValue":9007199254740993}}]}]}]}]}';
    const [span] = spansOf(decode(converted(json)));
    expect(span).toMatchObject({ startTimeUnixNano: "1763700001234567891" });
    expect(span === undefined ? [] : valuesOf(span, "n")).toEqual(["9007199254740993"]);
  });

  test("a value nested without end is cut off", () => {
    const open = '{"arrayValue":{"values":['.repeat(5_000);
    const value = `${open}{"stringValue":"deep"}${"]}}".repeat(5_000)}`;
    const bytes = converted(
      `{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"key":"a","value":${value}}]}]}]}]}`,
    );
    expect(spansOf(decode(bytes))).toHaveLength(1);
    expect(bytes.includes("deep")).toBe(false);
  });
});

test.each([
  ["null", "null"],
  ["a list", "[]"],
  ["resourceSpans of another type", '{"resourceSpans":3}'],
  ["spans that are none", '{"resourceSpans":[null,{"scopeSpans":[1,{"spans":[null,"x"]}]}]}'],
])("%s gives no span", (_, json) => {
  expect(spansOf(decode(converted(json)))).toEqual([]);
});
