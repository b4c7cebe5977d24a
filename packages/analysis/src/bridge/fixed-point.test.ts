import fc from "fast-check";
import { expect, test } from "vitest";
import { apportion, type Fixed, product, ratio, roundedQuotient, toNumber } from "./fixed-point.ts";

const fixed = (text: string): Fixed => {
  const [a = "0", b = "1"] = text.split("/");
  return ratio(BigInt(a), BigInt(b));
};

test("equal ratios are equal numbers", () => {
  expect(ratio(7n * 3n, 7n * 11n)).toBe(ratio(3n, 11n));
});

test("a product of opposites is the opposite", () => {
  expect(product(fixed("-1/3"), fixed("1/7"))).toBe(-product(fixed("1/3"), fixed("1/7")));
});

test("a fixed-point number is shown as a double", () => {
  expect(toNumber(fixed("-3/4"))).toBe(-0.75);
});

test.each([
  [7n, 2n, 4n],
  [-7n, 2n, -4n],
  [7n, 3n, 2n],
  [-8n, 3n, -3n],
  [0n, 3n, 0n],
])("%s / %s is %s to the nearest", (a, b, rounded) => {
  expect(roundedQuotient(a, b)).toBe(rounded);
});

test.each([
  [["1/3", "1/3", "1/3"], 1n, [1n, 0n, 0n]],
  [["1/2", "1/2"], 1n, [0n, 1n]],
  [["-1/2", "-1/2"], -1n, [0n, -1n]],
  [["5/4", "5/4", "5/2"], 5n, [1n, 1n, 3n]],
  [["0", "0"], 0n, [0n, 0n]],
])("%s make up %s as %s", (values, total, parts) => {
  expect(apportion(values.map(fixed), total)).toEqual(parts);
});

const values = fc.array(fc.bigInt(-(2n ** 90n), 2n ** 90n), { minLength: 1, maxLength: 8 });

test("parts sum to their total and stay within one of their value", () => {
  fc.assert(
    fc.property(values, fc.bigInt(2n, 10n ** 9n), (numerators, over) => {
      const total = roundedQuotient(
        numerators.reduce((sum, value) => sum + value, 0n),
        over,
      );
      const exact = numerators.map((value) => ratio(value, over));
      const parts = apportion(exact, total);
      expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(total);
      for (const [index, part] of parts.entries()) {
        expect(Math.abs(toNumber((ratio(part, 1n) - (exact[index] ?? 0n)) as Fixed))).toBeLessThan(
          1.5,
        );
      }
    }),
  );
});

test("opposite values are apportioned to opposite parts", () => {
  fc.assert(
    fc.property(values, fc.bigInt(2n, 1000n), (numerators, over) => {
      const total = roundedQuotient(
        numerators.reduce((sum, value) => sum + value, 0n),
        over,
      );
      const parts = apportion(
        numerators.map((value) => ratio(value, over)),
        total,
      );
      const opposite = apportion(
        numerators.map((value) => ratio(-value, over)),
        -total,
      );
      expect(opposite).toEqual(parts.map((part) => -part));
    }),
  );
});

test("values that do not sum to the total are refused", () => {
  expect(() => apportion([fixed("1"), fixed("2")], 9n)).toThrow(
    "the parts are 4 short of their total 9",
  );
});
