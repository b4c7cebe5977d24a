import { type Candidate, openRows } from "./candidates.ts";
import type { Doubts } from "./doubts.ts";
import { withoutInnocentRest } from "./innocent-rest.ts";
import { featureOfMove } from "./moves.ts";
import { isPartOfName, shareOfSpend } from "./names.ts";
import { isNearerVersion } from "./nearer-version.ts";
import { type Glass, namesPerson, type Scored, scoresOf } from "./scoring.ts";
import type { SpendTable } from "./spend-table.ts";
import type { Survey } from "./survey.ts";
import { changeBy, liftedMeasures, tideBeside } from "./tide.ts";

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

/** The segment whose sums say the most for a rate of its own, among those that are told. */
export function bestBySums(survey: Survey, doubts: Doubts | undefined): Scored | undefined {
  const { table, whole, all, glass } = survey;
  /** Who asks for its rates, where they are its own: the answer is of all calls under its name. */
  const doubtsOf = ({ candidate: { conditions } }: Scored) => {
    const isOpen = (row: number) => !table.claimed[row];
    return survey.isFirst || shareOfSpend(table, conditions, isOpen) >= leastOpen
      ? doubts
      : undefined;
  };
  const hasErrors = (one: Scored) => {
    const errors = survey.errorsOf(one);
    if (errors < leastErrors) return false;
    return errors >= sureErrors || !doubtsOf(one)?.isRefuted(one);
  };
  const isEnough = (one: Scored, score = one.score, measures?: number) => {
    const isPerson = namesPerson(one.candidate.conditions);
    return (
      score >= survey.leastScoreOf(one.candidate, measures) &&
      score >= (isPerson ? leastPersonalScore : leastScore) * survey.usualScoreOf(one) &&
      survey.deviationsOf(one) >= (isPerson ? leastPersonalDeviations : leastDeviations) &&
      (hasErrors(one) || (doubtsOf(one)?.isReal(one) ?? false))
    );
  };
  /** Whether it is told, and would be too if all others' growth were a tide. */
  const isTold = (one: Scored, open = whole) => {
    if (!isEnough(one) || survey.isMixture(one)) return false;
    if (one.beside !== undefined) return isEnough(one, one.beside.score, liftedMeasures.length);
    const beside = tideBeside(one, open, 0, glass.tide);
    if (beside === glass.tide) return true;
    return scoresOf(one.candidate, { ...glass, tide: beside }).some(
      (again) => again.measure === one.measure && isEnough(again),
    );
  };
  const seen = all.find((one) => isTold(one));
  const highest =
    seen && hasErrors(seen)
      ? seen
      : (doubts?.surest(
          all,
          (one) =>
            doubtsOf(one) !== undefined &&
            (one.candidate.conditions.length > 0 || !survey.isMixture(one)),
        ) ?? seen);
  if (!highest) return undefined;
  const wide = all.find((one) => isWider(one, highest, glass) && isTold(one)) ?? highest;
  const told = all.find((one) => isNearerVersion(one, wide) && isTold(one)) ?? wide;
  /** Whether it would be told as well if the person had been away, and of so much. */
  const isOfOthersToo = (one: Scored, person: Scored, least: number) =>
    survey
      .score(withoutPerson(table, one.candidate, person.candidate))
      .some(
        (rest) =>
          rest.measure === one.measure &&
          rest.change * Math.sign(person.change) >= least &&
          isTold(rest, withoutPerson(table, whole, person.candidate)),
      );
  const isPersonal = ({ candidate }: Scored) => namesPerson(candidate.conditions);
  const isOfMorePeople = (one: Scored) =>
    !isPersonal(one) && isTold(one) && isOfOthersToo(one, told, Math.abs(told.change));
  const isThePerson = (one: Scored) =>
    isPersonal(one) &&
    one.measure === told.measure &&
    one.change * Math.sign(told.change) >= nearlyAllOfChange * Math.abs(told.change) &&
    isTold(one) &&
    !isOfOthersToo(told, one, 0);
  const meant = all.find(isPersonal(told) ? isOfMorePeople : isThePerson) ?? told;
  const guilty = withoutInnocentRest(table, meant, glass);
  return featureOfMove(table, guilty, glass, isTold);
}

/** A person with so much of the change is told in place of what others would not be told for. */
const nearlyAllOfChange = 0.8;

/** A part of a name is told in its place where it scores nearly as high … */
const nearlyAsHigh = 0.9;

/** … has so many times as much of the change … */
const moreOfChange = 1.1;

/** … and what it has more is as many of its usual deviations: else chance did it. */
const leastDeviationsOfRest = 2;

/**
 * Whether a candidate has a part of another's name, and all of its cause.
 *
 * What a cause does it does here more and there less, and where it does most the score may be the highest.
 */
function isWider(one: Scored, narrow: Scored, { noise, tide }: Glass): boolean {
  const { measure, candidate } = one;
  const { conditions } = candidate;
  if (
    measure !== narrow.measure ||
    conditions.length === 0 ||
    !isPartOfName(conditions, narrow.candidate.conditions) ||
    one.score < nearlyAsHigh * narrow.score ||
    one.change * Math.sign(narrow.change) < moreOfChange * Math.abs(narrow.change)
  ) {
    return false;
  }
  const sums = candidate.sums.map((sum, index) => sum - (narrow.candidate.sums[index] ?? 0));
  const rest = changeBy(measure, sums, 0, tide, true);
  return noise.deviations(measure, { conditions, sums }, rest) >= leastDeviationsOfRest;
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
