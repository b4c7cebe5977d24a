import {
  type Deviations,
  deviationsOf,
  type Run,
  type ScoredRun,
  scoreOf,
  usualScore,
} from "./scan.ts";
import {
  type HourlySeries,
  hoursOfDay,
  instantOfHour,
  type SpendHistory,
} from "./spend-history.ts";
import { edgesOf } from "./spike-edges.ts";
import { median, type Season, UsualSpend } from "./usual-spend.ts";

/** Whether money was spent unusually in the last 24 hours, and when that began and ended. */
export type Detection = Found | Quiet | ShortHistory;

export interface Found {
  readonly kind: "found";
  /** RFC 3339, UTC: whole hours, but for an end at which the data ends. */
  readonly since: string;
  readonly until: string;
  /** It had not ended where the data ends. */
  readonly ongoing: boolean;
  /** In which feature it shows most: `null` for calls without one, `undefined` where in all calls together. */
  readonly feature: string | null | undefined;
  /** What that feature cost then and usually, in dollars. Rounded: the bridge has exact amounts. */
  readonly dollars: number;
  readonly usualDollars: number;
  /** How many of its usual deviations the cost lay above the usual. */
  readonly score: number;
  readonly season: Season;
}

/** Nothing unusual in 24 hours. */
export interface Quiet {
  readonly kind: "quiet";
  readonly since: string;
  readonly until: string;
}

/** There are too few days to know what is usual. */
export interface ShortHistory {
  readonly kind: "short-history";
  readonly days: number;
}

/** Whole days before the last 24 hours without which nothing is known of how much days vary. */
const leastDays = 3;

/** A run is told from so many usual deviations on; of all calls together, and of a single hour, more are asked. */
const leastScore = 4.5;
const leastScoreOfAll = 5;
const leastScoreOfOneHour = 10;

/** And it is so many times as surprising as anything that days do by themselves. */
const moreThanUsual = 1.6;

/** What is dearer by less than this share of what everything usually costs in these hours is left alone. */
const leastShare = 0.04;

/** Neither is what is dearer by less than this, or by less than this share of what everything costs in a day. */
const leastDollars = 0.1;
const leastShareOfDay = 0.05;

/** Of what is this surprising, and no single hour, a smaller share is told too. */
const sureScore = 8;
const leastShareOfDayIfSure = 0.02;

/** All calls together are dearer or cheaper on a busy day: they are told where they cost so much more. */
const leastSurge = 0.8;

/** Of so many features the middle one says what a busy day does to all of them. */
const featuresOfTide = 5;

/** Looks for a spike in the last 24 hours of a history; one that began before is followed back, up to 7 days. */
export function detectSpike(history: SpendHistory): Detection {
  const days = Math.floor(history.hours / hoursOfDay) - 1;
  if (days < leastDays) return { kind: "short-history", days: Math.max(0, days) };
  const first = Math.max(1, history.hours - hoursOfDay - (history.lastShare < 1 ? 1 : 0));
  const total = watched(history, history.total);
  const features = history.features.map((series) => watched(history, series));
  const found: Candidate[] = [];
  for (const one of [total, ...features]) {
    const best = bestRun(history, one, total, features, { from: first, to: history.hours });
    if (best) found.push({ ...one, run: best });
  }
  // A feature that rises is more telling than all calls together, which rise with it.
  const ofFeatures = found.filter(({ series }) => series !== history.total);
  const told = (ofFeatures.length > 0 ? ofFeatures : found).toSorted(
    (a, b) => excessOf(b.run) - excessOf(a.run),
  );
  const [main] = told;
  if (!main) {
    return {
      kind: "quiet",
      since: instantOfHour(history, first),
      until: instantOfHour(history, history.hours),
    };
  }
  const together = told.filter(({ run }) => run.from < main.run.to && run.to > main.run.from);
  const usuals = together.map(({ usual }) => usual);
  return toFound(history, main, edgesOf(history, usuals, main.run, first));
}

function toFound(history: SpendHistory, { series, usual, run }: Candidate, edges: Run): Found {
  return {
    kind: "found",
    since: instantOfHour(history, edges.from),
    until: instantOfHour(history, edges.to),
    ongoing: edges.to === history.hours,
    feature: series.feature,
    dollars: usual.spent(edges.from, edges.to),
    usualDollars: median(usual.comparable(edges.from, edges.to)),
    score: run.score,
    season: usual.season,
  };
}

/** A series with what is usual of it. */
interface Watched {
  readonly series: HourlySeries;
  readonly usual: UsualSpend;
  readonly deviations: Deviations;
}

interface Candidate extends Watched {
  readonly run: ScoredRun;
}

function watched(history: SpendHistory, series: HourlySeries): Watched {
  const usual = new UsualSpend(history, series);
  return { series, usual, deviations: deviationsOf(history, usual) };
}

function excessOf({ spent, expected }: ScoredRun): number {
  return spent - expected;
}

/** The most surprising run of a series that is worth telling. */
function bestRun(
  history: SpendHistory,
  one: Watched,
  total: Watched,
  features: readonly Watched[],
  { from: first, to: end }: Run,
): ScoredRun | undefined {
  let best: ScoredRun | undefined;
  const bills = median(total.usual.comparable(end - hoursOfDay, end));
  const known = new Map<number, number>();
  const usualOf = (length: number, least: number) => {
    const score =
      known.get(length) ?? usualScore(history, one.usual, one.deviations, length, least);
    known.set(length, score);
    return score;
  };
  for (let from = first; from < end; from += 1) {
    for (let to = from + 1; to <= end; to += 1) {
      const bill = median(total.usual.comparable(from, to));
      const isTotal = one === total;
      const tide = isTotal ? 0 : tideOf(features, { from, to });
      const run = scoreOf(one.usual, one.deviations, { from, to }, { tide, least: 0.01 * bill });
      if (!run || run.score <= (best?.score ?? 0)) continue;
      const isSure = run.score >= sureScore && to - from > 1;
      const ofDay = (isSure ? leastShareOfDayIfSure : leastShareOfDay) * bills;
      const least = Math.max(leastDollars, ofDay, (isTotal ? leastSurge : leastShare) * bill);
      const ofSeveral = isTotal ? leastScoreOfAll : leastScore;
      const bar = to - from === 1 ? leastScoreOfOneHour : ofSeveral;
      if (excessOf(run) < least || run.score < bar) continue;
      if (run.score >= moreThanUsual * usualOf(to - from, 0.01 * bill)) best = run;
    }
  }
  return best;
}

/** By what share the middle feature is dearer than usual: what lifts all of them singles none out. */
function tideOf(features: readonly Watched[], { from, to }: Run): number {
  const moves: number[] = [];
  for (const { usual } of features) {
    const expected = median(usual.comparable(from, to));
    if (expected > 0) moves.push(usual.spent(from, to) / expected - 1);
  }
  return moves.length < featuresOfTide ? 0 : Math.max(0, Math.min(0.5, median(moves)));
}
