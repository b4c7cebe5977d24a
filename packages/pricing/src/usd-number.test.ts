import fc from "fast-check";
import { expect, test } from "vitest";
import { exactUsd } from "./format-money.ts";
import { maxRecordUsd, picoUsd, usdFromNumber } from "./money.ts";
import { usdNumber } from "./usd-number.ts";

test("is the double that the exact text reads as", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -maxRecordUsd, max: maxRecordUsd }), (pico) => {
      expect(usdNumber(picoUsd(pico))).toBe(Number(exactUsd(picoUsd(pico))));
    }),
  );
});

test("gives the amount back below 1,000 USD", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }), (pico) => {
      expect(usdFromNumber(usdNumber(picoUsd(pico)))).toBe(pico);
    }),
  );
});
