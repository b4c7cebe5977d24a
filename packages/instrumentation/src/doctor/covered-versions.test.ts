import { expect, test } from "vitest";
import { isCovered } from "./covered-versions.ts";

test.each([
  ["6.49.0", ">=4.19.0 <7", true],
  ["7.0.0", ">=4.19.0 <7", false],
  ["4.18.9", ">=4.19.0 <7", false],
  ["4.19.0", ">=4.19.0 <7", true],
  ["7.1.0", ">=4.19.0", true],
  ["7.1.0", "*", true],
  ["6.49.0", "<=6.49.0", true],
  ["6.49.0", ">6.49.0", false],
])("%s in %s: %s", (version, range, covered) => {
  expect(isCovered(version, range)).toBe(covered);
});
