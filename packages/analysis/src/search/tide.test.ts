import { expect, test } from "vitest";
import { firstLump, measureCount, measureOf } from "../ledger/contributions.ts";
import type { Column } from "./spend-table.ts";
import { tideBeside } from "./tide.ts";

const traffic = measureOf("traffic");

/** Sums of one turn, in lumps, where all that changed is how much was asked for. */
function sumsOf(before: number, after: number): Float64Array {
  const sums = new Float64Array(measureCount);
  sums[firstLump] = after;
  sums[firstLump + 1] = before;
  sums[firstLump + traffic] = after - before;
  return sums;
}

const column: Column = { name: "feature", values: ["f"], count: 1, codes: new Int32Array() };

function besideOf(part: Float64Array, whole: Float64Array, tide = 1): number {
  const candidate = { conditions: [{ column, code: 0 }], sums: part };
  return tideBeside({ candidate, measure: traffic }, { conditions: [], sums: whole }, 0, tide);
}

test.each<[string, number, number, number]>([
  ["with the rest, of what rose more than the rest", 150, 1.2, 1.2],
  ["with itself, of what rose less than the rest", 110, 1.2, 1.1],
  ["not at all, of what fell while the rest rose", 80, 1.2, 1],
  ["not at all, where the rest did as ever", 150, 1, 1],
  ["with the rest, of what fell more than the rest", 50, 0.9, 0.9],
  ["no further than any day does", 900, 4, 1.6],
])("all rises %s", (_, after, others, expected) => {
  const whole = sumsOf(100 + 300, after + 300 * others);
  expect(besideOf(sumsOf(100, after), whole)).toBeCloseTo(expected);
});

test("a tide that is known counts too", () => {
  const whole = sumsOf(400, 110 + 300);
  expect(besideOf(sumsOf(100, 110), whole, 1.3)).toBeCloseTo(1.1);
});

test("what is new, and all there is, has no rest to be compared with", () => {
  expect(besideOf(sumsOf(0, 90), sumsOf(300, 400), 1.1)).toBe(1.1);
  expect(besideOf(sumsOf(300, 400), sumsOf(300, 400))).toBe(1);
});
