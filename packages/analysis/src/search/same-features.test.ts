import { expect, test } from "vitest";
import type { Dimension } from "../dimensions.ts";
import { firstLump, measureCount, measureOf } from "../ledger/contributions.ts";
import { byValue, openRows } from "./candidates.ts";
import { SameFeatures } from "./same-features.ts";
import type { Column, SpendTable } from "./spend-table.ts";

const traffic = measureOf("traffic");

/** What cost 100 lumps a day in every feature and region, and by how many times as much in the window and on some days. */
type Times = (feature: number, region: number, turn: number) => number;

const [features, regions, days] = [4, 3, 5];

function tableOf(times: Times, second: Dimension = "region"): SpendTable {
  const rows = features * regions;
  const turns = 1 + days;
  const measures = new Float64Array(rows * turns * measureCount);
  const codes = { feature: new Int32Array(rows), second: new Int32Array(rows) };
  for (let row = 0; row < rows; row += 1) {
    const [feature, region] = [Math.floor(row / regions), row % regions];
    codes.feature[row] = feature;
    codes.second[row] = region;
    for (let turn = 0; turn < turns; turn += 1) {
      const at = (row * turns + turn) * measureCount + firstLump;
      const after = 100 * times(feature, region, turn);
      measures[at] = after;
      measures[at + 1] = 100;
      measures[at + traffic] = after - 100;
    }
  }
  const column = (name: Dimension, count: number, of: Int32Array): Column => {
    return { name, values: Array.from({ length: count }, (_, nth) => `${nth}`), count, codes: of };
  };
  return {
    columns: [column("feature", features, codes.feature), column(second, regions, codes.second)],
    rows,
    turns,
    measures,
    rowOfSlot: new Int32Array(),
    claimed: new Uint8Array(rows),
  };
}

/** What is said of the first region, or of what stands in its place. */
function judged(table: SpendTable, measure = traffic) {
  const values = table.columns.flatMap((column) => byValue(table, openRows(table, []), [], column));
  const [first] = values.filter(({ conditions }) => conditions[0]?.column === table.columns[1]);
  if (!first) throw new Error("no value");
  return new SameFeatures(table, values).judge(first, measure, 1);
}

/** Days on which features rise and fall by a half, each as it likes. */
const wild: Times = (feature, _, turn) => 1 + 0.5 * Math.sin(7 * feature + 3 * turn);

test("a region that has more of each feature has it by itself, however much features vary", () => {
  const found = judged(
    tableOf((feature, region, turn) => {
      return wild(feature, region, turn) * (turn === 0 && region === 0 ? 1.6 : 1);
    }),
  );
  expect(found?.likelihood).toBeGreaterThan(60);
  expect(found?.deviations()).toBeGreaterThan(8);
});

test.each<[string, Times]>([
  ["features that vary", wild],
  ["a day that lifts everything", (_, __, turn) => (turn === 0 ? 1.4 : 1)],
  ["a day that halves everything", (_, __, turn) => (turn === 0 ? 0.5 : 1)],
])("%s say nothing of a region", (_, times) => {
  for (const measure of [0, traffic]) {
    expect(judged(tableOf(times), measure)?.likelihood).toBeLessThan(2);
  }
});

test("what did not fall while all of its features did rose, and as much as it did so before is no deviation", () => {
  const stays: Times = (_, region, turn) => (turn === 0 && region > 0 ? 0.5 : 1);
  const found = judged(tableOf(stays));
  expect(found?.change).toBeGreaterThan(100);
  const often = judged(tableOf((_, region, turn) => (turn % 2 === 0 && region > 0 ? 0.5 : 1)));
  expect(often?.deviations()).toBeLessThan(0.5 * (found?.deviations() ?? 0));
});

test("nothing is said of rates, of versions, or where nothing is beside it", () => {
  const surge: Times = (_, region, turn) => (turn === 0 && region === 0 ? 3 : 1);
  expect(judged(tableOf(surge), measureOf("input"))).toBeUndefined();
  expect(judged(tableOf(surge, "release"))).toBeUndefined();
  expect(judged(tableOf(surge, "user_id"))).toBeUndefined();
  const alone = tableOf(surge);
  alone.columns[1]?.codes.fill(0);
  expect(judged(alone)).toBeUndefined();
});
