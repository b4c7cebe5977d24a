import { sampleRequest, sampleSpan } from "../testing/sample.ts";
import { attribute, type Case, oneJsonSpan } from "./case.ts";

/** A span whose attribute `v` has `value`. */
function valued(value: unknown): Case["bodies"] {
  return oneJsonSpan({ attributes: [{ key: "v", value }] });
}

const look = attribute("v");

/** The request's text with `from` replaced. */
function replaced(from: string | RegExp, to: string): Case["bodies"] {
  return (traceId) => ({
    json: JSON.stringify(sampleRequest(sampleSpan({ traceId }))).replace(from, to),
  });
}

/** Every copy of `value` in which one field, however deep, is `null`, with that field's path. */
function withNulls(value: unknown, path = ""): [path: string, copy: unknown][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
    const copy = (replacement: unknown) =>
      Array.isArray(value)
        ? value.with(Number(key), replacement)
        : { ...value, [key]: replacement };
    const here = `${path}.${key}`;
    return [
      [here, copy(null)],
      ...withNulls(inner, here).map(([deeper, changed]): [string, unknown] => [
        deeper,
        copy(changed),
      ]),
    ];
  });
}

const { traceId: _, spanId: __, ...optionalFields } = sampleSpan();
const nulls = withNulls(optionalFields);

const integers: [unknown, unknown][] = [
  ["1523", 1523],
  [1523, 1523],
  ["1e3", 1000],
  [1e3, 1000],
  ["9007199254740993", 9007199254740993n],
  ["9223372036854775807", 9223372036854775807n],
  ["18446744073709551615", 18446744073709551615n],
];

const inJson: readonly Case[] = [
  ...integers.map(
    ([intValue, value]): Case => ({
      id: "A14",
      claim: `an integer sent as ${JSON.stringify(intValue)} is exact`,
      bodies: valued({ intValue }),
      look,
      seen: [value],
    }),
  ),
  {
    id: "A14",
    claim: "times that are numbers are exact to the microsecond",
    bodies: replaced(/"(\d{19})"/g, "$1"),
    look: ({ startedAt, endedAt }) => [startedAt, endedAt],
    seen: [[1_763_700_001_234_567, 1_763_700_002_000_000]],
  },
  ...["B7AD6B7169203331", "b7Ad6B7169203331"].map(
    (spanId): Case => ({
      id: "A15",
      claim: `an id sent as ${spanId} is kept in lower case`,
      bodies: (traceId) => oneJsonSpan({ traceId: traceId.toUpperCase(), spanId })(traceId),
      look: (span) => span.spanId,
      seen: ["b7ad6b7169203331"],
    }),
  ),
  ...[undefined, "", null].map(
    (parentSpanId): Case => ({
      id: "A15",
      claim: `a span whose parent is ${JSON.stringify(parentSpanId)} is a root`,
      bodies: oneJsonSpan({ parentSpanId }),
      look: (span) => span.parentSpanId,
      seen: [undefined],
    }),
  ),
  ...[
    [3, 3],
    ["SPAN_KIND_CLIENT", 3],
    [99, 0],
  ].map(
    ([kind, kept]): Case => ({
      id: "A16",
      claim: `the kind ${JSON.stringify(kind)} is kept as ${kept}`,
      bodies: oneJsonSpan({ kind }),
      look: (span) => span.kind,
      seen: [kept],
    }),
  ),
  ...nulls.map(
    ([path, span]): Case => ({
      id: "A18",
      claim: `null in ${path} is as if absent`,
      bodies: oneJsonSpan(span as Record<string, unknown>),
    }),
  ),
  ...["AAECAwQ=", "AAECAwQ", "__-_", "//+/"].map(
    (bytesValue): Case => ({
      id: "A19",
      claim: `bytes in base64 as ${bytesValue} are taken`,
      bodies: valued({ bytesValue }),
    }),
  ),
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(
    (value): Case => ({
      id: "A20",
      claim: `the double "${value}" is taken`,
      bodies: valued({ doubleValue: String(value) }),
      look,
      seen: [value],
    }),
  ),
  {
    id: "B19",
    claim: "keys that JavaScript has a meaning for do no harm",
    bodies: replaced(
      '"name":"chat gpt-5-mini"',
      '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":1,"name":"a","name":"b"',
    ),
    look: ({ name }) => [name, "polluted" in {}],
    seen: [["b", false]],
  },
  ...['{"resourceSpans":[],}', "{/* */}", '{"a":NaN}', "{} {}", "\ufeff{}", "[]", '"x"', "7"].map(
    (json): Case => ({
      id: "B20",
      claim: `${JSON.stringify(json)} is refused`,
      bodies: () => ({ json }),
      answer: { status: 400 },
    }),
  ),
];

/** What only JSON can say. */
export const jsonCases: readonly Case[] = inJson.map((one) => ({ ...one, only: "json" }));
