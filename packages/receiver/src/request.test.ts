import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { inflate } from "./inflate.ts";
import { bodyEncoding, bodyFormat, RequestError } from "./request.ts";

test.each([
  ["application/x-protobuf", "protobuf"],
  ["application/json", "json"],
  ["Application/JSON; charset=UTF-8", "json"],
  [" application/x-protobuf ;v=1", "protobuf"],
  ["application/protobuf", undefined],
  ["application/json-lines", undefined],
  ["text/plain", undefined],
  ["", undefined],
  [undefined, undefined],
])("Content-Type %j is %s", (contentType, format) => {
  expect(bodyFormat(contentType)).toBe(format);
});

test.each([
  [undefined, "identity"],
  ["", "identity"],
  ["identity", "identity"],
  ["gzip", "gzip"],
  ["X-GZIP", "gzip"],
  [" gzip , identity", "gzip"],
  ["gzip, gzip", undefined],
  ["br", undefined],
  ["zstd", undefined],
  ["deflate", undefined],
])("Content-Encoding %j is %s", (contentEncoding, encoding) => {
  expect(bodyEncoding(contentEncoding)).toBe(encoding);
});

const plain = Buffer.from("x".repeat(100_000));
const packed = gzipSync(plain);

test("gzip is inflated, of one member or more", () => {
  expect(inflate(packed, 100_000)).toEqual(plain);
  expect(inflate(Buffer.concat([packed, packed]), 200_000)).toEqual(Buffer.concat([plain, plain]));
  expect(inflate(gzipSync(""), 100)).toEqual(Buffer.alloc(0));
});

const bomb = gzipSync(Buffer.alloc(10_000_000));

/** `bomb` with `size` for the size that its trailer tells. */
function lying(size: number): Buffer {
  const body = Buffer.from(bomb);
  body.writeUInt32LE(size, body.byteLength - 4);
  return body;
}

const tooLarge =
  "the request body is larger than 99999 bytes: send smaller batches, or raise the receiver's limit";

test.each([
  ["one byte more than allowed", packed, 413, tooLarge],
  ["two members, together more", Buffer.concat([packed, packed]), 413, tooLarge],
  ["a hundred times more", bomb, 413, tooLarge],
  ["more than it tells", lying(10), 413, tooLarge],
  ["more than it tells, which cannot be", lying(4_000_000_000), 413, tooLarge],
])("B22 gzip of %s is refused", (_, body, status, message) => {
  expect(() => inflate(body, 99_999)).toThrow(new RequestError(status, message));
});

test.each([
  ["empty", Buffer.alloc(0), "Z_BUF_ERROR"],
  ["plain", plain.subarray(0, 1000), "Z_DATA_ERROR"],
  ["cut off", packed.subarray(0, packed.byteLength - 9), "Z_BUF_ERROR"],
  ["of the wrong checksum", packed.with(packed.byteLength - 8, 0), "Z_DATA_ERROR"],
  ["followed by garbage", Buffer.concat([packed, Buffer.from("garbage!")]), "Z_DATA_ERROR"],
])("B05 gzip that is %s is refused", (_, body, code) => {
  const message = `the request body is not gzip, or not all of it: ${code}`;
  expect(() => inflate(Buffer.from(body), 1_000_000)).toThrow(new RequestError(400, message));
});
