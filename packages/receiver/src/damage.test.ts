import { expect, test } from "vitest";
import { DecodeError } from "./decode-error.ts";
import { JsonDecoder } from "./decode-json.ts";
import { ProtobufDecoder } from "./decode-protobuf.ts";
import { type Decoder, decodeRequest } from "./decoder.ts";
import { encodeRequest } from "./encode-request.ts";
import { sampleRequest, sampleSpan } from "./testing/sample.ts";

const options = { keepAttribute: () => true };
const decoders = {
  protobuf: new ProtobufDecoder(options),
  json: new JsonDecoder(options),
} satisfies Record<string, Decoder>;

const request = sampleRequest(
  sampleSpan(),
  sampleSpan({
    attributes: [
      { key: "n", value: { arrayValue: { values: [{ stringValue: "é😀" }, { intValue: "-1" }] } } },
      { key: "d", value: { doubleValue: 0.5 } },
      { key: "m", value: { kvlistValue: { values: [{ key: "k", value: { boolValue: true } }] } } },
    ],
  }),
);
// Twice the same list, so that the message can be cut between two whole fields.
const resourceSpans = [...(request.resourceSpans ?? []), ...(request.resourceSpans ?? [])];
const bodies = {
  protobuf: Buffer.from(encodeRequest({ resourceSpans })),
  json: Buffer.from(JSON.stringify({ resourceSpans })),
} as const;

type Encoding = keyof typeof bodies;
const encodings: Encoding[] = ["protobuf", "json"];

/** The number of spans in `body`, or "refused". Anything but a DecodeError is thrown on. */
function outcome(encoding: Encoding, body: Uint8Array): number | "refused" {
  try {
    return decodeRequest(decoders[encoding], body).spans.length;
  } catch (error) {
    if (error instanceof DecodeError) return "refused";
    throw error;
  }
}

test.each(encodings)(
  "B06 %s cut off at any byte is refused, unless between two whole lists",
  (encoding) => {
    const body = bodies[encoding];
    const whole = new Map<number, number | "refused">();
    for (let length = 0; length < body.byteLength; length += 1) {
      const result = outcome(encoding, body.subarray(0, length));
      if (result !== "refused") whole.set(length, result);
    }
    const cuts: [number, number][] = [
      [0, 0],
      [body.byteLength / 2, 2],
    ];
    expect([...whole]).toEqual(encoding === "protobuf" ? cuts : []);
  },
);

/** Every value for protobuf; for JSON those that mean something in it, or that no UTF-8 has. */
const values = {
  protobuf: Array.from({ length: 256 }, (_, value) => value),
  json: [...Buffer.from('\0"\\{}[],:-9eu \n'), 0x7f, 0x80, 0xc3, 0xff],
} as const;

test.each(encodings)("B07 %s with any byte set to any value is decoded or refused", (encoding) => {
  const body = Buffer.from(bodies[encoding].subarray(0, bodies[encoding].byteLength / 2));
  let refused = 0;
  for (let at = 0; at < body.byteLength; at += 1) {
    const right = body[at] as number;
    for (const value of values[encoding]) {
      body[at] = value;
      if (outcome(encoding, body) === "refused") refused += 1;
    }
    body[at] = right;
  }
  expect(refused).toBeGreaterThan(1000);
});

test.each([
  ["B08 a request of a wrong wire type", 0, "08 01"],
  ["B08 a list of a wrong wire type", 0, "0a 02 10 01"],
  ["B08 a group for a message", 0, "0b 0c"],
  ["B09 a length of 2^31", "refused", "0a 80 80 80 80 08"],
  ["B09 a length of 2^63", "refused", "0a 80 80 80 80 80 80 80 80 80 01"],
  ["B09 a varint of 11 bytes", "refused", "08 ff ff ff ff ff ff ff ff ff ff 01"],
  ["B09 a field number of 0", "refused", "02 00"],
  ["B09 a group that is not closed", "refused", "0b 08 01"],
  ["B10 groups 10,000 deep", "refused", "0b".repeat(10_000)],
  ["B10 groups 64 deep", 0, "0b".repeat(64) + "0c".repeat(64)],
] as const)("%s is %s", (_, expected, hex) => {
  expect(outcome("protobuf", Buffer.from(hex.replaceAll(" ", ""), "hex"))).toBe(expected);
});

test.each([100, 10_000, 1_000_000])(
  "B10 JSON arrays %i deep do not overflow the stack",
  (depth) => {
    const value = `${'{"arrayValue":{"values":['.repeat(depth)}${"]}}".repeat(depth)}`;
    const text = JSON.stringify(sampleRequest(sampleSpan())).replace(
      '{"stringValue":"gpt-5-mini"}',
      value,
    );
    expect(outcome("json", Buffer.from(text))).toBe(1);
    expect(outcome("json", Buffer.from("[".repeat(depth)))).toBe("refused");
  },
);

test("B11 a million attributes on one span take no more than two seconds", () => {
  const attribute = { key: "prompt", value: { intValue: "1" } };
  const span = sampleSpan({ attributes: Array(1_000_000).fill(attribute) });
  const body = encodeRequest(sampleRequest(span));
  const started = performance.now();
  expect(outcome("protobuf", body)).toBe(1);
  expect(performance.now() - started).toBeLessThan(2000);
});
