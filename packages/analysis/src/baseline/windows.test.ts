import { expect, test } from "vitest";
import { toComparison, toSpells } from "./windows.ts";

/** An answer to `explain-windows`: the window's length in hours, then each period as "hours cost feature". */
function spellsOf(hours: number, periods: readonly string[]) {
  const rows = [`${hours} 100 f`, ...periods].map((text, index) => {
    const [length = "", cost = "", feature = null] = text.split(" ");
    return {
      period: index,
      since: "2026-11-10T00:00:00Z",
      until: `2026-11-10T${length.padStart(2, "0")}:00:00.5Z`,
      feature,
      calls: 7,
      cost_usd: cost,
      unpriced_calls: 0,
      first_call: "2026-11-01T00:00:00Z",
    };
  });
  return toSpells({ columns: [], rows });
}

function comparisonOf(hours: number, periods: readonly string[]) {
  const spells = spellsOf(hours, periods);
  return spells && toComparison(spells.window, spells.before);
}

test("lengths are exact to the microsecond", () => {
  expect(comparisonOf(4, ["2 1", "1 1"])).toMatchObject({
    window: { micros: 14_400_500_000n },
    scale: { times: 14_400_500_000n, over: 10_801_000_000n },
  });
});

test("the baseline goes from its first period to its last", () => {
  expect(comparisonOf(4, ["4 1", "4 2"])?.baseline.map(({ number }) => number)).toEqual([2, 1]);
});

test("a period costs what its features cost", () => {
  const period = {
    period: 0,
    since: "2026-11-10T00:00:00Z",
    until: "2026-11-10T04:00:00Z",
    unpriced_calls: 0,
    first_call: "2026-11-01T00:00:00Z",
  };
  const spells = toSpells({
    columns: [],
    rows: [
      { ...period, feature: "f", calls: 2, cost_usd: "0.1" },
      { ...period, feature: null, calls: 3, cost_usd: "0.02" },
      { ...period, feature: "g", calls: 1, cost_usd: null, unpriced_calls: 1 },
    ],
  });
  expect(spells?.window).toMatchObject({ calls: 6n, cost: 120_000_000_000n });
  expect(spells?.window.costs.get(null)).toBe(20_000_000_000n);
  expect(spells?.spend).toEqual([
    { feature: "f", calls: 2n, unpricedCalls: 0n, cost: 100_000_000_000n },
    { feature: null, calls: 3n, unpricedCalls: 0n, cost: 20_000_000_000n },
    { feature: "g", calls: 1n, unpricedCalls: 1n, cost: undefined },
  ]);
});

test("without a period before it the window is not scaled", () => {
  expect(comparisonOf(4, [])).toMatchObject({ baseline: [], scale: { times: 1n, over: 1n } });
});

test("without records there is nothing to compare", () => {
  expect(toSpells({ columns: [], rows: [] })).toBeUndefined();
});
