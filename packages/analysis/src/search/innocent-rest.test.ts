import { expect, test } from "vitest";
import { withoutInnocentRest } from "./innocent-rest.ts";
import { glass, toldOfSegment } from "./testing/one-segment.ts";

const wholeCost = 0;

/** What features cost before and after. */
function toldIn(costs: Readonly<Record<string, readonly [before: number, after: number]>>): string {
  const rows = Object.entries(costs).map(([feature, [before, after]]) => ({
    feature,
    before,
    mix: after - before,
  }));
  return toldOfSegment(rows, wholeCost, (table, whole) => withoutInnocentRest(table, whole, glass));
}

test("spend that did not change is left out, where it is much", () => {
  expect(toldIn({ f: [20, 300], g: [100, 103], h: [50, 52] })).toBe("model=m feature=f");
});

test("where all rose alike the whole is told", () => {
  expect(toldIn({ f: [100, 300], g: [30, 90], h: [20, 60] })).toBe("model=m");
});

test("where hardly any spend would be left out the shorter name is told", () => {
  expect(toldIn({ f: [100, 400], g: [20, 20], h: [20, 20] })).toBe("model=m");
});
