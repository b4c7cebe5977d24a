import { usdFromNumber } from "@spancost/pricing";
import { expect, test } from "vitest";
import { hourMillis } from "../baseline/instants.ts";
import { type ForecastQuestion, forecastOf } from "./forecast.ts";
import type { SpendHour } from "./spend-hours.ts";

const midnight = Date.UTC(2026, 10, 19);
const noon = midnight + 12 * hourMillis;

/** An hour with requests of a dollar each, or of another cost: of NaN, which is unknown. */
function hour(at: number, requests: number, dollarsEach = 1): SpendHour {
  const cost = usdFromNumber(requests * dollarsEach);
  return { at, cost, requests, calls: requests, unpricedCalls: 0 };
}

/** From so many hours before noon on. */
function history(hours: number, requests: (at: number) => number): SpendHour[] {
  return Array.from({ length: hours }, (_, nth) => noon - (hours - nth) * hourMillis).map((at) =>
    hour(at, requests(at)),
  );
}

function forecast(hours: readonly SpendHour[], more: Partial<ForecastQuestion> = {}) {
  return forecastOf({
    hours,
    now: noon,
    until: noon + 12 * hourMillis,
    spentDollars: 100,
    limitDollars: 1_000,
    ...more,
  });
}

test("steady requests go on at what they cost", () => {
  const found = forecast(history(14 * 24, () => 30));
  expect(found?.dollars).toBeCloseTo(100 + 12 * 30);
  expect(found?.limitAt).toBeUndefined();
});

test("the hours that are left are as busy as they usually are", () => {
  const isEvening = (at: number) => (at / hourMillis) % 24 >= 18;
  const found = forecast(history(3 * 24, (at) => (isEvening(at) ? 100 : 20)));
  expect(found?.dollars).toBeCloseTo(100 + 6 * 20 + 6 * 100);
});

test("a weekend is like other weekends, where weeks are known", () => {
  const isWeekend = (at: number) => [0, 6].includes(new Date(at).getUTCDay());
  const days = history(28 * 24, (at) => (isWeekend(at) ? 20 : 200));
  const friday = noon + 24 * hourMillis;
  const now = { now: friday, until: friday + 36 * hourMillis };
  const more = history(24, () => 200).map(({ at }) => hour(at + 24 * hourMillis, 200));
  // Twelve hours of Friday, and Saturday.
  expect(forecast([...days, ...more], now)?.dollars).toBeCloseTo(100 + 12 * 200 + 24 * 20);
});

test("a busier day than usual is expected to stay busy", () => {
  const busySince = noon - 24 * hourMillis;
  const found = forecast(history(29 * 24, (at) => (at >= busySince ? 60 : 30)));
  // The mean of four of each hour, of which the last day's were twice as busy; and how much busier it was than that.
  expect(found?.dollars).toBeCloseTo(100 + 12 * 30 * (60 / 37.5));
});

test("a request costs what it cost in the last hours", () => {
  const cheap = history(48, () => 30).slice(0, -3);
  const dear = [3, 2, 1].map((ago) => hour(noon - ago * hourMillis, 30, 5));
  expect(forecast([...cheap, ...dear])?.dollars).toBeCloseTo(100 + 12 * 30 * 5);
});

test("where no request came for hours, one costs what it cost before that", () => {
  const cheap = history(48, () => 30).slice(0, -8);
  const dear = [8, 7, 6, 5].map((ago) => hour(noon - ago * hourMillis, 30, 5));
  const found = forecast([...cheap, ...dear]);
  // The last day had 600 requests, where the mean of both days is 660.
  expect(found?.dollars).toBeCloseTo(100 + 12 * 30 * (600 / 660) * 5);
});

test("of few requests the last day says what they cost", () => {
  const rare = history(48, (at) => ((at / hourMillis) % 8 === 0 ? 1 : 0)).filter(
    ({ requests }) => requests > 0,
  );
  // At 16:00 only, until midnight.
  expect(forecast(rare)?.dollars).toBeCloseTo(100 + 1);
});

test("the limit is reached when the money is spent by then", () => {
  const found = forecast(
    history(14 * 24, () => 30),
    { limitDollars: 190 },
  );
  expect(found?.limitAt).toBe(noon + 3 * hourMillis);
});

test("a limit that is passed was reached by now", () => {
  expect(
    forecast(
      history(48, () => 30),
      { limitDollars: 50 },
    )?.limitAt,
  ).toBe(noon);
});

test("without a price of the last day nothing is forecast", () => {
  expect(forecast([hour(noon - hourMillis, 10, Number.NaN)])).toBeUndefined();
  expect(forecast([])).toBeUndefined();
  expect(forecast([hour(noon - 72 * hourMillis, 10)])).toBeUndefined();
});

test("the first hour of all is all that is known", () => {
  const now = noon + hourMillis / 2;
  const found = forecast([hour(noon, 40)], { now, spentDollars: 40 });
  expect(found?.dollars).toBeCloseTo(40 + 11.5 * 40);
});
