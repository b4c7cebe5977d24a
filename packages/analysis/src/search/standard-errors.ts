import { roleOf } from "../dimensions.ts";
import {
  callSquaresMeasure,
  measureCount,
  measureOf,
  squaresMeasure,
} from "../ledger/contributions.ts";
import { type Candidate, openRows } from "./candidates.ts";
import { spendOf } from "./names.ts";
import type { Scored } from "./scoring.ts";
import type { SpendTable } from "./spend-table.ts";

/**
 * A change in standard errors of what the requests cost that made it: of four requests that cost the same, 2.
 *
 * By chance there may be other requests, and with them all that they cost. A rate changed a part of it only, and by chance
 * there may be more and fewer of these parts. What cost b and now costs b + c has a square that is larger by c² and 2bc: the
 * squares of the parts are at most what those of the costs grew by. They are not less than if all calls of a row had the
 * same share of the change, as they have of a price.
 */
export function standardErrors(table: SpendTable, one: Scored): number {
  const { candidate, measure, change } = one;
  const share = shareOfRequests(table, candidate);
  const squaresIn = (numbers: Float64Array, turn: number) => {
    const at = turn * measureCount;
    const ofCalls = numbers[at + callSquaresMeasure] ?? 0;
    const ofRequests = numbers[at + squaresMeasure] ?? 0;
    return ofCalls + share * (ofRequests - ofCalls);
  };
  const before = () => {
    let squares = 0;
    for (let turn = 1; turn < table.turns; turn += 1) {
      squares += squaresIn(candidate.sums, turn) / (table.turns - 1);
    }
    return squares;
  };
  if (change <= 0) return -change / Math.sqrt(before());
  const after = squaresIn(candidate.sums, 0);
  if (measure <= measureOf("loops")) return change / Math.sqrt(after);
  const alike = squaresIn(partsOfRows(table, one), 0);
  if (ofTokenPrices.has(measure)) return change / Math.sqrt(alike);
  return change / Math.sqrt(Math.max(alike, after - growthOfRest(one) * before()));
}

/** Factors that change what a token costs, of all calls of a row alike. */
const ofTokenPrices: ReadonlySet<number> = new Set([measureOf("mix"), measureOf("price")]);

/** By how much a candidate's cost grew without what the measure did. */
function growthOfRest({ candidate: { sums }, change }: Scored): number {
  const [after = 0, before = 0] = sums;
  return before > 0 ? Math.max(0, after - change) / before : 0;
}

/** Squared costs, had the measure changed the same share of each cost of a row. */
function partsOfRows(table: SpendTable, { candidate, measure }: Scored): Float64Array {
  const parts = new Float64Array(measureCount);
  for (const row of openRows(table, candidate.conditions)) {
    const at = row * table.turns * measureCount;
    const cost = table.measures[at] ?? 0;
    if (cost <= 0) continue;
    const part = Math.min(1, Math.abs(table.measures[at + measure] ?? 0) / cost) ** 2;
    for (const squares of [squaresMeasure, callSquaresMeasure]) {
      parts[squares] = (parts[squares] ?? 0) + part * (table.measures[at + squares] ?? 0);
    }
  }
  return parts;
}

/**
 * How much of its requests' cost a candidate has: 1, unless its conditions choose among a request's calls.
 *
 * n calls of a request that cost the same have n² times the square of one. A tool that answers one of them has that once:
 * of the products of two calls' costs a share p of the calls has p².
 */
function shareOfRequests(table: SpendTable, { conditions }: Candidate): number {
  const ofRequests = conditions.filter(({ column }) => roleOf(column.name) !== "call");
  if (ofRequests.length === conditions.length) return 1;
  const features = table.columns.find(({ name }) => name === "feature")?.codes;
  const rows = openRows(table, conditions);
  const own = new Set(Array.from(rows, (row) => features?.[row]));
  const spend = (of: Int32Array) => of.reduce((sum, row) => sum + spendOf(table, row), 0);
  const whole = spend(openRows(table, ofRequests).filter((row) => own.has(features?.[row])));
  return whole > 0 ? spend(rows) / whole : 1;
}
