import fc from "fast-check";
import { expect, test } from "vitest";
import { anyFits, fits, fitsValue, holdsAt } from "./patterns.ts";

test.each([
  ["gpt-5", "gpt-5", true],
  ["gpt-5", "gpt-5-mini", false],
  ["claude-sonnet-*", "claude-sonnet-4-5", true],
  ["claude-sonnet-*", "claude-sonnet-", true],
  ["claude-sonnet-*", "claude-opus-5", false],
  ["*", "", true],
  ["*-mini", "gpt-5-mini", true],
  ["gpt-*-mini", "gpt-5-mini", true],
  ["a*a", "a", false],
  ["a*b*c", "a-b-c", true],
  ["a*b*c", "a-c-b", false],
  ["a*bc*bc", "abc", false],
  [
    "arn:aws:bedrock:*:application-inference-profile/*",
    "arn:aws:bedrock:eu-west-1:1:application-inference-profile/x",
    true,
  ],
  // Nothing but the star has a meaning.
  ["gpt.5", "gpt-5", false],
  ["gpt-?", "gpt-5", false],
])("%s fits %j: %s", (pattern, value, expected) => {
  expect(fits(pattern, value)).toBe(expected);
});

test("a pattern fits exactly what the same regular expression fits", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
  const values = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 10 });
  fc.assert(
    fc.property(letters, values, (pattern, value) => {
      const same = new RegExp(`^${pattern.replaceAll("*", ".*")}$`);
      return fits(pattern, value) === same.test(value);
    }),
    { numRuns: 2_000 },
  );
});

test("a pattern of many stars does not take long to fail", () => {
  const started = performance.now();
  expect(fits(`${"*a".repeat(250)}b`, "a".repeat(512))).toBe(false);
  expect(performance.now() - started).toBeLessThan(100);
});

test("no patterns fit everything, also what is unknown; some fit nothing that is unknown", () => {
  expect([anyFits(undefined, []), fitsValue(undefined, undefined)]).toEqual([true, true]);
  expect([anyFits(["*"], []), fitsValue(["*"], undefined)]).toEqual([false, false]);
  expect(fitsValue(["eu-*"], "EU-West-1")).toBe(true);
});

test.each([
  [99, false],
  [100, true],
  [199, true],
  [200, false],
])("a period from 100 until 200 holds at %i: %s", (millis, holds) => {
  expect(holdsAt({ from: 100, until: 200 }, millis)).toBe(holds);
  expect(holdsAt({ from: undefined, until: undefined }, millis)).toBe(true);
});
