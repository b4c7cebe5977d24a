import { hoursOfDay, type SpendHistory } from "./spend-history.ts";
import { median, quantile, type UsualSpend } from "./usual-spend.ts";

/** Consecutive hours: from the first to before the last. */
export interface Run {
  readonly from: number;
  readonly to: number;
}

/** A run that costs more than usual. */
export interface ScoredRun extends Run {
  readonly spent: number;
  readonly expected: number;
  /** How many of its usual deviations it lies above what is expected. */
  readonly score: number;
}

/** How far runs of one series lie from what is usual, by their length. */
export interface Deviations {
  /** For each length in `lengths` the deviation over the square root of (expected * mean). */
  readonly relative: readonly number[];
  readonly means: readonly number[];
}

/** Lengths of runs, in hours, of which deviations are learned; for those between the nearest holds. */
const lengths = [1, 2, 3, 4, 6, 8, 12, 18, 24] as const;

/** A deviation is not taken to be smaller than this share of the mean: days of a company are never that alike. */
const leastDeviation = 0.04;

/**
 * Learns from the history how far runs lie from what the other days say, in both directions.
 *
 * The variance of a sum of requests grows with its mean, so deviations are taken over the square root of it.
 */
export function deviationsOf(history: SpendHistory, usual: UsualSpend): Deviations {
  const relative: number[] = [];
  const means: number[] = [];
  for (const length of lengths) {
    const residuals: { readonly residual: number; readonly expected: number }[] = [];
    const step = Math.max(1, Math.floor(length / 3));
    for (let to = history.hours - hoursOfDay; to - length >= 1; to -= step) {
      const others = usual.comparable(to - length, to, true);
      if (others.length < 2) continue;
      const expected = median(others);
      residuals.push({ residual: usual.spent(to - length, to) - expected, expected });
    }
    const mean =
      residuals.reduce((sum, { expected }) => sum + expected, 0) / (residuals.length || 1);
    const sizes = residuals.map(
      ({ residual, expected }) =>
        Math.abs(residual) / Math.sqrt(Math.max(expected, 0.1 * mean) * mean || 1),
    );
    // Of a normal law, 1.4826 times the median and 0.608 times the ninth decile are the deviation.
    const deviation = Math.max(1.4826 * median(sizes), 0.608 * quantile(sizes, 0.9));
    relative.push(Math.max(leastDeviation, deviation));
    means.push(mean);
  }
  return { relative, means };
}

export interface ScoreOptions {
  /** By what share everything is dearer than usual. */
  readonly tide?: number;
  /** Dollars below which a deviation is none. */
  readonly least?: number;
  /** Whether later days are comparable too. */
  readonly around?: boolean;
}

/** Scores a run against comparable days; `undefined` where there are none. */
export function scoreOf(
  usual: UsualSpend,
  deviations: Deviations,
  { from, to }: Run,
  { tide = 0, least = 0, around = false }: ScoreOptions = {},
): ScoredRun | undefined {
  const others = usual.comparable(from, to, around);
  if (others.length === 0) return undefined;
  const expected = median(others) * (1 + tide);
  const spent = usual.spent(from, to);
  const nearest = lengths.reduce(
    (best, length, index) =>
      Math.abs(length - (to - from)) < Math.abs((lengths[best] ?? 0) - (to - from)) ? index : best,
    0,
  );
  const scale = (to - from) / (lengths[nearest] ?? 1);
  const mean = (deviations.means[nearest] ?? 0) * scale;
  const deviation =
    (deviations.relative[nearest] ?? 0) * Math.sqrt(Math.max(expected, 0.1 * mean) * mean);
  // What is expected is itself known from a few days only.
  const known = Math.sqrt(1 + 1 / others.length);
  const score = (spent - expected) / Math.max(deviation * known, least);
  return { from, to, spent, expected, score };
}

/** Of so many days one may have had an incident: it is left out. */
const daysWithIncident = 10;

/**
 * The highest score that runs of a length had on the days before the last one, each compared with the other days.
 *
 * What is new today has to be more surprising than what days do by themselves, however heavy the tails.
 */
export function usualScore(
  history: SpendHistory,
  usual: UsualSpend,
  deviations: Deviations,
  length: number,
  least: number,
): number {
  const days: number[] = [];
  for (let to = history.hours - hoursOfDay; to - length >= 1; to -= 1) {
    const run = { from: to - length, to };
    const { score = 0 } = scoreOf(usual, deviations, run, { least, around: true }) ?? {};
    const day = Math.floor((history.hours - to) / hoursOfDay);
    days[day] = Math.max(days[day] ?? 0, score);
  }
  const sorted = days.filter((score) => score !== undefined).sort((a, b) => b - a);
  return sorted[sorted.length >= daysWithIncident ? 1 : 0] ?? 0;
}
