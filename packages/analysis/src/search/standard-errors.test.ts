import { expect, test } from "vitest";
import type { Dimension } from "../dimensions.ts";
import {
  callSquaresMeasure,
  measureCount,
  measureOf,
  squaresMeasure,
} from "../ledger/contributions.ts";
import { byValue, openRows } from "./candidates.ts";
import type { Column, SpendTable } from "./spend-table.ts";
import { standardErrors } from "./standard-errors.ts";

function columnOf(name: Dimension, codes: readonly number[]): Column {
  return { name, values: ["0", "1"], count: 2, codes: Int32Array.from(codes) };
}

/** Ten requests of feature 0, of four calls each, one of which answers tool 1, and forty of feature 1; each call costs 1. */
const calls = [30, 10, 40];
const feature = columnOf("feature", [0, 0, 1]);
const tool = columnOf("tool", [0, 1, 0]);

function errorsOf(change: number, column: Column, code: number): number {
  const measures = new Float64Array(calls.length * 2 * measureCount);
  for (const [row, count] of calls.entries()) {
    for (const turn of [0, 1]) {
      const at = (row * 2 + turn) * measureCount;
      measures[at] = count;
      measures[at + 1] = count;
      measures[at + callSquaresMeasure] = count;
      measures[at + squaresMeasure] = count * (row === 2 ? 1 : 4);
    }
  }
  const table: SpendTable = {
    columns: [feature, tool],
    rows: calls.length,
    turns: 2,
    measures,
    rowOfSlot: new Int32Array(),
    claimed: new Uint8Array(calls.length),
  };
  const candidate = byValue(table, openRows(table, []), [], column)[code];
  if (!candidate) throw new Error("there is no such value");
  return standardErrors(table, { candidate, measure: 0, change, lumps: 0, score: 0, isNew: false });
}

test("a request's calls count together", () => {
  expect(errorsOf(40, feature, 0)).toBeCloseTo(40 / Math.sqrt(10 * 4 ** 2));
});

test("of a tool that answers one call of each request calls count nearly one by one", () => {
  expect(errorsOf(10, tool, 1)).toBeCloseTo(10 / Math.sqrt(10 + (1 / 4) * (40 - 10)));
});

test("what fell is measured by what its requests used to cost", () => {
  expect(errorsOf(-40, feature, 0)).toBeCloseTo(40 / Math.sqrt(10 * 4 ** 2));
});

/**
 * Requests of one feature, each of one call: what each costs now, and cost on the one day before.
 *
 * @param rose what the measure added to all of them
 */
function errorsBy(
  measure: Parameters<typeof measureOf>[0],
  rose: number,
  after: readonly number[],
  before: readonly number[],
): number {
  const measures = new Float64Array(2 * measureCount);
  const sum = (costs: readonly number[]) => costs.reduce((all, cost) => all + cost, 0);
  for (const [turn, costs] of [after, before].entries()) {
    const at = turn * measureCount;
    measures[at] = sum(costs);
    measures[at + 1] = sum(before);
    measures[at + squaresMeasure] = sum(costs.map((cost) => cost ** 2));
    measures[at + callSquaresMeasure] = measures[at + squaresMeasure] ?? 0;
  }
  measures[measureOf(measure)] = rose;
  const own = columnOf("feature", [0]);
  const table: SpendTable = {
    ...{ columns: [own], rows: 1, turns: 2, measures },
    ...{ rowOfSlot: new Int32Array(), claimed: new Uint8Array(1) },
  };
  const [candidate] = byValue(table, openRows(table, []), [], own);
  if (!candidate) throw new Error("there is no such value");
  const one = {
    candidate,
    measure: measureOf(measure),
    change: rose,
    lumps: 0,
    score: 0,
    isNew: false,
  };
  return standardErrors(table, one);
}

const hundred = new Array<number>(100).fill(1);

test.each(["mix", "price"] as const)(
  "of a dearer token each request has its part: %s",
  (factor) => {
    const dearer = hundred.map((cost) => 1.1 * cost);
    expect(errorsBy(factor, 10, dearer, hundred)).toBeCloseTo(Math.sqrt(100));
  },
);

test("of a rate that rose in all requests alike no more than what their squares grew by is its own", () => {
  const longer = hundred.map((cost) => 1.5 * cost);
  expect(errorsBy("output", 50, longer, hundred)).toBeCloseTo(50 / Math.sqrt(225 - 100));
});

test("what one request added is one request's, among however many", () => {
  const novel = [...hundred, 20];
  expect(errorsBy("input", 20, novel, hundred)).toBeCloseTo(1);
});

test("more requests are no part of a request", () => {
  expect(errorsBy("traffic", 10, [...hundred, ...hundred.slice(90)], hundred)).toBeCloseTo(
    10 / Math.sqrt(110),
  );
});
