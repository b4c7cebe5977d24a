import { expect, test } from "vitest";
import { dollarScale, dollarTick, timeTick } from "./axis.ts";
import { plotEdges } from "./plot.ts";

test.each([
  [0, 5, "$0"],
  [15, 5, "$15"],
  [0.5, 0.5, "$0.50"],
  [0.05, 0.05, "$0.05"],
  [0.002, 0.001, "$0.002"],
  [-20, 20, "−$20"],
  [12_000, 2000, "$12k"],
  [1_250_000, 250_000, "$1250k"],
])("%d beside ticks of %d reads %s", (value, step, text) => {
  expect(dollarTick(value, step)).toBe(text);
});

test.each([
  ["2026-11-20T00:00:00Z", "20 Nov"],
  ["2026-11-20T15:00:00Z", "15:00"],
  ["2026-11-20T00:30:00Z", "00:30"],
])("%s is %s, by a clock of 24 hours in UTC", (instant, text) => {
  expect(timeTick(Date.parse(instant))).toBe(text);
});

test("an axis begins at 0, goes below where values do, and has a length where all are 0", () => {
  expect(dollarScale([3, 7], [0, 100]).domain()).toEqual([0, 8]);
  expect(dollarScale([-3, 7], [0, 100]).domain()[0]).toBeLessThanOrEqual(-3);
  expect(dollarScale([0, 0], [0, 100]).domain()).toEqual([0, 1]);
});

test("the room on the left of a plot holds the longest label of small amounts", () => {
  const widestLetter = 7.4;
  const label = dollarTick(0.00008, 0.00002);
  expect(label).toBe("$0.00008");
  expect(label.length * widestLetter).toBeLessThanOrEqual(plotEdges.left - 6);
});
