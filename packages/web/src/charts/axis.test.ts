import { describe, expect, test } from "vitest";
import { dollarScale, dollarTick, timeTick } from "./axis.ts";
import { plotEdges, timeLabels } from "./plot.ts";

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

describe("labels of a time axis", () => {
  const hour = 3_600_000;
  const begin = Date.parse("2026-11-20T00:00:00Z");
  const ticks = Array.from({ length: 9 }, (_, nth) => begin + nth * 6 * hour);
  const texts = (pixelsAnHour: number, right: number) =>
    timeLabels(ticks, (at) => ((at - begin) / hour) * pixelsAnHour, right).map(({ text }) => text);

  test("are all there where they have room", () => {
    const all = [
      "20 Nov",
      "06:00",
      "12:00",
      "18:00",
      "21 Nov",
      "06:00",
      "12:00",
      "18:00",
      "22 Nov",
    ];
    expect(texts(10, 1_000)).toEqual(all);
  });

  test("give way to the days where they have none", () => {
    expect(texts(4, 1_000)).toEqual(["20 Nov", "12:00", "21 Nov", "12:00", "22 Nov"]);
  });

  test("do not run into the last one, which ends at its tick at the right edge", () => {
    const right = 48 * 9;
    expect(texts(9, right).slice(-2)).toEqual(["12:00", "22 Nov"]);
    expect(timeLabels(ticks, (at) => ((at - begin) / hour) * 9, right).at(-1)?.anchor).toBe("end");
  });
});
