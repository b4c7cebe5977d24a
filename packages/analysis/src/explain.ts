import { type PicoUsd, picoUsd } from "@spancost/pricing";
import { type DayKind, daysToLookAt, kindOfDays, similarDays } from "./baseline/baseline-days.ts";
import { isUsable, whyNoBaseline } from "./baseline/history.ts";
import { dayMicros } from "./baseline/instants.ts";
import { type MatchedBaseline, matchBaseline } from "./baseline/matched-baseline.ts";
import {
  type Comparison,
  type FeatureSpend,
  type Period,
  type Spell,
  type Spells,
  toComparison,
  toSpells,
} from "./baseline/windows.ts";
import { type Bridge, bridge } from "./bridge/bridge.ts";
import { bridgePieces, wholePieces } from "./bridge/bridge-pieces.ts";
import { costOf, type Sides, unscaled } from "./bridge/sides.ts";
import { type Dimension, roleOf, type Segment, variablesOf } from "./dimensions.ts";
import { type Finding, type Found, type Searched, toFinding } from "./findings/finding.ts";
import { isHabit } from "./findings/habit.ts";
import { contributionsOf } from "./ledger/contributions.ts";
import { toLedger } from "./ledger/ledger.ts";
import { toCellTable } from "./reading/cell-table.ts";
import { type RateErrors, readRateErrors } from "./reading/rate-errors.ts";
import type { Reader, Variables } from "./reading/reader.ts";
import {
  type BothRequests,
  bothSides,
  type RequestsByPeriod,
  readRequests,
  readRequestsOf,
} from "./reading/requests.ts";
import { readResampled } from "./reading/resampling.ts";
import { sampleOf } from "./reading/sample.ts";
import { readTold, type Told } from "./reading/told.ts";
import { readTrust, type Trust } from "./reading/trust.ts";
import { readVariances, type Variances } from "./reading/variance.ts";
import { Doubts } from "./search/doubts.ts";
import { ofMoney } from "./search/limits.ts";
import { SegmentSearch } from "./search/search.ts";
import { dimensionsOf, toSpendTable } from "./search/spend-table.ts";
import { summaryOf, warningsOf } from "./summary.ts";

/** What is to be explained. */
export interface Question {
  /** RFC 3339, UTC; unset, 24 hours before `until`. */
  readonly since?: string | undefined;
  /** RFC 3339, UTC; unset, the end of the minute of the last record. */
  readonly until?: string | undefined;
  /** A range, the same hours of the 7 days before, or of those of them that are like the window's day. */
  readonly baseline?: Period | "prev-7d" | "similar-days" | undefined;
  /** Dimensions to look for causes in. */
  readonly by?: readonly Dimension[] | undefined;
  /** Only calls with these values. */
  readonly where?: Segment | undefined;
}

/** Why a window cost what it cost. */
export interface Explanation {
  readonly kind: "explanation";
  readonly window: Period;
  /** Of priced calls; `undefined` where none has a price. */
  readonly cost: PicoUsd | undefined;
  /** What it is compared with; `undefined` where too little is stored or priced: `warnings` say what is missing. */
  readonly change: Change | undefined;
  /** What each feature cost in the window. */
  readonly spend: readonly FeatureSpend[];
  /** It was compared, and nothing stands out. */
  readonly quiet: boolean;
  readonly findings: readonly Finding[];
  readonly trust: Trust;
  /** One sentence on the whole window. */
  readonly summary: string;
  readonly warnings: readonly string[];
}

/** The baseline, and the way from it to the window. */
export interface Change {
  /** From the first of its periods to the last. */
  readonly baseline: Period & { readonly periods: number; readonly days: DayKind | undefined };
  /** Scaled to the length of the window. */
  readonly baselineCost: PicoUsd;
  readonly delta: PicoUsd;
  /** Sums to `delta`. */
  readonly bridge: Bridge;
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
  const spells = await readSpells(reader, question, asked);
  if (!spells || spells.window.calls === 0n) {
    return { kind: "no-data", window: spells && periodOf(spells.window) };
  }
  // From here on with the times that were found, so that records that come in meanwhile change nothing.
  const window = periodOf(spells.window);
  const comparison = comparisonOf(spells, question);
  const { change, findings } =
    comparison.baseline.length === 0
      ? { change: undefined, findings: [] }
      : await readChange(reader, question, comparison, {
          ...asked,
          ...window,
          ...daysOf(question, comparison),
        });
  const explanation = {
    kind: "explanation",
    window,
    cost: spells.window.isPriced ? spells.window.cost : undefined,
    change,
    spend: spells.spend,
    quiet: change !== undefined && findings.length === 0,
    findings,
    trust: await readTrust(reader, window, question.by ?? []),
  } as const;
  const missing = change === undefined ? [whyNoBaseline(spells, question)] : [];
  return {
    ...explanation,
    summary: summaryOf(explanation),
    warnings: [...missing, ...warningsOf(explanation)],
  };
}

/** The change from a baseline that there is, and where it is. */
async function readChange(
  reader: Reader,
  question: Question,
  comparison: Comparison,
  fixed: Variables,
): Promise<{ readonly change: Change; readonly findings: readonly Finding[] }> {
  const searched = await readSearched(reader, fixed, comparison, question);
  const { before, after } = sidesOf(searched, bothSides(searched.requests), comparison);
  const delta = picoUsd(costOf(after) - costOf(before));
  const findings: Finding[] = [];
  const asked = { ...fixed, told: searched.told };
  const sampled = { ...fixed, ...sampleOf(searched.calls) };
  const errorsOf = (segment: Segment) => readRateErrors(reader, sampled, segment);
  for (const one of await foundIn(searched, comparison, question.by, errorsOf)) {
    const own = await readRequestsOf(reader, asked, one.segment, searched.requests);
    const sides = sidesOf(searched, own, comparison, one.isOwn);
    const resampled = await readResampled(reader, fixed, one.segment, comparison);
    const finding = toFinding(one, searched, sides, delta, resampled);
    if (await isHabit(reader, fixed, finding, comparison)) continue;
    findings.push(finding);
  }
  const baselineCost = picoUsd(costOf(before));
  const steps = bridge(before, after);
  return {
    change: { baseline: baselineOf(comparison, question), baselineCost, delta, bridge: steps },
    findings,
  };
}

/** The window of a question and the periods it is compared with; `undefined` where there is no record at all. */
export async function periodsOf(
  reader: Reader,
  question: Question,
): Promise<{ readonly window: Period; readonly baseline: readonly Period[] } | undefined> {
  const asked = { ...variablesOf(question.where ?? {}), ...periodVariables(question) };
  const spells = await readSpells(reader, question, asked);
  if (!spells) return undefined;
  const { window, baseline } = comparisonOf(spells, question);
  return { window: periodOf(window), baseline: baseline.map(periodOf) };
}

/** The window and what there is before it; `undefined` where there is no record at all. */
async function readSpells(
  reader: Reader,
  { since, until, baseline = "similar-days" }: Question,
  asked: Variables,
): Promise<Spells | undefined> {
  const isLong = since !== undefined && until !== undefined;
  const micros = isLong ? BigInt(Date.parse(until) - Date.parse(since)) * 1_000n : dayMicros;
  const days = baseline === "similar-days" ? { baseline_days: daysToLookAt(micros).join() } : {};
  return toSpells(await reader.ask("explain-windows", { ...asked, ...days }));
}

function comparisonOf(
  { window, before: all, firstCall }: Spells,
  { baseline = "similar-days" }: Question,
): Comparison {
  // What was spent when no call had a price is not known, and no 0.
  const before = window.isPriced ? all.filter(({ isPriced }) => isPriced) : [];
  if (baseline === "similar-days") return toComparison(window, similarDays(window, before));
  const isKnown =
    typeof baseline === "object"
      ? Date.parse(baseline.until) > Date.parse(firstCall)
      : before.some((spell) => isUsable(spell, window));
  return toComparison(window, isKnown ? before : []);
}

function daysOf({ baseline = "similar-days" }: Question, { baseline: spells }: Comparison) {
  if (baseline !== "similar-days" || spells.length === 0) return {};
  return { baseline_days: spells.map(({ number }) => number).join() };
}

function periodOf({ since, until }: Period): Period {
  return { since, until };
}

function periodVariables({ since, until, baseline }: Question): Record<string, string> {
  return {
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(typeof baseline === "object" && {
      baseline_since: baseline.since,
      baseline_until: baseline.until,
    }),
  };
}

function baselineOf(
  { window, baseline }: Comparison,
  { baseline: asked = "similar-days" }: Question,
): Change["baseline"] {
  return {
    since: baseline[0]?.since ?? window.since,
    until: baseline.at(-1)?.until ?? window.since,
    periods: baseline.length,
    days: asked === "similar-days" ? kindOfDays(baseline) : undefined,
  };
}

/** What the search goes by. */
interface AllSearched extends Searched {
  readonly matched: MatchedBaseline;
  readonly requests: RequestsByPeriod;
  readonly variances: Variances;
  readonly counts: Told["counts"];
  /** Of window and baseline. */
  readonly calls: bigint;
  /** As `explain-cells` takes it. */
  readonly told: string;
}

/** Reads it. */
async function readSearched(
  reader: Reader,
  variables: Variables,
  { window, baseline }: Comparison,
  { by }: Question,
): Promise<AllSearched> {
  const calls = [window, ...baseline].reduce((sum, spell) => sum + spell.calls, 0n);
  const told = await readTold(reader, variables, { inWindow: window.calls, inAll: calls });
  const ordinals = by?.filter((dimension) => roleOf(dimension) === "ordinal") ?? [];
  const asked = { ...variables, told: told.json, ordinals: ordinals.join() };
  const rows = await reader.ask("explain-cells", asked);
  const periods = baseline.map(({ number }) => number);
  const table = toCellTable(rows, told.tags, periods);
  const matched = matchBaseline(table);
  const withTold = { ...variables, told: told.json };
  const requests = await readRequests(reader, withTold);
  const variances = await readVariances(reader, withTold, calls);
  const { json, counts } = told;
  return { table, pieces: matched.pieces, matched, requests, variances, counts, calls, told: json };
}

/** @param isOwn which pieces are compared; all of them unless given */
function sidesOf(
  { table, pieces }: Searched,
  requests: BothRequests,
  { scale }: Comparison,
  isOwn?: (piece: number) => boolean,
): Sides {
  const of = (inWindow: boolean) =>
    isOwn ? bridgePieces(table, pieces, inWindow, isOwn) : wholePieces(table, inWindow);
  return {
    before: { pieces: of(false), requests: requests.before, scale },
    after: { pieces: of(true), requests: requests.after, scale: unscaled },
  };
}

/** A value that is a smaller share of the bill than this is not told by its name. */
const leastShareOfValue = 0.015;

/** How often the search is made again, with what is known of its doubts. */
const mostSearches = 10;

async function foundIn(
  searched: AllSearched,
  comparison: Comparison,
  by: readonly Dimension[] | undefined,
  errorsOf: (segment: Segment) => Promise<RateErrors>,
): Promise<Found[]> {
  const { spend, ledger } = spendOf(searched, comparison, by);
  const doubts = new Doubts();
  const search = new SegmentSearch(spend, ofMoney);
  let claims = search.find(doubts);
  for (let count = 1; count < mostSearches && (await doubts.ask(errorsOf)); count += 1) {
    if (count === mostSearches - 1) doubts.decide();
    claims = search.find(doubts);
  }
  return claims.map(({ segment, rows, claimedBefore, foundBy }) => ({
    segment,
    claimedBefore,
    foundBy,
    isOwn: (piece) => rows.has(spend.rowOfSlot[ledger.slotOfPiece[piece] ?? 0] ?? -1),
  }));
}

function spendOf(
  { table, matched, variances, counts }: AllSearched,
  { window, baseline, scale }: Comparison,
  by: readonly Dimension[] | undefined,
) {
  const ledger = toLedger(table, matched, variances);
  const turnOf = ({ micros }: Spell, nth: number) => ({
    nth,
    scale: Number(window.micros) / Number(micros),
  });
  // A period of which little is known says little of how much days vary.
  const days = baseline.filter(({ micros }) => 2n * micros >= window.micros);
  const turns = [
    turnOf(window, 0),
    ...days.map((spell) => turnOf(spell, 1 + baseline.indexOf(spell))),
  ];
  const contributions = contributionsOf(ledger, turns, Number(scale.times) / Number(scale.over));
  const names = dimensionsOf(ledger, by);
  const spend = toSpendTable(ledger, contributions, turns.length, names, leastShareOfValue, counts);
  return { spend, ledger };
}
