import { expect, test } from "vitest";
import { exactUsd } from "./format-money.ts";
import {
  femtoUsd,
  flatRate,
  formatRate,
  type Rate,
  rateAt,
  rateFromNumber,
  timesRate,
  usdFromFemto,
} from "./rates.ts";

const rate = (usd: number): Rate => rateFromNumber(usd) ?? (-1n as Rate);

test.each([
  [3, 3_000_000_000n, "3"],
  [0.0028, 2_800_000n, "0.0028"],
  [0, 0n, "0"],
  // Float dirt of the catalogue.
  [0.18000000000000002, 180_000_000n, "0.18"],
  [0.08333333333333334, 83_333_333n, "0.083333333"],
  [1e-9, 1n, "0.000000001"],
])("%d USD per million is %s nano-dollars", (usd, nano, text) => {
  expect(rate(usd)).toBe(nano);
  expect(formatRate(rate(usd))).toBe(text);
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("%d is no rate", (usd) => {
  expect(rateFromNumber(usd)).toBeUndefined();
});

test.each([
  [200_000, 3],
  [200_001, 6],
  [500_000, 6],
  [500_001, 9],
])("with %i tokens the rate is %i: a tier starts strictly above its size", (input, usd) => {
  const tiered = {
    base: rate(3),
    tiers: [
      { above: 200_000, rate: rate(6) },
      { above: 500_000, rate: rate(9) },
    ],
  };
  expect(rateAt(tiered, input)).toBe(rate(usd));
  expect(rateAt(timesRate(tiered, 2n), input)).toBe(rate(2 * usd));
});

test("a flat rate holds at every size", () => {
  expect(rateAt(flatRate(rate(3)), 10_000_000)).toBe(rate(3));
});

test.each([
  // Rates of up to 6 decimals are exact; the ninth decimal makes thousandths of a pico-dollar.
  [7, 0.000001, "0.000000000007"],
  [1, 0.000_000_5, "0.000000000000"],
  [3, 0.000_000_5, "0.000000000002"],
  [5, 0.000_000_5, "0.000000000002"],
  [1_000_003, 0.083333333, "0.083333583000"],
])("%i tokens at %d USD per million cost %s", (tokens, usd, cost) => {
  expect(exactUsd(usdFromFemto(femtoUsd(tokens, rate(usd))))).toBe(cost);
});
