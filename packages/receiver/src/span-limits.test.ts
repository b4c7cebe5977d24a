import { expect, test } from "vitest";
import { JsonDecoder } from "./decode-json.ts";
import { ProtobufDecoder } from "./decode-protobuf.ts";
import { type DecodedRequest, decodeRequest } from "./decoder.ts";
import { encodeRequest, type OtlpSpan, type OtlpValue } from "./encode-request.ts";
import { sampleRequest, sampleSpan } from "./testing/sample.ts";

const options = { keepAttribute: (key: string) => key !== "prompt" };
const decoders = {
  protobuf: (span: OtlpSpan) =>
    decodeRequest(new ProtobufDecoder(options), encodeRequest(sampleRequest(span))),
  json: (span: OtlpSpan) =>
    decodeRequest(new JsonDecoder(options), Buffer.from(JSON.stringify(sampleRequest(span)))),
} as const;

/** What is decoded of a whole span with `fields`. */
type Decode = (fields: OtlpSpan) => DecodedRequest;

const cases = Object.entries(decoders).map(([encoding, decode]): [string, Decode] => [
  encoding,
  (fields) => decode(sampleSpan(fields)),
]);

/** `value` inside of `depth` arrays. */
function nested(depth: number, value: OtlpValue): OtlpValue {
  return depth === 0 ? value : { arrayValue: { values: [nested(depth - 1, value)] } };
}

function attribute(value: OtlpValue): OtlpSpan {
  return { attributes: [{ key: "a", value }] };
}

test.each(cases)(
  "B11 %s: 1,024 attributes are kept, and all that are not wanted are free",
  (_, decode) => {
    const numbered = (key: (index: number) => string, count: number) =>
      Array.from({ length: count }, (_, index) => ({
        key: key(index),
        value: { intValue: String(index) },
      }));
    const { spans, problems } = decode({
      attributes: [...numbered(() => "prompt", 5000), ...numbered((index) => `a${index}`, 1030)],
    });
    expect([...(spans[0]?.attributes.keys() ?? [])]).toEqual(
      Array.from({ length: 1024 }, (_, index) => `a${index}`),
    );
    expect(problems).toEqual([
      expect.stringMatching(/^attributes after number 1024 dropped \(6 times, first at .*\)$/),
    ]);
  },
);

test.each(cases)("B11 %s: 1,024 events are kept", (_, decode) => {
  const { spans } = decode({ events: Array.from({ length: 2000 }, () => ({ name: "chunk" })) });
  expect(spans[0]?.eventNames).toHaveLength(1024);
});

test.each(cases)(
  "B12 %s: a value of 256 KiB of UTF-8 is kept and a longer one is not",
  (_, decode) => {
    const longest = `${"é".repeat(131_071)}ab`;
    expect(decode(attribute({ stringValue: longest })).spans[0]?.attributes.get("a")).toBe(longest);
    const { spans, problems } = decode(attribute({ stringValue: `${longest}c` }));
    expect(spans[0]?.attributes).toEqual(new Map());
    expect(problems).toEqual([
      expect.stringMatching(/^attribute "a" dropped: longer than 262144 bytes \(at .*\)$/),
    ]);
  },
);

test.each(cases)(
  "B12 %s: names are cut to 1,024 characters and keys over 256 bytes dropped",
  (_, decode) => {
    const { spans } = decode({
      name: "😀".repeat(2000),
      attributes: [
        { key: "é".repeat(129), value: { intValue: "1" } },
        { key: "é".repeat(128), value: { intValue: "2" } },
      ],
    });
    expect(spans[0]?.name).toBe("😀".repeat(512));
    expect(spans[0]?.attributes).toEqual(new Map([["é".repeat(128), 2]]));
  },
);

test.each(cases)("B10 %s: arrays are kept 8 deep, and what is deeper is undefined", (_, decode) => {
  const kept = (depth: number) =>
    decode(attribute(nested(depth, { intValue: "1" }))).spans[0]?.attributes.get("a");
  expect(kept(8)).toEqual([[[[[[[[1]]]]]]]]);
  expect(kept(9)).toEqual([[[[[[[[undefined]]]]]]]]);
  expect(kept(500)).toEqual([[[[[[[[undefined]]]]]]]]);
});

test.each(cases)("%s: an array keeps 64 entries, those of arrays in it included", (_, decode) => {
  const numbers = (count: number): OtlpValue => ({
    arrayValue: { values: Array.from({ length: count }, () => ({ intValue: "7" })) },
  });
  const kept = (value: OtlpValue) => decode(attribute(value)).spans[0]?.attributes.get("a");
  expect(kept(numbers(100))).toEqual(Array(64).fill(7));
  expect(kept({ arrayValue: { values: [numbers(40), numbers(40)] } })).toEqual([
    Array(40).fill(7),
    Array(22).fill(7),
  ]);
});

test.each(cases)(
  "A12 %s: entries of an array that cannot be kept leave their place",
  (_, decode) => {
    const { spans } = decode(
      attribute({
        arrayValue: {
          values: [
            { stringValue: "a" },
            { kvlistValue: { values: [] } },
            {},
            { bytesValue: "AA==" },
            { boolValue: true },
          ],
        },
      }),
    );
    expect(spans[0]?.attributes.get("a")).toEqual(["a", undefined, undefined, undefined, true]);
  },
);

test.each(cases)("B18 %s: the last attribute of a name wins, whatever its type", (_, decode) => {
  const { spans } = decode({
    attributes: [
      { key: "a", value: { stringValue: "first" } },
      { key: "b", value: { stringValue: "first" } },
      { key: "a", value: { intValue: "2" } },
      { key: "b", value: { kvlistValue: { values: [] } } },
    ],
  });
  expect(spans[0]?.attributes).toEqual(new Map([["a", 2]]));
});
