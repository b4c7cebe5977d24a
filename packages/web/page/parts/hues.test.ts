import { expect, test } from "vitest";
import { huesOf } from "./hues.ts";

test("a value has the same hue whatever stands beside it, unless two would look alike", () => {
  const alone = huesOf(["search"]).get("search");
  expect(huesOf(["chat", "search"]).get("search")).toBe(alone);
  const many = huesOf(Array.from({ length: 8 }, (_, index) => `value ${index}`));
  expect(new Set(many.values()).size).toBe(8);
});

test("calls without a value are grey", () => {
  expect(huesOf([null, "search"]).get(null)).toBe("none");
});
