import { describe, expect, test } from "vitest";
import {
  cellText,
  count,
  duration,
  instant,
  money,
  moneyChange,
  percent,
  span,
  times,
} from "./format.ts";

describe("an amount is written as the command line writes it:", () => {
  test.each([
    [1234.5, "$1,234.50"],
    [0.0012345, "$0.0012"],
    [0.1, "$0.10"],
    [0.0996, "$0.10"],
    [0, "$0.00"],
    [-3, "−$3.00"],
    [0.0000000004, "<$0.000001"],
    [null, "unknown"],
  ])("%s is %s", (dollars, text) => {
    expect(money(dollars)).toBe(text);
  });
});

test("an unknown change is unknown, and a larger one has its sign", () => {
  expect([moneyChange(null), moneyChange(2), moneyChange(-2), moneyChange(0)]).toEqual([
    "unknown",
    "+$2.00",
    "−$2.00",
    "$0.00",
  ]);
});

test("a share that is not all is not 100 %, and one that is not nothing is not 0 %", () => {
  expect([percent(0.9999), percent(1), percent(0.00001), percent(0), percent(null)]).toEqual([
    "99.9 %",
    "100 %",
    "<0.1 %",
    "0 %",
    "–",
  ]);
});

test("how many times as much is told only where there is something to compare with", () => {
  expect([times(3, 1), times(3, 0), times(3, null), times(null, 1)]).toEqual([
    "×3.0",
    undefined,
    undefined,
    undefined,
  ]);
});

test("times are in UTC, with seconds only where there are some, and the day once", () => {
  expect(instant("2026-11-20T03:00Z")).toBe("2026-11-20 03:00");
  expect(instant("2026-11-20T03:00:00.25Z")).toBe("2026-11-20 03:00");
  expect(instant("2026-11-20T03:00:07Z")).toBe("2026-11-20 03:00:07");
  expect(span("2026-11-20T03:00Z", "2026-11-20T12:00:00Z")).toBe("2026-11-20 03:00 to 12:00 UTC");
});

test("a cell is written by what its column's name says of it", () => {
  expect(cellText("cost_usd", null)).toBe("unknown");
  expect(cellText("retries", null)).toBe("–");
  expect(cellText("share_of_cost", 0.5)).toBe("50.0 %");
  expect(cellText("duration_ms", 90_000)).toBe("1 min 30 s");
  expect(cellText("last_seen", "2026-11-20T03:00:07.5Z")).toBe("2026-11-20 03:00:07");
  expect([count(1234567), duration(null)]).toEqual(["1,234,567", "–"]);
});
