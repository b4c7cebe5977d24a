import { roundedQuotient } from "../bridge/fixed-point.ts";
import { addSums, emptySums, type ReleaseRow, type Sums } from "./release-rows.ts";

/** What a request costs and consists of; `undefined` where there is nothing to divide. */
export interface UnitFigures {
  /** Dollars: a mean, rounded to a double. */
  readonly costPerRequest: number | undefined;
  readonly callsPerRequest: number | undefined;
  readonly inputTokensPerCall: number | undefined;
  readonly cachedShare: number | undefined;
  readonly outputTokensPerCall: number | undefined;
}

/** Of fewer requests on one side nobody could tell a release from chance. */
export const fewestRequests = 20n;

/** Requests of a new release beside those of the old, feature by feature. */
export interface ComparedRequests {
  /** Of the new release, those of features that the old one served too. */
  readonly requests: bigint;
  /** Of the old. */
  readonly controlRequests: bigint;
  readonly own: Sums;
  /** Of the old release, as if it had served the new one's requests. */
  readonly old: UnitFigures;
  /** What the new one's requests cost, less what they would have cost at the old one's cost per request. */
  readonly excess: bigint;
  /**
   * In how many standard errors the excess is what requests of such different costs do not do by chance; infinite where all of a
   * feature cost the same. Requests of the new release are taken to differ as much as those of the old at least: of a feature
   * there may be one alone.
   */
  readonly errors: number;
}

/**
 * Compares within each feature and environment, so that another mix of features is no effect of the release.
 *
 * In the same hours only those hours count in which both releases served requests of the feature.
 */
export function compared(
  own: readonly ReleaseRow[],
  old: readonly ReleaseRow[],
  within: "same-hours" | "before",
): ComparedRequests {
  const placeOf = (row: ReleaseRow) =>
    within === "same-hours" ? `${row.context} ${row.hour}` : row.context;
  const ofOld = new Set(old.map(placeOf));
  const ofOwn = new Set(own.map(placeOf));
  const sumsOfOwn = byContext(own.filter((row) => ofOld.has(placeOf(row))));
  const sumsOfOld = byContext(old.filter((row) => ofOwn.has(placeOf(row))));
  const all = emptySums();
  let controlRequests = 0n;
  let excess = 0n;
  let variance = 0;
  const standard = { cost: 0, calls: 0, input: 0, cacheRead: 0, output: 0 };
  for (const [context, sums] of sumsOfOwn) {
    const control = sumsOfOld.get(context);
    if (!control || control.requests === 0n) continue;
    addSums(all, sums);
    controlRequests += control.requests;
    excess += sums.cost - roundedQuotient(control.cost * sums.requests, control.requests);
    const weight = Number(sums.requests) / Number(control.requests);
    const [ofNew, ofOld] = [varianceOf(sums) ?? 0, varianceOf(control)];
    variance += Number(sums.requests) * Math.max(ofNew, ofOld ?? 0);
    variance += weight ** 2 * Number(control.requests) * (ofOld ?? ofNew);
    standard.cost += (Number(control.cost) / 1e12) * weight;
    standard.calls += Number(control.calls) * weight;
    standard.input += Number(control.inputTokens) * weight;
    standard.cacheRead += Number(control.cacheReadTokens) * weight;
    standard.output += Number(control.outputTokens) * weight;
  }
  const { cost, calls, input, cacheRead, output } = standard;
  const requests = Number(all.requests);
  return {
    requests: all.requests,
    controlRequests,
    own: all,
    excess,
    errors: Math.abs(Number(excess)) / 1e12 / Math.sqrt(variance),
    old: {
      costPerRequest: quotient(cost, requests),
      callsPerRequest: quotient(calls, requests),
      inputTokensPerCall: quotient(input, calls),
      cachedShare: quotient(cacheRead, input),
      outputTokensPerCall: quotient(output, calls),
    },
  };
}

export function unitFiguresOf(sums: Sums): UnitFigures {
  const calls = Number(sums.calls);
  return {
    costPerRequest: quotient(Number(sums.cost) / 1e12, Number(sums.requests)),
    callsPerRequest: quotient(calls, Number(sums.requests)),
    inputTokensPerCall: quotient(Number(sums.inputTokens), calls),
    cachedShare: quotient(Number(sums.cacheReadTokens), Number(sums.inputTokens)),
    outputTokensPerCall: quotient(Number(sums.outputTokens), calls),
  };
}

/** Of what one of such requests costs, in USD squared; `undefined` where there is one alone. */
function varianceOf({ requests, cost, requestSquares }: Sums): number | undefined {
  const count = Number(requests);
  if (count < 2) return undefined;
  return Math.max(0, requestSquares - (Number(cost) / 1e12) ** 2 / count) / (count - 1);
}

function byContext(rows: readonly ReleaseRow[]): Map<string, Sums> {
  const contexts = new Map<string, Sums>();
  for (const row of rows) {
    const sums = contexts.get(row.context) ?? emptySums();
    contexts.set(row.context, sums);
    addSums(sums, row);
  }
  return contexts;
}

function quotient(a: number, b: number): number | undefined {
  return b === 0 ? undefined : a / b;
}
