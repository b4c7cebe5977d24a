import type { Rows } from "@spancost/store";
import { expect, test } from "vitest";
import { noiseOf, toComparison } from "./windows.ts";

/** An answer to `explain-windows`: the window's length in hours, then each period as "hours cost". */
function comparisonOf(hours: number, periods: readonly string[]) {
  const rows = [`${hours} 100`, ...periods].map((text, index) => {
    const [length = 0, cost = ""] = text.split(" ");
    return {
      is_window: index === 0,
      since: "2026-11-10T00:00:00Z",
      until: `2026-11-10T${String(length).padStart(2, "0")}:00:00.5Z`,
      calls: 7,
      cost_usd: cost,
    };
  });
  return toComparison({ columns: [], rows });
}

const usd = 1_000_000_000_000n;

test.each<[string, string[], number]>([
  ["days that vary by little: a tenth of the baseline", ["4 99", "4 100", "4 101"], 10],
  ["two days do not show how they vary", ["4 50", "4 150"], 10],
  [
    "days that vary: 2.5 deviations and a little more",
    ["4 80", "4 90", "4 100", "4 110", "4 120"],
    2.5 * 1.4826 * 10 * Math.sqrt(6 / 5),
  ],
  [
    "one earlier incident among them hides nothing",
    ["4 80", "4 90", "4 100", "4 110", "4 9000"],
    2.5 * 1.4826 * 10 * Math.sqrt(6 / 5),
  ],
  [
    "days of which less than half is known do not count",
    ["1 10", "1 60", "4 90", "4 100", "4 110"],
    2.5 * 1.4826 * 10 * Math.sqrt(4 / 3),
  ],
])("%s", (_, periods, expected) => {
  const comparison = comparisonOf(4, periods);
  const noise = comparison && noiseOf(comparison, 100n * usd);
  expect((noise ?? 0) / Number(usd)).toBeCloseTo(expected, 3);
});

test("lengths are exact to the microsecond", () => {
  expect(comparisonOf(4, ["2 1", "1 1"])).toMatchObject({
    window: { micros: 14_400_500_000n },
    scale: { times: 14_400_500_000n, over: 10_801_000_000n },
  });
});

test("without a period before it the window is not scaled", () => {
  expect(comparisonOf(4, [])).toMatchObject({ baseline: [], scale: { times: 1n, over: 1n } });
});

test("without records there is nothing to compare", () => {
  const none: Rows = { columns: [], rows: [] };
  expect(toComparison(none)).toBeUndefined();
});
