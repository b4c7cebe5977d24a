import { expect, test } from "vitest";
import type { Dimension } from "../dimensions.ts";
import { measureOf } from "../ledger/contributions.ts";
import { featureOfMove } from "./moves.ts";
import type { Scored } from "./scoring.ts";
import type { SpendTable } from "./spend-table.ts";
import { type CallsOfFeature, glass, toldOfSegment } from "./testing/one-segment.ts";

/** Where a feature alone is told if its change is 100. */
function toldIn(
  rows: readonly CallsOfFeature[],
  measure = measureOf("mix"),
  name: Dimension = "model",
): string {
  const inPlaceOf = (table: SpendTable, whole: Scored) =>
    featureOfMove(table, whole, glass, ({ change }) => change >= 100);
  return toldOfSegment(rows, measure, inPlaceOf, name);
}

const f = { feature: "f", before: 100, mix: 200 };
const g = { feature: "g", before: 100, mix: 300 };

test("of two features that were moved to a model the more surprising is told", () => {
  expect(toldIn([f, g])).toBe("model=m feature=g");
});

test.each<[string, Dimension, string]>([
  ["so it is of two features of a team", "team", "team=m feature=g"],
  ["a release that moved them is told itself", "release", "release=m"],
])("%s", (_, name, told) => {
  expect(toldIn([f, g], measureOf("mix"), name)).toBe(told);
});

test("a model of which one of the features is told already is not told as if it had both", () => {
  expect(toldIn([f, { ...g, isClaimed: true }])).toBe("model=m feature=f");
});

test("one feature alone is left to those that look for its name", () => {
  expect(toldIn([g, { feature: "h", before: 400 }])).toBe("model=m");
});

test("a model that took over many features is told as that", () => {
  const many = ["f", "g", "h", "i"].map((feature) => ({ feature, before: 100, mix: 200 }));
  expect(toldIn(many)).toBe("model=m");
});

test("so is one to which more was moved than the features that would be told have", () => {
  const rest = Array.from({ length: 5 }, (_, nth) => ({
    feature: `small ${nth}`,
    before: 20,
    mix: 20,
  }));
  expect(toldIn([f, g, ...rest])).toBe("model=m");
});

test("more requests of a team are the team's", () => {
  const asked = [
    { feature: "f", before: 100, traffic: 200 },
    { feature: "g", before: 100, traffic: 300 },
  ];
  expect(toldIn(asked, measureOf("traffic"), "team")).toBe("team=m");
});
