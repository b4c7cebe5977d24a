import { type PicoUsd, picoUsd } from "@spancost/pricing";
import { type Bridge, bridge, costOf, unscaled } from "./bridge.ts";
import { toCells } from "./cells.ts";
import { type Dimension, type Segment, searchedDimensions, variablesOf } from "./dimensions.ts";
import { type Finding, type Sides, toFinding } from "./finding.ts";
import { type LabelledPiece, matchBaseline } from "./matched-baseline.ts";
import type { Reader } from "./reader.ts";
import { type BothRequests, readRequests, readRequestsOf } from "./requests.ts";
import { type Found, findSegments } from "./search.ts";
import { summaryOf, warningsOf } from "./summary.ts";
import { readTrust, type Trust } from "./trust.ts";
import { type Comparison, noiseOf, type Period, toComparison } from "./windows.ts";

/** What is to be explained. */
export interface Question {
  /** RFC 3339, UTC; unset, 24 hours before `until`. */
  readonly since?: string | undefined;
  /** RFC 3339, UTC; unset, the end of the minute of the last record. */
  readonly until?: string | undefined;
  /** A range, or the same hours of the 7 days before. */
  readonly baseline?: Period | "prev-7d" | undefined;
  /** Dimensions to look for causes in. */
  readonly by?: readonly Dimension[] | undefined;
  /** Only calls with these values. */
  readonly where?: Segment | undefined;
}

/** Why a window cost what it cost. */
export interface Explanation {
  readonly kind: "explanation";
  readonly window: Period;
  /** From the first of its periods to the last; without records before the window, empty at its start. */
  readonly baseline: Period & { readonly periods: number };
  readonly cost: PicoUsd;
  /** Scaled to the length of the window. */
  readonly baselineCost: PicoUsd;
  readonly delta: PicoUsd;
  /** The change is within what is usual: nothing is looked for. */
  readonly quiet: boolean;
  readonly findings: readonly Finding[];
  /** Sums to `delta`. */
  readonly bridge: Bridge;
  readonly trust: Trust;
  /** One sentence on the whole window. */
  readonly summary: string;
  readonly warnings: readonly string[];
}

/** There is nothing to explain. */
export interface NoData {
  readonly kind: "no-data";
  /** `undefined` where there is no record at all. */
  readonly window: Period | undefined;
}

/**
 * Explains why a window cost more, or less, than its baseline.
 *
 * What is unpriced stands in `trust` and is in no amount. All amounts are exact: the bridge sums to the change and
 * each finding's factors to its own, to the last of 12 decimals.
 */
export async function explain(reader: Reader, question: Question): Promise<Explanation | NoData> {
  const asked = { ...variablesOf(question.where ?? {}), ...periodVariables(question) };
  const comparison = toComparison(await reader.ask("explain-windows", asked));
  if (!comparison || comparison.window.calls === 0n) {
    return { kind: "no-data", window: comparison && periodOf(comparison.window) };
  }
  // From here on with the times that were found, so that records that come in meanwhile change nothing.
  const window = periodOf(comparison.window);
  const fixed = { ...asked, ...window };
  const pieces = matchBaseline(toCells(await reader.ask("explain-cells", fixed)));
  const { before, after } = sidesOf(pieces, await readRequests(reader, fixed), comparison);
  const amounts = {
    cost: picoUsd(costOf(after)),
    baselineCost: picoUsd(costOf(before)),
    delta: picoUsd(costOf(after) - costOf(before)),
  };
  const noise = noiseOf(comparison, amounts.baselineCost);
  const quiet = Math.abs(Number(amounts.delta)) < noise;
  const isCompared = comparison.baseline.length > 0;
  const found = isCompared && !quiet ? foundIn(pieces, comparison, noise, question.by) : [];
  const findings: Finding[] = [];
  for (const one of found) {
    const requests = await readRequestsOf(reader, fixed, one.segment);
    findings.push(toFinding(one, sidesOf(one.pieces, requests, comparison), amounts.delta));
  }
  const explanation = {
    kind: "explanation",
    window,
    baseline: baselineOf(comparison),
    ...amounts,
    quiet,
    findings,
    bridge: bridge(before, after),
    trust: await readTrust(reader, window),
  } as const;
  return { ...explanation, summary: summaryOf(explanation), warnings: warningsOf(explanation) };
}

function periodOf({ since, until }: Period): Period {
  return { since, until };
}

function periodVariables({ since, until, baseline = "prev-7d" }: Question): Record<string, string> {
  return {
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(baseline === "prev-7d"
      ? {}
      : { baseline_since: baseline.since, baseline_until: baseline.until }),
  };
}

function baselineOf({ window, baseline }: Comparison): Explanation["baseline"] {
  return {
    since: baseline[0]?.since ?? window.since,
    until: baseline.at(-1)?.until ?? window.since,
    periods: baseline.length,
  };
}

function sidesOf(
  pieces: readonly LabelledPiece[],
  requests: BothRequests,
  { scale }: Comparison,
): Sides {
  return {
    before: {
      pieces: pieces.filter(({ cell }) => !cell.inWindow),
      requests: requests.before,
      scale,
    },
    after: {
      pieces: pieces.filter(({ cell }) => cell.inWindow),
      requests: requests.after,
      scale: unscaled,
    },
  };
}

/** The segments of the change; where none stands out, all of it as one. */
function foundIn(
  pieces: readonly LabelledPiece[],
  { scale }: Comparison,
  noise: number,
  by: readonly Dimension[] = searchedDimensions,
): Found[] {
  const found = findSegments(pieces, Number(scale.times) / Number(scale.over), noise, by);
  return found.length > 0 ? found : [{ segment: {}, pieces, claimedBefore: 0 }];
}
