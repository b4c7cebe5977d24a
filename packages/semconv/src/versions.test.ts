import { expect, test } from "vitest";
import { isInRange, type VersionRange } from "./versions.ts";

test.each<[string, VersionRange, boolean]>([
  ["0.1.13", "<0.1.14", true],
  ["0.1.14", "<0.1.14", false],
  ["0.1.9", "<0.1.14", true],
  ["0.2", "<0.1.14", false],
  ["1.54.0", "<1.54", false],
  ["1.53.9", "<1.54", true],
  ["10.0.0", "<9.9.9", false],
  ["0.1.18", ">=0.1.18 <0.1.42", true],
  ["0.1.42", ">=0.1.18 <0.1.42", false],
  ["0.1.17", ">=0.1.18 <0.1.42", false],
  ["0.65b0", "<0.66", true],
  ["0.66b2", "<0.66", false],
  ["1.0.0-rc.1", ">=1.0.0 <2.0.0", true],
  ["v2.1.0", ">=2.0.0 <3.0.0", true],
])("%s in %s: %s", (version, range, expected) => {
  expect(isInRange(version, range)).toBe(expected);
});

test.each(["", "unknown", "main", "v", "-1"])("%j is in no range", (version) => {
  expect(isInRange(version, "<99.0.0")).toBe(false);
  expect(isInRange(version, ">=0.0.0")).toBe(false);
});
