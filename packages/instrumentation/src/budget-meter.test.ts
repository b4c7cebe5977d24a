import { usdFromText } from "@spancost/pricing";
import { expect, test } from "vitest";
import { BudgetMeter } from "./budget-meter.ts";

const noon = Date.UTC(2026, 0, 1, 12);
const hour = 3_600_000;

function usd(text: string) {
  const amount = usdFromText(text);
  if (amount === undefined) throw new Error(text);
  return amount;
}

test("tells at 80 % and at 100 %, once each, exactly", () => {
  const budget = { usd: 1, per: "hour" } as const;
  const meter = new BudgetMeter(budget);
  expect(meter.add(usd("0.799999999999"), noon)).toBeUndefined();
  expect(meter.add(usd("0.000000000001"), noon)).toEqual({ budget, spentUsd: 0.8, share: 0.8 });
  expect(meter.add(usd("0.1"), noon)).toBeUndefined();
  expect(meter.add(usd("0.1"), noon)).toEqual({ budget, spentUsd: 1, share: 1 });
  expect(meter.add(usd("5"), noon)).toBeUndefined();
});

test("of both at once, tells the further", () => {
  expect(new BudgetMeter({ usd: 1, per: "day" }).add(usd("2"), noon)?.share).toBe(1);
});

test("begins anew with each hour or day, in UTC", () => {
  const hourly = new BudgetMeter({ usd: 1, per: "hour" });
  hourly.add(usd("1"), noon);
  expect(hourly.isSpent(noon + hour - 1)).toBe(true);
  expect(hourly.isSpent(noon + hour)).toBe(false);
  expect(hourly.add(usd("1"), noon + hour)?.share).toBe(1);
  const daily = new BudgetMeter({ usd: 1, per: "day" });
  daily.add(usd("1"), noon);
  expect(daily.isSpent(noon + 11 * hour)).toBe(true);
  expect(daily.isSpent(noon + 12 * hour)).toBe(false);
});

test("of a process it never begins anew", () => {
  const meter = new BudgetMeter({ usd: 1, per: "process" });
  meter.add(usd("1"), noon);
  expect(meter.isSpent(noon + 1_000 * hour)).toBe(true);
});

test("a clock set back a little gives no second budget, one set back far does not block for ever", () => {
  const meter = new BudgetMeter({ usd: 1, per: "hour" });
  meter.add(usd("1"), noon);
  expect(meter.isSpent(noon - 1)).toBe(true);
  expect(meter.isSpent(noon - 5 * hour)).toBe(false);
  meter.add(usd("1"), noon - 5 * hour);
  expect(meter.isSpent(Number.NaN)).toBe(true);
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("%s USD is no budget", (amount) => {
  expect(() => new BudgetMeter({ usd: amount, per: "day" })).toThrow(
    `a budget is a positive number of USD, not ${amount}`,
  );
});

test("a week is no period", () => {
  expect(() => new BudgetMeter({ usd: 1, per: "week" as "day" })).toThrow(
    'a budget is per "hour", "day" or "process", not "week"',
  );
});
