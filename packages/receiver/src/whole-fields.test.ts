import { expect, test } from "vitest";
import { ProtobufWriter } from "./protobuf-writer.ts";
import { wholeFields } from "./whole-fields.ts";

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer, void> {
  for (let i = 0; i < bytes.byteLength; i += size) yield bytes.subarray(i, i + size);
}

/** What `bytes` are cut into when they come in pieces of `size`. */
async function cut(bytes: Buffer, size: number): Promise<[number, string][]> {
  const parts: [number, string][] = [];
  for await (const fields of wholeFields(inPieces(bytes, size))) {
    parts.push([fields.origin, fields.bytes.toString("hex")]);
  }
  return parts;
}

const message = Buffer.from(
  new ProtobufWriter()
    .text(1, "a")
    .varint(2, 300)
    .bytes(1, Buffer.alloc(200, 7))
    .fixed64(3, 1n)
    .finish(),
);

test("a message that comes at once is not cut", async () => {
  expect(await cut(message, 1000)).toEqual([[0, message.toString("hex")]]);
});

test.each([1, 2, 3, 7, 100])(
  "pieces of %i bytes make whole fields, and all of them",
  async (size) => {
    const parts = await cut(message, size);
    expect(parts.map(([, hex]) => hex).join("")).toBe(message.toString("hex"));
    const starts = [0, 3, 6, 209];
    expect(parts.every(([origin]) => starts.includes(origin))).toBe(true);
  },
);

test("a large field is waited for, and is not joined with what comes after it", async () => {
  expect((await cut(message, 1)).map(([origin]) => origin)).toContain(209);
});

test.each([
  [
    "a field that is cut off",
    "0a01610a05ff",
    [
      [0, "0a0161"],
      [3, "0a05ff"],
    ],
  ],
  [
    "what is no protobuf",
    "0a016107ffff",
    [
      [0, "0a0161"],
      [3, "07ffff"],
    ],
  ],
])("%s comes last as it is", async (_, hex, parts) => {
  expect(await cut(Buffer.from(hex, "hex"), 3)).toEqual(parts);
});

test("nothing has no fields", async () => {
  expect(await cut(Buffer.alloc(0), 1)).toEqual([]);
});
