import { expect, test } from "vitest";
import { BoundedMemo } from "./bounded-memo.ts";

test("a flood of new keys leaves at most two generations", () => {
  const memo = new BoundedMemo<number>(100);
  for (let i = 0; i < 10_000; i += 1) {
    memo.set(`key ${i}`, i);
    expect(memo.held).toBeLessThanOrEqual(200);
  }
});

test("what is asked for again and again stays through a flood", () => {
  const memo = new BoundedMemo<string>(100);
  memo.set("in use", "kept");
  for (let i = 0; i < 1_000; i += 1) {
    memo.set(`flood ${i}`, "gone");
    expect(memo.get("in use")).toBe("kept");
  }
  expect(memo.get("flood 0")).toBeUndefined();
  expect(memo.get("flood 999")).toBe("gone");
});
