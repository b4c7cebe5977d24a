import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { inflate } from "./inflate.ts";

const limit = 1_000_000;
const texts = ["first ", "", "third".repeat(5_000), "!"];
const members = texts.map((text) => gzipSync(text));

test("the members of a body are put one after the other, whichever of them is the largest", () => {
  expect(inflate(Buffer.concat(members), limit).toString()).toBe(texts.join(""));
  expect(inflate(Buffer.concat(members.toReversed()), limit).toString()).toBe(
    texts.toReversed().join(""),
  );
});

test("a body may hold as much as is allowed and not a byte more, in one member or several", () => {
  const half = gzipSync(Buffer.alloc(limit / 2));
  expect(inflate(gzipSync(Buffer.alloc(limit)), limit)).toHaveLength(limit);
  expect(inflate(Buffer.concat([half, half]), limit)).toHaveLength(limit);
  const message = "the request body is larger than 1000000 bytes";
  expect(() => inflate(gzipSync(Buffer.alloc(limit + 1)), limit)).toThrow(message);
  expect(() => inflate(Buffer.concat([half, half, gzipSync("x")]), limit)).toThrow(message);
});

test("a size that the trailer makes up is not believed", () => {
  for (const told of [0, 1, 5, 2 ** 32 - 1]) {
    const body = gzipSync("hello, hello, hello, hello");
    body.writeUInt32LE(told, body.byteLength - 4);
    expect(() => inflate(body, limit)).toThrow("the request body is not gzip, or not all of it");
  }
});

test.each([
  ["nothing", Buffer.alloc(0)],
  ["no gzip", Buffer.from("hello")],
  ["a part of it", gzipSync("hello").subarray(0, -1)],
  ["a member and a part of another", Buffer.concat([gzipSync("a"), gzipSync("b").subarray(0, 12)])],
])("%s is refused", (_, body) => {
  expect(() => inflate(body, limit)).toThrow("the request body is not gzip, or not all of it");
});
