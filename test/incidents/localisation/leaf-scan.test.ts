import { expect, test } from "vitest";
import { Random } from "../random.ts";
import { localise } from "./leaf-scan.ts";
import type { LeafTable } from "./leaf-table.ts";

const sizes = [10, 8, 6] as const;

/** Leaves that are off by a tenth, and where a cause is by as much more as it says. */
function tableOf(causes: Readonly<Record<string, number>>): LeafTable {
  const random = new Random(7);
  const dimensions = ["a", "b", "c"];
  const leaves = Array.from({ length: sizes[0] * sizes[1] * sizes[2] }, (_, leaf) => [
    `a${leaf % sizes[0]}`,
    `b${Math.floor(leaf / sizes[0]) % sizes[1]}`,
    `c${Math.floor(leaf / sizes[0] / sizes[1])}`,
  ]);
  const forecast = Float64Array.from(leaves, () => random.between(20, 200));
  const timesOf = (labels: readonly string[]) =>
    Object.entries(causes).find(([cause]) =>
      cause.split("&").every((term) => labels[dimensions.indexOf(term[0] ?? "")] === term.slice(2)),
    )?.[1] ?? 1;
  return {
    dimensions,
    labels: dimensions.map((_, column) => leaves.map((labels) => labels[column] ?? "")),
    actual: forecast.map(
      (value, leaf) => value * timesOf(leaves[leaf] ?? []) * random.around(1, 0.1),
    ),
    before: [forecast],
  };
}

test.each<[string, Readonly<Record<string, number>>]>([
  ["one value", { "a=a3": 1.6 }],
  ["a pair of values", { "a=a3&c=c2": 2 }],
  ["a single leaf", { "a=a1&b=b2&c=c3": 3 }],
  ["values of several depths", { "a=a3": 1.6, "b=b1&c=c4": 2.2 }],
  ["what fell", { "b=b5": 0.5 }],
])("finds %s", (_, causes) => {
  expect(localise(tableOf(causes)).sort()).toEqual(Object.keys(causes).sort());
});

test("finds nothing where leaves are off by chance alone", () => {
  expect(localise(tableOf({}))).toEqual([]);
});
