import fc from "fast-check";
import { expect, test } from "vitest";
import { exactFromText, halfEvenQuotient } from "./decimal.ts";

test.each([
  ["0.1", 9, 100_000_000n],
  ["0.123456789", 9, 123_456_789n],
  ["0.1234567890000", 9, 123_456_789n],
  ["0.1234567891", 9, "inexact"],
  ["5e-10", 9, "inexact"],
  ["1e-9", 9, 1n],
  ["1e3", 2, 100_000n],
  ["1e-400", 9, "inexact"],
  ["0e-400", 9, 0n],
  ["-0.5", 1, -5n],
  [".5", 0, "inexact"],
  ["", 9, undefined],
  ["1,5", 9, undefined],
  ["0x10", 9, undefined],
])("%j in units of 10^-%i is %s", (text, decimals, expected) => {
  expect(exactFromText(text, decimals)).toBe(expected);
});

test("a text made of a number of units reads back as them, and with another digit behind as inexact", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 30n }),
      fc.integer({ min: 1, max: 9 }),
      (n, more) => {
        const digits = String(n).padStart(13, "0");
        const text = `${digits.slice(0, -12)}.${digits.slice(-12)}`;
        expect(exactFromText(text, 12)).toBe(n);
        expect(exactFromText(`${text}${more}`, 12)).toBe("inexact");
      },
    ),
  );
});

test.each([
  [5n, 2n, 2n],
  [7n, 2n, 4n],
  [-5n, 2n, -2n],
  [8n, 3n, 3n],
])("%s by %s is %s, a tie to the even one", (dividend, divisor, quotient) => {
  expect(halfEvenQuotient(dividend, divisor)).toBe(quotient);
});
