import { describe, expect, test } from "vitest";
import type { Dimension } from "../../dimensions.ts";
import { randomNumbers } from "../../findings/random-numbers.ts";
import { firstLump, measureCount, measureOf } from "../../ledger/contributions.ts";
import { ofMoney } from "../limits.ts";
import { SegmentSearch } from "../search.ts";
import type { Column, SpendTable } from "../spend-table.ts";
import { LeafScan } from "./leaf-scan.ts";

const sizes = [12, 12, 10] as const;
const dimensions: readonly Dimension[] = ["feature", "region", "team"];

/** Leaves that are off by a tenth, more or less; where a cause is, they cost as many times as much as it says. */
function tableOf(causes: Readonly<Record<string, number>>, noise = 0.1): SpendTable {
  const random = randomNumbers(7);
  const around = () => (random() + random() + random() - 1.5) * 2;
  const rows = sizes[0] * sizes[1] * sizes[2];
  const columns = dimensions.map((name, index): Column => {
    const below = sizes.slice(0, index).reduce((product, size) => product * size, 1);
    const count = sizes[index] ?? 1;
    return {
      name,
      values: Array.from({ length: count }, (_, value) => String(value)),
      count,
      codes: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / below) % count),
    };
  });
  const timesOf = (row: number) =>
    Object.entries(causes).find(([cause]) =>
      cause.split("&").every((term) => {
        const [name, value] = term.split("=");
        return columns.find((column) => column.name === name)?.codes[row] === Number(value);
      }),
    )?.[1] ?? 1;
  const measures = new Float64Array(rows * 2 * measureCount);
  for (let row = 0; row < rows; row += 1) {
    const before = 20 + 180 * random();
    const after = before * timesOf(row) * Math.max(0, 1 + noise * around());
    const at = row * 2 * measureCount;
    for (const [start, lump] of [
      [at, 1],
      [at + firstLump, 100],
    ] as const) {
      measures.set([after / lump, before / lump], start);
      measures[start + measureOf("traffic")] = (after - before) / lump;
    }
    measures[(row * 2 + 1) * measureCount] = before;
    measures[(row * 2 + 1) * measureCount + 1] = before;
  }
  return {
    columns,
    rows,
    turns: 2,
    measures,
    rowOfSlot: Int32Array.from({ length: rows }, (_, row) => row),
    claimed: new Uint8Array(rows),
  };
}

function scanned(table: SpendTable): string[] {
  return new LeafScan(table)
    .segments(0, 12, () => true)
    .map(({ conditions }) =>
      conditions.map(({ column, code }) => `${column.name}=${column.values[code]}`).join("&"),
    );
}

test.each<[string, Readonly<Record<string, number>>]>([
  ["one value", { "feature=3": 1.6 }],
  ["a pair of values", { "feature=3&team=2": 2 }],
  ["a single leaf", { "feature=1&region=2&team=3": 3 }],
  ["values of several depths", { "feature=3": 1.6, "region=1&team=4": 2.2 }],
  ["what fell", { "region=5": 0.5 }],
])("leaves tell %s", (_, causes) => {
  expect(scanned(tableOf(causes)).sort()).toEqual(Object.keys(causes).sort());
});

test("nothing is told where leaves are off by chance alone", () => {
  expect(scanned(tableOf({}))).toEqual([]);
});

test("a few leaves do not say how far chance goes", () => {
  expect(scanned({ ...tableOf({ "feature=3": 1.6 }), rows: 300 })).toEqual([]);
});

test("leaves that do not do as expected say nothing", () => {
  expect(scanned(tableOf({ "feature=3": 3 }, 0.9))).toEqual([]);
});

describe("the search", () => {
  const toldOf = (table: SpendTable, limits = ofMoney) =>
    new SegmentSearch(table, limits).find().map(({ segment }) => segment);
  const aPair = { "feature=3&team=2": 1.6 };

  test("takes what leaves say where each has a near forecast", () => {
    expect(toldOf(tableOf(aPair), { ...ofMoney, leastShare: 0 })).toEqual([
      { feature: "3", team: "2" },
    ]);
  });

  test("tells nothing where all leaves rise alike", () => {
    const all = Object.fromEntries(
      Array.from({ length: 12 }, (_, value) => [`feature=${value}`, 1.2]),
    );
    expect(toldOf(tableOf(all))).toEqual([]);
  });

  test("tells no part of a bill that nobody would miss, whatever leaves say", () => {
    expect(toldOf(tableOf(aPair))).toEqual([]);
  });

  test("takes what sums say where leaves vary more than they change", () => {
    expect(toldOf(tableOf({ "feature=3": 3 }, 0.9))).toEqual([{ feature: "3" }]);
  });
});
