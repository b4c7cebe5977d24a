import type { Candidate } from "./candidates.ts";
import type { Limits } from "./limits.ts";
import { type Noise, widening } from "./noise.ts";
import { type Glass, namesPerson, type Scored, scoresOf } from "./scoring.ts";

/** The highest score of an ordinary day, of such a measure. */
export type UsualScore = (one: Scored) => number;

/** As if so many days had been seen with such a highest score; users have higher ones. */
const pooledDays = 3;
const pooledScores = { single: 4, longer: 6, personal: 12 };

/**
 * What the search would find on days without an incident: on each of the baseline, compared with all of them.
 *
 * The mean over the days of the highest score, by measure, by the length of the name, and by whether users are named.
 */
export function usualScores(
  candidates: readonly Candidate[],
  tides: readonly number[],
  noise: Noise,
  bill: number,
  limits: Limits,
): UsualScore {
  const days = tides.length > 2 ? tides.length - 1 : 0;
  // Where nothing is seen, nobody asks.
  let highest: ReadonlyMap<string, readonly number[]> | undefined;
  return (one) => {
    highest ??= highestScores(candidates, tides, days, { noise, bill, limits });
    const known = highest.get(classOf(one)) ?? [];
    const prior = pooledScores[kindOf(one)];
    const sum = known.reduce((all, score) => all + score, pooledDays * prior);
    return sum / (days + pooledDays);
  };
}

/** Of each class the highest score on each of the days. */
function highestScores(
  candidates: readonly Candidate[],
  tides: readonly number[],
  days: number,
  glass: Pick<Glass, "noise" | "bill" | "limits">,
): Map<string, number[]> {
  const highest = new Map<string, number[]>();
  const wider = widening(days);
  const parts = candidates.filter(({ conditions }) => conditions.length > 0);
  for (let turn = 1; turn <= days; turn += 1) {
    const onDay = { ...glass, turn, tide: tides[turn] ?? 1, wider, doubt: 1 };
    for (const one of parts.flatMap((candidate) => scoresOf(candidate, onDay))) {
      const ofDays = highest.get(classOf(one)) ?? new Array<number>(days).fill(0);
      highest.set(classOf(one), ofDays);
      ofDays[turn - 1] = Math.max(ofDays[turn - 1] ?? 0, one.score);
    }
  }
  return highest;
}

function classOf(one: Scored): string {
  return `${one.measure} ${kindOf(one)} ${one.isNew}`;
}

/** There are many more pairs of values than values, and so the best of them score higher by chance. */
function kindOf({ candidate: { conditions } }: Scored): keyof typeof pooledScores {
  if (namesPerson(conditions)) return "personal";
  return conditions.length > 1 ? "longer" : "single";
}
