import { smallCandidates } from "./candidates.ts";
import { type Noise, widening } from "./noise.ts";
import { namesPerson, type Scored, scoresOf } from "./scoring.ts";
import type { SpendTable } from "./spend-table.ts";
import { tideOf } from "./tide.ts";

/** The highest score of an ordinary day, of such a measure. */
export type UsualScore = (one: Scored) => number;

/** As if so many days had been seen with such a highest score; users have higher ones. */
const pooledDays = 3;
const pooledScore = 6;
const pooledPersonalScore = 12;

/**
 * What the search would find on days without an incident: on each of the baseline, compared with all of them.
 *
 * The mean over the days of the highest score, by measure and by whether users are named.
 */
export function usualScores(table: SpendTable, noise: Noise, bill: number): UsualScore {
  const days = table.days.length > 1 ? table.days : [];
  const highest = new Map<string, number[]>();
  for (const [day, measures] of days.entries()) {
    const glass = { tide: tideOf(table, measures), noise, bill, wider: widening(days.length) };
    for (const candidate of smallCandidates(table, measures)) {
      if (candidate.conditions.length === 0) continue;
      for (const one of scoresOf(candidate, glass)) {
        const ofDays = highest.get(classOf(one)) ?? days.map(() => 0);
        highest.set(classOf(one), ofDays);
        ofDays[day] = Math.max(ofDays[day] ?? 0, one.score);
      }
    }
  }
  return (one) => {
    const known = highest.get(classOf(one)) ?? [];
    const prior = namesPerson(one.candidate.conditions) ? pooledPersonalScore : pooledScore;
    const sum = known.reduce((all, score) => all + score, pooledDays * prior);
    return sum / (days.length + pooledDays);
  };
}

function classOf({ measure, candidate }: Scored): string {
  return `${measure} ${namesPerson(candidate.conditions)}`;
}
