import { factors } from "../bridge/sides.ts";
import { measureOf } from "../ledger/contributions.ts";
import { type Candidate, narrowed, smallCandidates } from "./candidates.ts";
import type { Limits } from "./limits.ts";
import { isMixture } from "./mixture.ts";
import { noiseOf } from "./noise.ts";
import { type UsualScore, usualScores } from "./placebo.ts";
import { SameFeatures } from "./same-features.ts";
import { byScore, type Glass, named, type Scored, scoresOf } from "./scoring.ts";
import type { Condition, SpendTable } from "./spend-table.ts";
import { standardErrors } from "./standard-errors.ts";
import { tideOf } from "./tide.ts";

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
 * What is to be seen in the sums of the spend that no finding has: all that is tried, and how surprising it is.
 *
 * Nothing of it depends on what is asked about rates. So it is made once for all searches in which the same was found before.
 */
export class Survey {
  readonly table: SpendTable;
  /** All calls that no finding has. */
  readonly whole: Candidate;
  /** By each measure that changed, the most surprising first. */
  readonly all: readonly Scored[];
  readonly glass: Glass;
  /** Whether there is no finding yet. */
  readonly isFirst: boolean;
  /** The highest score of an ordinary day, of such a measure. */
  readonly usualScoreOf: UsualScore;
  readonly #features: SameFeatures;
  /** By the number of conditions how many candidates have at most as many. */
  readonly #tried: readonly number[];
  readonly #errors = new WeakMap<Scored, number>();
  readonly #mixtures = new WeakMap<Scored, boolean>();

  /** @param bill see `expectedBill` */
  constructor(table: SpendTable, bill: number, limits: Limits) {
    const candidates = smallCandidates(table);
    const values = candidates.filter(({ conditions }) => conditions.length === 1);
    const tides = Array.from({ length: table.turns }, (_, turn) => tideOf(values, turn, 1));
    const noise = noiseOf(values, tides);
    const tide = tideOf(values, 0, noise.multiple(measureOf("traffic")));
    const days = table.turns - 1;
    const doubt = 1 + 1 / Math.max(1, days);
    this.table = table;
    this.whole = candidates[0] ?? { conditions: [], sums: new Float64Array() };
    this.glass = { turn: 0, tide, noise, bill, limits, wider: 1, doubt };
    this.isFirst = !table.claimed.includes(1);
    this.#features = new SameFeatures(table, values);
    this.usualScoreOf = usualScores(candidates, tides, noise, bill, limits);
    const small = candidates.flatMap((one) => this.score(one)).sort(byScore);
    const best = new Set<Candidate>();
    for (const { candidate } of small) {
      if (best.size >= narrowedCandidates) break;
      if (candidate.conditions.length === 2) best.add(candidate);
    }
    const narrow = [...best].flatMap((pair) => narrowed(table, pair));
    this.#tried = [1, values.length, candidates.length, candidates.length + narrow.length];
    this.all = [...small, ...narrow.flatMap((one) => this.score(one))].sort(byScore);
  }

  /** A candidate by each measure that changed enough to be told, compared with the same features where that says more. */
  score(candidate: Candidate): Scored[] {
    return scoresOf(candidate, this.glass).map((one) => this.#besideFeature(one));
  }

  /** What the best of as many candidates scores, by so many measures, in one of a hundred windows in which nothing happened. */
  leastScoreOf({ conditions }: Candidate, measures: number = factors.length): number {
    const count = (this.#tried[conditions.length] ?? 0) * untold(conditions) * measures;
    return 2 * Math.log(count / falseAlarms);
  }

  /** A change in its usual deviations. */
  deviationsOf({ measure, candidate, lumps, beside }: Scored): number {
    return beside?.deviations() ?? this.glass.noise.deviations(measure, candidate, lumps);
  }

  /** A change in standard errors of what its requests cost. */
  errorsOf(one: Scored): number {
    return kept(this.#errors, one, () => standardErrors(this.table, one));
  }

  /** See `isMixture`. */
  isMixture(one: Scored): boolean {
    return kept(this.#mixtures, one, () => isMixture(this.table, one, this.whole, this.glass));
  }

  /**
   * The same, compared with the other calls of the same features where there are such.
   *
   * Where one region has more than its share all others have less: what changed against the bill is not told for that.
   */
  #besideFeature(one: Scored): Scored {
    const judged = this.#features.judge(one.candidate, one.measure, this.glass.doubt);
    if (!judged || judged.change * one.change <= 0) return one;
    const score = named(judged.likelihood, one.candidate.conditions);
    const ofBill = (this.whole.sums[0] ?? 0) - (this.whole.sums[1] ?? 0);
    if (one.change * ofBill < 0 && score > one.score) return one;
    // Versions are not looked at so: what is more surprising by itself must not come after a part of it for that.
    return {
      ...one,
      score: Math.max(one.score, score),
      beside: { score, without: one.score, deviations: judged.deviations },
    };
  }
}

function kept<Value>(known: WeakMap<Scored, Value>, one: Scored, make: () => Value): Value {
  const before = known.get(one);
  if (before !== undefined) return before;
  const value = make();
  known.set(one, value);
  return value;
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
