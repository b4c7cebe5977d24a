import { expect, test } from "vitest";
import { confidenceOf, type Resampled } from "./confidence.ts";

/** Requests of as many parts as there are numbers; each day like the first. */
function resampled(window: readonly number[], day: readonly number[]): Resampled {
  const days = [1, 2, 3, 4].map((number) => [number, Float64Array.from(day)] as const);
  return {
    periods: new Map([[0, Float64Array.from(window)], ...days]),
    scales: new Map(days.map(([number]) => [number, 1])),
  };
}

const even = (cost: number) => Array.from({ length: 128 }, () => cost);

test("where all requests cost the same, nothing is left to chance", () => {
  const requests = resampled(even(3), even(1));
  expect(confidenceOf({ cost: 384n, baselineCost: 128n }, requests)).toEqual({
    low: 256n,
    high: 256n,
    level: "high",
  });
});

test("one request that cost it all may not have come", () => {
  const requests = resampled([1000, ...even(0).slice(1)], even(0));
  const { low, high, level } = confidenceOf({ cost: 1000n, baselineCost: 0n }, requests);
  expect({ low, level }).toEqual({ low: 0n, level: "low" });
  expect(high).toBeGreaterThan(1000n);
});

test("some of a change is sure where the rest hangs on a few requests", () => {
  const requests = resampled([...even(1).slice(4), 60, 60, 60, 60], even(1));
  const { low, high, level } = confidenceOf({ cost: 364n, baselineCost: 128n }, requests);
  expect(level).toBe("medium");
  expect(low).toBeGreaterThan(0n);
  expect(low).toBeLessThan(118n);
  expect(high).toBeGreaterThan(236n);
});

test("a fall has an interval too", () => {
  const { low, high, level } = confidenceOf(
    { cost: 128n, baselineCost: 384n },
    resampled(even(1), even(3)),
  );
  expect({ low, high, level }).toEqual({ low: -256n, high: -256n, level: "high" });
});

test("the same requests give the same answer", () => {
  const uneven = resampled([5, 1, 9, 0], [1, 2, 0, 4]);
  const cost = { cost: 15n, baselineCost: 7n };
  expect(confidenceOf(cost, uneven)).toEqual(confidenceOf(cost, uneven));
});
