import { type PicoUsd, picoUsd } from "@spancost/pricing";
import { roundedQuotient } from "../bridge/fixed-point.ts";
import type { Segment } from "../dimensions.ts";
import { compared, fewestRequests, type UnitFigures, unitFiguresOf } from "./compared.ts";
import { addSums, emptySums, type ReleaseRow } from "./release-rows.ts";
import { verdictSentence } from "./verdict-sentence.ts";

/**
 * With what a release was compared.
 *
 * - same-hours: the old release, which still served requests in the same hours
 * - before: the old release in the baseline, for too few of its requests were left
 * - nothing: the old release had no such requests
 */
export type Control = "same-hours" | "before" | "nothing";

/** Whether a release that appeared in the window is why it was dearer. */
export interface ReleaseVerdict {
  /** `null` for calls that tell none. */
  readonly service: string | null;
  readonly release: string;
  /** Start of its first call in window or baseline, RFC 3339. */
  readonly firstSeen: string;
  /** Of its service's calls. */
  readonly windowShare: number;
  readonly baselineShare: number;
  /** Those that it replaces, by name; `null` for calls that tell no release. */
  readonly oldReleases: readonly (string | null)[];
  readonly control: Control;
  /** The requests that are compared, of the new release and of the old. */
  readonly requests: bigint;
  readonly controlRequests: bigint;
  readonly new: UnitFigures;
  /** Of the old release, for the same features in the same proportions. */
  readonly old: UnitFigures;
  /** What all requests of the release cost in the window, and what they would have cost with the old. */
  readonly cost: PicoUsd;
  readonly expectedCost: PicoUsd;
  /** `cost` less `expectedCost`. */
  readonly excess: PicoUsd;
  /** Of the change of the window; `undefined` where that is not above 0. */
  readonly share: number | undefined;
  readonly verdict: "explains" | "explains-part" | "does-not-explain" | "too-few-requests";
  readonly sentence: string;
}

/** From these shares of the change on a release explains it, or a part of it. */
const explains = 0.5;
const explainsPart = 0.1;

/** A release is no more than chance by a difference of fewer standard errors: a few dear requests may have come to one of them only. */
const leastErrors = 2;

/**
 * One verdict per new release, the one that explains the most first.
 *
 * @param found segments of findings: of a release that one names it is known already that it is more than chance
 */
export function releaseVerdicts(
  rows: readonly ReleaseRow[],
  delta: bigint,
  found: readonly Segment[] = [],
): ReleaseVerdict[] {
  const names = new Map<string, ReleaseRow>();
  for (const row of rows) {
    if (row.isNew && row.inWindow) names.set(JSON.stringify([row.service, row.release]), row);
  }
  return [...names.values()]
    .map((one) => verdictOf(one, rows, delta, found))
    .sort(
      (a, b) =>
        compareBigints(b.excess, a.excess) ||
        (`${a.service} ${a.release}` < `${b.service} ${b.release}` ? -1 : 1),
    );
}

function verdictOf(
  { service, release, windowShare, baselineShare, firstSeen }: ReleaseRow,
  rows: readonly ReleaseRow[],
  delta: bigint,
  found: readonly Segment[],
): ReleaseVerdict {
  const ofService = rows.filter((row) => row.service === service);
  const own = ofService.filter((row) => row.release === release && row.inWindow);
  const old = ofService.filter((row) => !row.isNew);
  const sameHours = compared(
    own,
    old.filter(({ inWindow }) => inWindow),
    "same-hours",
  );
  const before = compared(
    own,
    old.filter(({ inWindow }) => !inWindow),
    "before",
  );
  const isControlled = sameHours.controlRequests >= fewestRequests && sameHours.requests > 0n;
  const best = isControlled ? sameHours : before;
  const whole = emptySums();
  for (const row of own) addSums(whole, row);
  // What the compared requests show, for all requests of the release.
  const excess =
    best.requests === 0n ? 0n : roundedQuotient(best.excess * whole.requests, best.requests);
  const share = delta > 0n ? Number(excess) / Number(delta) : undefined;
  const control: Control =
    best.requests === 0n ? "nothing" : isControlled ? "same-hours" : "before";
  const isFew = best.requests < fewestRequests || best.controlRequests < fewestRequests;
  const word = wordFor(share);
  const isNamed = (of: Segment) =>
    of.release === release && (of.service === undefined || of.service === service);
  const mayBeChance =
    word !== "does-not-explain" && best.errors < leastErrors && !found.some(isNamed);
  const told = {
    service,
    release: release ?? "",
    firstSeen,
    windowShare,
    baselineShare,
    oldReleases: releasesOf(
      control === "same-hours" ? old.filter(({ inWindow }) => inWindow) : old,
    ),
    control,
    requests: best.requests,
    controlRequests: best.controlRequests,
    new: unitFiguresOf(best.own),
    old: best.old,
    cost: picoUsd(whole.cost),
    expectedCost: picoUsd(whole.cost - excess),
    excess: picoUsd(excess),
    share,
    verdict: isFew || mayBeChance ? "too-few-requests" : word,
  } as const;
  return { ...told, sentence: verdictSentence(told, sameHours.controlRequests) };
}

function wordFor(share: number | undefined) {
  if (share === undefined || share < explainsPart) return "does-not-explain";
  return share < explains ? "explains-part" : "explains";
}

/** By their requests, most first. */
function releasesOf(rows: readonly ReleaseRow[]): (string | null)[] {
  const requests = new Map<string | null, bigint>();
  for (const row of rows) {
    requests.set(row.release, (requests.get(row.release) ?? 0n) + row.requests);
  }
  return [...requests]
    .sort(([a, n], [b, m]) => compareBigints(m, n) || ((a ?? "") < (b ?? "") ? -1 : 1))
    .map(([release]) => release);
}

function compareBigints(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
