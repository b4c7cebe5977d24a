import { type Candidate, narrowed, openRows, smallCandidates } from "./candidates.ts";
import { measureOf } from "./contributions.ts";
import type { Doubts } from "./doubts.ts";
import { withoutInnocentRest } from "./innocent-rest.ts";
import type { Limits } from "./limits.ts";
import { isMixture } from "./mixture.ts";
import { featureOfMove } from "./moves.ts";
import { isPartOfName, shareOfSpend } from "./names.ts";
import { noiseOf } from "./noise.ts";
import { usualScores } from "./placebo.ts";
import { SameFeatures } from "./same-features.ts";
import { type Glass, named, namesPerson, type Scored, scoresOf } from "./scoring.ts";
import { factors } from "./sides.ts";
import type { Condition, SpendTable } from "./spend-table.ts";
import { standardErrors } from "./standard-errors.ts";
import { tideBeside, tideOf } from "./tide.ts";

/** How many of its usual deviations a change has to be large; for users, who vary more, another number. */
const leastDeviations = 3.5;
const leastPersonalDeviations = 6;

/** How many times as high as on an ordinary day the score of a finding has to be. */
const leastScore = 2;
const leastPersonalScore = 4.5;

/** And how many standard errors its change has to be large: see `standardErrors`. */
const leastErrors = 2;

/** As much of a segment's spend has to be in no earlier finding: what that did its rates show too. */
const leastOpen = 0.95;

/** Of so many nobody asks whether the rate changed. */
const sureErrors = 4.5;

/**
 * How often something may be told in a window in which nothing happened, as far as costs vary as is believed.
 *
 * A score is twice the logarithm of a likelihood ratio. One of n that are tried exceeds 2 ln(n / p) in a share p of such
 * windows, at most.
 */
const falseAlarms = 0.01;

/** So many candidates of two conditions are tried with a third. */
const narrowedCandidates = 40;

/**
 * The segment whose sums say the most for a rate of its own, among those that are told.
 *
 * @param bill see `expectedBill`
 */
export function bestBySums(
  table: SpendTable,
  bill: number,
  limits: Limits,
  doubts: Doubts | undefined,
): Scored | undefined {
  const candidates = smallCandidates(table);
  const [whole] = candidates;
  if (!whole) return undefined;
  const values = candidates.filter(({ conditions }) => conditions.length === 1);
  const tides = Array.from({ length: table.turns }, (_, turn) => tideOf(values, turn, 1));
  const noise = noiseOf(values, tides);
  const tide = tideOf(values, 0, noise.multiple(measureOf("traffic")));
  const days = table.turns - 1;
  const glass = { turn: 0, tide, noise, bill, limits, wider: 1, doubt: 1 + 1 / Math.max(1, days) };
  const features = new SameFeatures(table, values);
  const ofBill = (whole.sums[0] ?? 0) - (whole.sums[1] ?? 0);
  const score = (candidate: Candidate) =>
    scoresOf(candidate, glass).map((one) => besideFeature(one, features, glass, ofBill));
  const small = candidates.flatMap(score).sort(byScore);
  const best = new Set<Candidate>();
  for (const { candidate } of small) {
    if (best.size >= narrowedCandidates) break;
    if (candidate.conditions.length === 2) best.add(candidate);
  }
  const narrow = [...best].flatMap((pair) => narrowed(table, pair));
  const usual = usualScores(candidates, tides, noise, bill, limits);
  const tried = [1, values.length, candidates.length, candidates.length + narrow.length];
  const limitFor = ({ conditions }: Candidate) => {
    const count = (tried[conditions.length] ?? 0) * untold(conditions) * factors.length;
    return 2 * Math.log(count / falseAlarms);
  };
  const isFirst = !table.claimed.includes(1);
  /** Who asks for its rates, where they are its own: the answer is of all calls under its name. */
  const doubtsOf = ({ candidate: { conditions } }: Scored) => {
    const isOpen = (row: number) => !table.claimed[row];
    return isFirst || shareOfSpend(table, conditions, isOpen) >= leastOpen ? doubts : undefined;
  };
  const hasErrors = (one: Scored) => {
    const errors = standardErrors(table, one);
    if (errors < leastErrors) return false;
    return errors >= sureErrors || !doubtsOf(one)?.isRefuted(one);
  };
  const isEnough = (one: Scored | undefined) => {
    if (!one) return false;
    const { candidate, measure, lumps } = one;
    const isPerson = namesPerson(candidate.conditions);
    return (
      one.score >= limitFor(candidate) &&
      one.score >= (isPerson ? leastPersonalScore : leastScore) * usual(one) &&
      (one.beside?.deviations() ?? noise.deviations(measure, candidate, lumps)) >=
        (isPerson ? leastPersonalDeviations : leastDeviations) &&
      (hasErrors(one) || (doubtsOf(one)?.isReal(one) ?? false))
    );
  };
  /** Whether it is told, and would be too if all others' growth were a tide. */
  const isTold = (one: Scored, open = whole) => {
    if (!isEnough(one) || isMixture(table, one, whole, glass)) return false;
    if (one.beside !== undefined) return isEnough({ ...one, score: one.beside.score });
    const beside = tideBeside(one, open, 0, tide);
    return beside === tide || isEnough(scoreBy(one, { ...glass, tide: beside }));
  };
  const all = [...small, ...narrow.flatMap(score)].sort(byScore);
  const seen = all.find((one) => isTold(one));
  const highest =
    seen && hasErrors(seen)
      ? seen
      : (doubts?.surest(
          all,
          (one) =>
            doubtsOf(one) !== undefined &&
            (one.candidate.conditions.length > 0 || !isMixture(table, one, whole, glass)),
        ) ?? seen);
  if (!highest) return undefined;
  const told = all.find((one) => isWider(one, highest) && isTold(one)) ?? highest;
  /** Whether it would be told as well if the person had been away, and of more than the person's change. */
  const isOfOthersToo = (one: Scored, person: Scored) =>
    score(withoutPerson(table, one.candidate, person.candidate)).some(
      (rest) =>
        rest.measure === one.measure &&
        rest.change * Math.sign(person.change) >= Math.abs(person.change) &&
        isTold(rest, withoutPerson(table, whole, person.candidate)),
    );
  const wider = namesPerson(told.candidate.conditions)
    ? all.find(
        (one) => !namesPerson(one.candidate.conditions) && isTold(one) && isOfOthersToo(one, told),
      )
    : undefined;
  const guilty = withoutInnocentRest(table, wider ?? told, glass);
  return featureOfMove(table, guilty, glass, isTold);
}

/** A part of a name is told in its place where it scores nearly as high … */
const nearlyAsHigh = 0.9;

/** … and has so many times as much of the change. */
const moreOfChange = 1.1;

/**
 * Whether a candidate has a part of another's name, and all of its cause.
 *
 * What a cause does it does here more and there less, and where it does most the score may be the highest.
 */
function isWider(one: Scored, narrow: Scored): boolean {
  const { conditions } = one.candidate;
  return (
    one.measure === narrow.measure &&
    conditions.length > 0 &&
    isPartOfName(conditions, narrow.candidate.conditions) &&
    one.score >= nearlyAsHigh * narrow.score &&
    one.change * Math.sign(narrow.change) >= moreOfChange * Math.abs(narrow.change)
  );
}

/**
 * The same, compared with the other calls of the same features where there are such.
 *
 * Where one region has more than its share all others have less: what changed against the bill is not told for that.
 */
function besideFeature(
  one: Scored,
  features: SameFeatures,
  { doubt }: Glass,
  ofBill: number,
): Scored {
  const judged = features.judge(one.candidate, one.measure, doubt);
  if (!judged || judged.change * one.change <= 0) return one;
  const score = named(judged.likelihood, one.candidate.conditions);
  if (one.change * ofBill < 0 && score > one.score) return one;
  // Versions are not looked at so: what is more surprising by itself must not come after a part of it for that.
  return {
    ...one,
    score: Math.max(one.score, score),
    beside: { score, deviations: judged.deviations },
  };
}

/** The same candidate by the same measure, looked at in another way. */
function scoreBy({ candidate, measure }: Scored, glass: Glass): Scored | undefined {
  return scoresOf(candidate, glass).find((one) => one.measure === measure);
}

/** A candidate with the sums of its calls that are not the person's. */
function withoutPerson(table: SpendTable, one: Candidate, person: Candidate): Candidate {
  const sums = one.sums.slice();
  for (const row of openRows(table, [...one.conditions, ...person.conditions])) {
    for (let index = 0; index < sums.length; index += 1) {
      sums[index] = (sums[index] ?? 0) - (table.measures[row * sums.length + index] ?? 0);
    }
  }
  return { conditions: one.conditions, sums };
}

/**
 * For each candidate with such conditions there are so many others that were not tried only because they are small: the
 * dearest of 3,000 users was chosen from all of them.
 */
function untold(conditions: readonly Condition[]): number {
  return conditions.reduce(
    (all, { column }) => all * Math.max(1, column.count / column.values.length),
    1,
  );
}

function byScore(a: Scored, b: Scored): number {
  return b.score - a.score;
}
