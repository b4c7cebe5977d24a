import { type Candidate, openRows } from "./candidates.ts";
import { callSquaresMeasure, measureCount, squaresMeasure } from "./contributions.ts";
import { roleOf } from "./dimensions.ts";
import { spendOf } from "./names.ts";
import type { Scored } from "./scoring.ts";
import type { SpendTable } from "./spend-table.ts";

/** A change in standard errors of what the requests cost that made it: of four requests that cost the same, 2. */
export function standardErrors(table: SpendTable, { candidate, change }: Scored): number {
  const share = shareOfRequests(table, candidate);
  const squaresIn = (turn: number) => {
    const at = turn * measureCount;
    const ofCalls = candidate.sums[at + callSquaresMeasure] ?? 0;
    const ofRequests = candidate.sums[at + squaresMeasure] ?? 0;
    return ofCalls + share * (ofRequests - ofCalls);
  };
  if (change > 0) return change / Math.sqrt(squaresIn(0));
  let squares = 0;
  for (let turn = 1; turn < table.turns; turn += 1) squares += squaresIn(turn) / (table.turns - 1);
  return -change / Math.sqrt(squares);
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
