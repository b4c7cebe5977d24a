import { expect, test } from "vitest";
import { BoundedNames } from "./bounded-names.ts";

test("the first names stay, all others are one", () => {
  const names = new BoundedNames(2);
  expect(["a", "b", "c", "a", "d", "b"].map((name) => names.of(name))).toEqual([
    "a",
    "b",
    "other",
    "a",
    "other",
    "b",
  ]);
});
