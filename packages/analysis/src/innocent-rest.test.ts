import { expect, test } from "vitest";
import type { Candidate } from "./candidates.ts";
import { firstLump, measureCount } from "./contributions.ts";
import { withoutInnocentRest } from "./innocent-rest.ts";
import { ofMoney } from "./limits.ts";
import { type Glass, type Scored, scoresOf } from "./scoring.ts";
import type { Column, SpendTable } from "./spend-table.ts";

const wholeCost = 0;

const glass: Glass = {
  turn: 0,
  tide: 1,
  noise: { multiple: () => 1, deviations: () => 10 },
  bill: 1_000,
  limits: ofMoney,
  wider: 1,
  doubt: 1,
};

/** Rows of a model with their feature, what they cost before and after; all calls have that model. */
function tableOf(rows: readonly (readonly [feature: number, before: number, after: number])[]) {
  const model: Column = {
    name: "model",
    values: ["m"],
    count: 1,
    codes: new Int32Array(rows.length),
  };
  const feature: Column = {
    name: "feature",
    values: ["f", "g", "h"],
    count: 3,
    codes: Int32Array.from(rows, ([code]) => code),
  };
  const measures = new Float64Array(rows.length * measureCount);
  for (const [row, [, before, after]] of rows.entries()) {
    for (const at of [0, firstLump]) {
      measures[row * measureCount + at] = after;
      measures[row * measureCount + at + 1] = before;
    }
  }
  const table: SpendTable = {
    columns: [model, feature],
    rows: rows.length,
    turns: 1,
    measures,
    rowOfSlot: new Int32Array(),
    claimed: new Uint8Array(rows.length),
  };
  const sums = new Float64Array(measureCount);
  for (const [index, value] of measures.entries()) {
    sums[index % measureCount] = (sums[index % measureCount] ?? 0) + value;
  }
  const candidate: Candidate = { conditions: [{ column: model, code: 0 }], sums };
  return { table, whole: scoresOf(candidate, glass).find(({ measure }) => measure === wholeCost) };
}

function toldIn(...rows: Parameters<typeof tableOf>[0]): string[] {
  const { table, whole } = tableOf(rows);
  if (!whole) throw new Error("the whole did not change enough to be told");
  const { candidate }: Scored = withoutInnocentRest(table, whole, glass);
  return candidate.conditions.map(({ column, code }) => `${column.name}=${column.values[code]}`);
}

test("spend that did not change is left out, where it is much", () => {
  expect(toldIn([0, 20, 300], [1, 100, 103], [2, 50, 52])).toEqual(["model=m", "feature=f"]);
});

test("where all rose alike the whole is told", () => {
  expect(toldIn([0, 100, 300], [1, 30, 90], [2, 20, 60])).toEqual(["model=m"]);
});

test("where hardly any spend would be left out the shorter name is told", () => {
  expect(toldIn([0, 100, 400], [1, 20, 20], [2, 20, 20])).toEqual(["model=m"]);
});
