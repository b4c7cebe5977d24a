import { expect, test } from "vitest";
import { DecodeError } from "./decode-error.ts";
import { JsonDecoder } from "./decode-json.ts";
import { type DecodedRequest, decodeRequest } from "./decoder.ts";
import { sampleRequest, sampleSpan } from "./testing/sample.ts";

const decoder = new JsonDecoder({ keepAttribute: (key) => !key.includes("prompt") });

function decode(request: unknown): DecodedRequest {
  return decodeText(JSON.stringify(request));
}

function decodeText(text: string): DecodedRequest {
  return decodeRequest(decoder, Buffer.from(text));
}

/** The span of a request whose one span has `fields`, which may be of any type. */
function spanOf(fields: Record<string, unknown>) {
  return decode(sampleRequest({ ...sampleSpan(), ...fields })).spans[0];
}

function attributesOf(value: unknown) {
  return spanOf({ attributes: [{ key: "a", value }] })?.attributes;
}

test("a span has what was sent, and no more", () => {
  expect(decode(sampleRequest(sampleSpan()))).toEqual({
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

test.each([
  ["a string", { intValue: "1523" }, 1523],
  ["a number", { intValue: 1523 }, 1523],
  ["a negative string", { intValue: "-7" }, -7],
  ["an integral exponent", { intValue: "1e3" }, 1000],
  ["2^53 + 1 in a string", { intValue: "9007199254740993" }, 9007199254740993n],
  ["the largest int64", { intValue: "9223372036854775807" }, 9223372036854775807n],
  ["the largest uint64", { intValue: "18446744073709551615" }, 18446744073709551615n],
])("A14 an intValue that is %s is exact", (_, value, expected) => {
  expect(attributesOf(value)).toEqual(new Map([["a", expected]]));
});

test("A14 an intValue that is a number beyond a double is exact", () => {
  const text = JSON.stringify(sampleRequest(sampleSpan())).replace('"1523"', "9007199254740993");
  expect(decodeText(text).spans[0]?.attributes.get("gen_ai.usage.input_tokens")).toBe(
    9007199254740993n,
  );
});

test("A14 times that are numbers are exact to the microsecond", () => {
  const text = JSON.stringify(sampleRequest(sampleSpan())).replace(/"(\d{19})"/g, "$1");
  expect(decodeText(text)).toEqual(decode(sampleRequest(sampleSpan())));
});

test.each([
  ["upper", "0AF7651916CD43DD8448EB211C80319C", "B7AD6B7169203331"],
  ["mixed", "0aF7651916cD43dD8448eB211c80319C", "b7Ad6B7169203331"],
])("A15 ids in %s case are kept in lower case", (_, traceId, spanId) => {
  expect(spanOf({ traceId, spanId, parentSpanId: spanId })).toMatchObject({
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    parentSpanId: "b7ad6b7169203331",
  });
});

test.each([[undefined], [""], [null], ["0000000000000000"]])("A15 parent %j is none", (parent) => {
  const { spans, problems } = decode(
    sampleRequest({ ...sampleSpan(), parentSpanId: parent as string }),
  );
  expect(spans[0]?.parentSpanId).toBeUndefined();
  expect(problems).toEqual([]);
});

test.each([
  [3, 3],
  ["SPAN_KIND_CLIENT", 3],
  ["3", 3],
  [99, 0],
  [-1, 0],
  [1.5, 0],
  ["CLIENT", 0],
  [{}, 0],
])("A16 kind %j is %i", (kind, expected) => {
  expect(spanOf({ kind })?.kind).toBe(expected);
});

test.each([
  [2, true],
  ["STATUS_CODE_ERROR", true],
  ["STATUS_CODE_OK", false],
  [0, false],
  [99, false],
])("A16 a status code of %j means failed %s", (code, failed) => {
  expect(spanOf({ status: { code } })?.failed).toBe(failed);
});

test.each([
  [
    { resource_spans: [{}] },
    "resource_spans ignored: OTLP/JSON has spans in resourceSpans (at the top)",
  ],
  [
    { resourceSpans: [{ scope_spans: [{}] }] },
    "scope_spans ignored: OTLP/JSON has spans in scopeSpans (at resourceSpans[0])",
  ],
  [
    { resourceSpans: [{ instrumentationLibrarySpans: [{}] }] },
    "instrumentationLibrarySpans ignored: OTLP/JSON has spans in scopeSpans (at resourceSpans[0])",
  ],
  [
    { resourceLogs: [{}] },
    "resourceLogs ignored: OTLP/JSON has spans in resourceSpans (at the top)",
  ],
])("A17 A23 %j gives a warning", (request, problem) => {
  expect(decode(request)).toEqual({ spans: [], rejected: 0, problems: [problem] });
});

/** Every copy of `value` in which one field, however deep, is `null`, with that field's path. */
function withNulls(value: unknown, path = ""): [string, unknown][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
    const copy = (replacement: unknown) =>
      Array.isArray(value)
        ? value.with(Number(key), replacement)
        : { ...value, [key]: replacement };
    return [
      [`${path}.${key}`, copy(null)],
      ...withNulls(inner, `${path}.${key}`).map(([innerPath, changed]): [string, unknown] => [
        innerPath,
        copy(changed),
      ]),
    ];
  });
}

test.each(withNulls(sampleRequest(sampleSpan())))(
  "A18 null in %s is as if absent",
  (_, request) => {
    const pruned = JSON.parse(JSON.stringify(request), (_key, value) => {
      if (Array.isArray(value)) return value.filter((entry) => entry !== null);
      return value === null ? undefined : value;
    });
    const { spans, rejected } = decode(request);
    expect({ spans, rejected }).toEqual({
      spans: decode(pruned).spans,
      rejected: decode(pruned).rejected,
    });
  },
);

test.each(["AAECAwQ=", "AAECAwQ", "__-_", "//+/", "no base64 at all!"])(
  "A19 bytes in base64 %s are taken and not kept",
  (bytesValue) => {
    expect(attributesOf({ bytesValue })).toEqual(new Map());
  },
);

test.each([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["1.5", 1.5],
  [0.25, 0.25],
])("A20 doubleValue %j is taken", (doubleValue, expected) => {
  expect(attributesOf({ doubleValue })?.get("a")).toBe(expected);
});

test.each([
  [{ stringValue: 5 }],
  [{ intValue: "many" }],
  [{ intValue: true }],
  [{ doubleValue: "" }],
  [{ boolValue: "true" }],
  [{ kvlistValue: { values: [] } }],
  [{ somethingNew: 1 }],
  [{}],
  [null],
])("an attribute value of %j is as good as absent", (value) => {
  expect(attributesOf(value)).toEqual(new Map());
});

test("fields of the wrong type are as good as absent", () => {
  const wrong = { name: 5, kind: [], startTimeUnixNano: "soon", endTimeUnixNano: true };
  const absent = { name: "", kind: 0, startTimeUnixNano: "0", endTimeUnixNano: "0" };
  expect(spanOf(wrong)).toEqual(spanOf(absent));
});

test("A13 unknown keys at each level are ignored", () => {
  const extra = { schemaUrl: "x", newField: { deep: [1] } };
  const request = sampleRequest(sampleSpan());
  const list = request.resourceSpans?.[0];
  const inner = list?.scopeSpans?.[0];
  const withExtra = {
    ...extra,
    resourceSpans: [
      {
        ...extra,
        resource: { ...extra, ...list?.resource },
        scopeSpans: [
          {
            ...extra,
            scope: { ...extra, ...inner?.scope },
            spans: [{ ...extra, ...sampleSpan(), flags: 257, traceState: "a=b", links: [extra] }],
          },
        ],
      },
    ],
  };
  expect(decode(withExtra)).toEqual(decode(request));
});

test("B13 lone surrogates become U+FFFD, and all else stays as it is", () => {
  const text = "\ud800 \u0000 \ufeff \u202e 😀";
  expect(spanOf({ name: text })?.name).toBe("\ufffd \u0000 \ufeff \u202e 😀");
  expect(attributesOf({ stringValue: text })?.get("a")).toBe("\ufffd \u0000 \ufeff \u202e 😀");
});

test("B19 keys that JavaScript has a meaning for do no harm", () => {
  const text = JSON.stringify(sampleRequest(sampleSpan())).replace(
    '"name":"chat gpt-5-mini"',
    '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":1,"name":"a","name":"b"',
  );
  const { spans } = decodeText(text);
  expect(spans[0]?.name).toBe("b");
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  const attributes = ["__proto__", "constructor", "toString"].map((key) => ({
    key,
    value: { intValue: "1" },
  }));
  expect(spanOf({ attributes })?.attributes).toEqual(
    new Map([
      ["__proto__", 1],
      ["constructor", 1],
      ["toString", 1],
    ]),
  );
});

const inFirstSpan = "at resourceSpans[0].scopeSpans[0].spans[0]";

test.each<[unknown, string]>([
  [[], "the request is not an object, at the top"],
  ["text", "the request is not an object, at the top"],
  [7, "the request is not an object, at the top"],
  [null, "the request is null, not an object"],
  [{ resourceSpans: {} }, "resourceSpans is not an array, at the top"],
  [{ resourceSpans: [5] }, "an entry of resourceSpans is not an object, at resourceSpans[0]"],
  [{ resourceSpans: [{ resource: [] }] }, "resource is not an object, at resourceSpans[0]"],
  [{ resourceSpans: [{ scopeSpans: "x" }] }, "scopeSpans is not an array, at resourceSpans[0]"],
  [
    { resourceSpans: [{ scopeSpans: [{ spans: {} }] }] },
    "spans is not an array, at resourceSpans[0].scopeSpans[0]",
  ],
  [sampleRequest("x" as never), `a span is not an object, ${inFirstSpan}`],
  [
    sampleRequest(sampleSpan({ attributes: { a: 1 } as never })),
    `attributes is not an array, ${inFirstSpan}`,
  ],
  [
    sampleRequest(sampleSpan({ attributes: [{ key: "a", value: "b" as never }] })),
    `an attribute's value is not an object, ${inFirstSpan}`,
  ],
])("B20 %j is refused", (request, message) => {
  expect(() => decode(request)).toThrow(new DecodeError(message));
});
