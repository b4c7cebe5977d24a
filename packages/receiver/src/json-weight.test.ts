import { expect, test } from "vitest";
import { weightOfJson } from "./json-weight.ts";
import { RequestError } from "./request.ts";

/** JSON as long as `bytes`, in which `inner` is repeated. */
function json(inner: string, bytes: number): Buffer {
  return Buffer.from(`[${inner.repeat(Math.ceil(bytes / inner.length))}0]`);
}

test("a small body is not looked at", async () => {
  expect(await weightOfJson(json("{},", 200_000))).toBe(0);
});

test.each([
  ["objects", "{},", 56],
  ["numbers", "1,", 8],
  ["arrays in arrays", "[", 48],
  ["attributes", '{"key":"a","value":{"intValue":"1"}},', 112],
])("%s weigh what they take in memory", async (_, inner, bytes) => {
  const count = Math.ceil(900_000 / inner.length);
  expect(await weightOfJson(json(inner, 900_000))).toBe(48 + count * bytes);
});

test("what stands in strings weighs nothing", async () => {
  const text = JSON.stringify({ prompt: '{"a": [1, 2], "b\\": "c"},'.repeat(400_000) });
  expect(await weightOfJson(Buffer.from(text))).toBe(48);
});

test.each(["{},", "1,", "[", '"",', '{"a":[{}]},'])(
  "%j repeated over 60 MiB is more than is taken",
  async (inner) => {
    await expect(weightOfJson(json(inner, 60 * 1024 * 1024))).rejects.toThrow(
      new RequestError(
        413,
        "the request is JSON of too many objects: send smaller batches, or protobuf",
      ),
    );
  },
);
