import { ProtobufWriter } from "../protobuf-writer.ts";
import { sampleRequest, sampleSpan } from "../testing/sample.ts";
import { type Case, protobufSpan } from "./case.ts";

function hex(text: string): Case["bodies"] {
  return () => ({ protobuf: Buffer.from(text.replaceAll(" ", ""), "hex") });
}

/** Fields of a span, each with a wire type that it does not have. */
const wrongTypes: [string, (span: ProtobufWriter) => void][] = [
  ["a name that is a number", (span) => span.varint(5, 7)],
  ["a kind that is a text", (span) => span.text(6, "client")],
  ["times that are varints", (span) => span.varint(7, 1).varint(8, 2)],
  ["an attribute that is a number", (span) => span.varint(9, 1)],
  ["an event that is a double", (span) => span.double(11, 1)],
  ["a status that is a double", (span) => span.double(15, 2)],
  ["links that are no messages", (span) => span.bytes(13, Buffer.from("ffffff", "hex"))],
  [
    "a value of the wrong type inside an attribute",
    (span) => span.message(9, (pair) => pair.text(1, "v").message(2, (v) => v.varint(1, 3))),
  ],
];

/** A span whose attribute is an array in an array, so many deep. */
function deepProtobuf(depth: number): Case["bodies"] {
  // From the inside out, for a writer inside a writer would itself be as deep as the message.
  let value: Uint8Array = new ProtobufWriter().varint(3, 1).finish();
  for (let level = 0; level < depth; level += 1) {
    const list = new ProtobufWriter().bytes(1, value).finish();
    value = new ProtobufWriter().bytes(5, list).finish();
  }
  return protobufSpan((span) => span.message(9, (pair) => pair.text(1, "v").bytes(2, value)));
}

function deepJson(depth: number): Case["bodies"] {
  const value = `${'{"arrayValue":{"values":['.repeat(depth)}${"]}}".repeat(depth)}`;
  return (traceId) => ({
    json: JSON.stringify(sampleRequest(sampleSpan({ traceId }))).replace(
      '{"stringValue":"gpt-5-mini"}',
      value,
    ),
  });
}

/** Bodies that are wrong, or nearly so. */
export const damagedCases: readonly Case[] = [
  ...wrongTypes.map(
    ([what, write]): Case => ({
      id: "B08",
      claim: `${what} is skipped`,
      only: "protobuf",
      bodies: protobufSpan(write),
    }),
  ),
  ...[
    ["a request of another wire type", "08 01"],
    ["a list of another wire type", "0a 02 10 01"],
    ["a group in the place of a message", "0b 0c"],
  ].map(
    ([what, text = ""]): Case => ({
      id: "B08",
      claim: `${what} is skipped`,
      only: "protobuf",
      bodies: hex(text),
      stored: 0,
    }),
  ),
  ...[
    ["a length of 2^31", "0a 80 80 80 80 08"],
    ["a length of 2^63", "0a 80 80 80 80 80 80 80 80 80 01"],
    ["a varint of 11 bytes", "08 ff ff ff ff ff ff ff ff ff ff 01"],
    ["a field number of 0", "02 00"],
    ["a group that is not closed", "0b 08 01"],
    ["the end of no group", "0c"],
    ["a wire type of 7", "0f 00"],
  ].map(
    ([what, text = ""]): Case => ({
      id: "B09",
      claim: `${what} is refused`,
      only: "protobuf",
      bodies: hex(text),
      answer: { status: 400, message: / at byte \d+$/ },
    }),
  ),
  {
    id: "B10",
    claim: "groups 64 deep are skipped",
    only: "protobuf",
    bodies: hex("0b".repeat(64) + "0c".repeat(64)),
    stored: 0,
  },
  {
    id: "B10",
    claim: "groups 10,000 deep are refused",
    only: "protobuf",
    bodies: hex("0b".repeat(10_000)),
    answer: { status: 400 },
  },
  ...[50, 100, 10_000].map(
    (depth): Case => ({
      id: "B10",
      claim: `an attribute ${depth} arrays deep costs no more than itself`,
      bodies: (traceId) => ({ ...deepProtobuf(depth)(traceId), ...deepJson(depth)(traceId) }),
    }),
  ),
  {
    id: "B10",
    claim: "JSON a million arrays deep does not overflow the stack",
    only: "json",
    bodies: deepJson(1_000_000),
    plainOnly: true,
  },
  {
    id: "B10",
    claim: "JSON that only begins a million arrays is refused",
    only: "json",
    bodies: () => ({ json: "[".repeat(1_000_000) }),
    answer: { status: 400 },
    plainOnly: true,
  },
];
