import { expect, test } from "vitest";
import { threadsFor } from "./threads-for.ts";

test("a question to a larger database has more threads, but no more than there are cores", () => {
  const mebibyte = 2 ** 20;
  expect([0, 96, 255, 256, 900, 10_000].map((size) => threadsFor(size * mebibyte, 4))).toEqual([
    1, 1, 1, 2, 4, 4,
  ]);
  expect(threadsFor(10_000 * mebibyte, 1)).toBe(1);
});
