import fc from "fast-check";
import { expect, test } from "vitest";
import { comparedUsd, exactUsd, shortUsd } from "./format-money.ts";
import {
  addUsd,
  fitsRecord,
  maxRecordUsd,
  picoUsd,
  usdFromNumber,
  usdFromText,
  zeroUsd,
} from "./money.ts";

test.each([
  ["0", 0n],
  ["1", 1_000_000_000_000n],
  ["0.001234500000", 1_234_500_000n],
  ["+.5", 500_000_000_000n],
  ["5.", 5_000_000_000_000n],
  ["-2.5e-3", -2_500_000_000n],
  ["1E3", 1_000_000_000_000_000n],
  // A tie goes to the even digit, also below zero.
  ["0.0000000000005", 0n],
  ["0.0000000000015", 2n],
  ["0.0000000000025", 2n],
  ["-0.0000000000015", -2n],
  ["0.00000000000050000000001", 1n],
  ["1e-400", 0n],
])("%s reads as %s pico-dollars", (text, pico) => {
  expect(usdFromText(text)).toBe(pico);
});

test.each([
  "",
  ".",
  "-",
  "NaN",
  "Infinity",
  "1,5",
  "$1",
  "1 ",
  "0x10",
  "1e",
  "1e99999",
  "1".repeat(65),
])("%j is no amount", (text) => {
  expect(usdFromText(text)).toBeUndefined();
});

test.each([
  [0.1, "0.100000000000"],
  [0.0049499999999999995, "0.004950000000"],
  [1e-7, "0.000000100000"],
  [123456.789, "123456.789000000000"],
])("the double %d is %s", (usd, exact) => {
  expect(exactUsd(usdFromNumber(usd) ?? zeroUsd)).toBe(exact);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])("the double %d is no amount", (usd) => {
  expect(usdFromNumber(usd)).toBeUndefined();
});

test("an amount written exactly reads back as itself", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), (pico) => {
      expect(usdFromText(exactUsd(picoUsd(pico)))).toBe(pico);
    }),
  );
});

test("a sum is exact in any order, where doubles drift", () => {
  const dime = usdFromText("0.1") ?? zeroUsd;
  const dimes = Array.from({ length: 10 }, () => dime);
  expect(exactUsd(dimes.reduce(addUsd, zeroUsd))).toBe("1.000000000000");
  expect(addUsd(maxRecordUsd, picoUsd(1n))).toBe(10n ** 18n);
});

test.each([
  [maxRecordUsd, true],
  [picoUsd(-maxRecordUsd), true],
  [picoUsd(maxRecordUsd + 1n), false],
  [picoUsd(-maxRecordUsd - 1n), false],
])("a record holds %s pico-dollars: %s", (amount, fits) => {
  expect(fitsRecord(amount)).toBe(fits);
});

test.each([
  ["0", "$0.00"],
  ["0.0012345", "$0.0012"],
  ["0.00996", "$0.01"],
  ["0.0996", "$0.10"],
  ["0.0123", "$0.012"],
  ["0.5", "$0.50"],
  ["0.125", "$0.12"],
  ["0.995", "$1.00"],
  ["1.005", "$1.00"],
  ["1.015", "$1.02"],
  ["1234.56", "$1,234.56"],
  ["999999.999", "$1,000,000.00"],
  ["-1234567.891", "−$1,234,567.89"],
  ["-0.0012", "−$0.0012"],
  ["0.0000012", "$0.0000012"],
  ["0.0000009", "<$0.000001"],
  ["-0.0000009", ">−$0.000001"],
])("%s USD is shown as %s", (text, shown) => {
  expect(shortUsd(usdFromText(text))).toBe(shown);
});

test.each([
  ["0.00194", "0.00187", "$0.0019", "$0.0019", "$0.00194", "$0.00187"],
  ["0.0019", "0.0018", "$0.0019", "$0.0018", "$0.0019", "$0.0018"],
  ["0.0019001", "0.0019002", "$0.0019", "$0.0019", "$0.0019", "$0.0019"],
  ["12.3449", "12.3401", "$12.34", "$12.34", "$12.34", "$12.34"],
])("%s and %s are told apart where four digits do", (a, b, shortA, shortB, toldA, toldB) => {
  expect([a, b].map((text) => shortUsd(usdFromText(text)))).toEqual([shortA, shortB]);
  expect(comparedUsd(usdFromText(a), usdFromText(b))).toEqual([toldA, toldB]);
});

test("an unknown amount is shown as unknown, never as $0", () => {
  expect(shortUsd(undefined)).toBe("unknown");
});
