import type { Run } from "./scan.ts";
import { hoursOfDay, type SpendHistory } from "./spend-history.ts";
import type { UsualSpend } from "./usual-spend.ts";

/** How far back an anomaly that goes on is followed, in hours. */
const farthest = 7 * hoursOfDay;

/** How often the edges are looked for again, with the excess that the last ones showed. */
const turns = 3;

/** An hour is not taken to be dearer than so many times the usual: one dear request must not outweigh a day. */
const dearestRate = 2;

/**
 * Where a spike really begins and ends.
 *
 * A run that was found says how much dearer its hours are, r times the usual e. The likeliest edges are those of
 * the run with the greatest sum of y - e (1 + r) / 2: an hour is in it where its cost y is nearer to the dearer
 * rate than to the usual one. No hour counts for more than e (r - 1) / 2, and r is at most 2: the cost of hours is
 * skewed.
 *
 * @param earliest the first hour that was looked at; what reaches back to it is followed further
 */
export function edgesOf(
  history: SpendHistory,
  usuals: readonly UsualSpend[],
  found: Run,
  earliest: number,
): Run {
  const near = edgesFrom(earliest, history, usuals, found);
  if (near.from > earliest) return near;
  return edgesFrom(Math.max(1, history.hours - farthest), history, usuals, found);
}

function edgesFrom(
  first: number,
  history: SpendHistory,
  usuals: readonly UsualSpend[],
  found: Run,
): Run {
  const usual = Array.from({ length: history.hours }, (_, hour) =>
    hour < first ? undefined : sumOf(usuals.map((one) => usualAround(one, hour))),
  );
  const spent = (hour: number) => usuals.reduce((sum, one) => sum + one.spent(hour, hour + 1), 0);
  let run = found;
  for (let turn = 0; turn < turns; turn += 1) {
    let [y, e] = [0, 0];
    for (let hour = run.from; hour < run.to; hour += 1) {
      y += spent(hour);
      e += usual[hour] ?? 0;
    }
    const rate = e > 0 ? Math.min(dearestRate, Math.max(1, y / e)) : dearestRate;
    const weight = (hour: number) => {
      const expected = usual[hour];
      // What is usual of such an hour is not known: nothing is followed through it.
      if (expected === undefined) return Number.NEGATIVE_INFINITY;
      const most = (expected * (rate - 1)) / 2;
      // Something that was not there before has no rate to be nearer to: every hour of it counts.
      if (expected === 0) return spent(hour) > 0 ? 1 : -0.5;
      return Math.max(-most, Math.min(most, spent(hour) - expected - most));
    };
    const next = greatestRun(weight, { from: first, to: history.hours }, found);
    if (next.from === run.from && next.to === run.to) break;
    run = next;
  }
  return run;
}

/** What an hour usually costs, by itself and the two beside it, the dearest of the days left out. */
function usualAround(usual: UsualSpend, hour: number): number | undefined {
  const days = usual.comparable(hour - 1, hour + 2).toSorted((a, b) => a - b);
  const kept = days.length < 4 ? days : days.slice(0, -1);
  return days.length === 0 ? undefined : (sumOf(kept) ?? 0) / (3 * kept.length);
}

/** `undefined` where a part is. */
function sumOf(values: readonly (number | undefined)[]): number | undefined {
  let sum = 0;
  for (const value of values) {
    if (value === undefined) return undefined;
    sum += value;
  }
  return sum;
}

/** The run within `hours` whose weights sum to the most, among those that meet `near`. */
export function greatestRun(weight: (hour: number) => number, hours: Run, near: Run): Run {
  let best: Run = near;
  let bestSum = 0;
  let from = hours.from;
  let sum = 0;
  for (let hour = hours.from; hour < hours.to; hour += 1) {
    if (sum <= 0) {
      sum = 0;
      from = hour;
    }
    sum += weight(hour);
    if (sum > bestSum && from < near.to && hour >= near.from) {
      bestSum = sum;
      best = { from, to: hour + 1 };
    }
  }
  return best;
}
