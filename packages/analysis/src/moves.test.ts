import { expect, test } from "vitest";
import { narrowed } from "./candidates.ts";
import { firstLump, measureCount, measureOf } from "./contributions.ts";
import { ofMoney } from "./limits.ts";
import { featureOfMove } from "./moves.ts";
import { type Glass, scoresOf } from "./scoring.ts";
import type { Column, SpendTable } from "./spend-table.ts";

const glass: Glass = {
  turn: 0,
  tide: 1,
  noise: { multiple: () => 1, deviations: () => 10 },
  bill: 1_000,
  limits: ofMoney,
  wider: 1,
  doubt: 1,
};

interface Row {
  readonly feature: string;
  readonly before: number;
  /** What another model, or more requests, cost more. */
  readonly mix?: number;
  readonly traffic?: number;
  readonly isClaimed?: boolean;
}

/** Rows that all are of one model. */
function tableOf(rows: readonly Row[]): SpendTable {
  const features = [...new Set(rows.map(({ feature }) => feature))];
  const columns: Column[] = [
    { name: "model", values: ["m"], count: 1, codes: new Int32Array(rows.length) },
    {
      name: "feature",
      values: features,
      count: features.length,
      codes: Int32Array.from(rows, ({ feature }) => features.indexOf(feature)),
    },
  ];
  const measures = new Float64Array(rows.length * measureCount);
  for (const [row, { before, mix = 0, traffic = 0 }] of rows.entries()) {
    for (const unit of [0, firstLump]) {
      const at = row * measureCount + unit;
      measures[at] = before + mix + traffic;
      measures[at + 1] = before;
      measures[at + measureOf("mix")] = mix;
      measures[at + measureOf("traffic")] = traffic;
    }
  }
  const claimed = Uint8Array.from(rows, ({ isClaimed }) => (isClaimed ? 1 : 0));
  return { columns, rows: rows.length, turns: 1, measures, rowOfSlot: new Int32Array(), claimed };
}

/** What is told in place of the model, where a feature alone is told if its change is 100. */
function toldIn(rows: readonly Row[], measure = measureOf("mix")): string {
  const table = tableOf(rows);
  const [whole] = narrowed(table, { conditions: [], sums: new Float64Array() })
    .filter(({ conditions }) => conditions[0]?.column.name === "model")
    .flatMap((candidate) => scoresOf(candidate, glass))
    .filter((one) => one.measure === measure);
  if (!whole) throw new Error("the model did not change enough to be told");
  const { candidate } = featureOfMove(table, whole, glass, ({ change }) => change >= 100);
  return candidate.conditions
    .map(({ column, code }) => `${column.name}=${column.values[code]}`)
    .join(" ");
}

const f = { feature: "f", before: 100, mix: 200 };
const g = { feature: "g", before: 100, mix: 300 };

test("of two features that were moved to a model the more surprising is told", () => {
  expect(toldIn([f, g])).toBe("model=m feature=g");
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

test("more requests for a model are the model's", () => {
  const asked = [
    { feature: "f", before: 100, traffic: 200 },
    { feature: "g", before: 100, traffic: 300 },
  ];
  expect(toldIn(asked, measureOf("traffic"))).toBe("model=m");
});
