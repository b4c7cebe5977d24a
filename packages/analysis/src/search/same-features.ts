import { roleOf } from "../dimensions.ts";
import { firstLump, measureCount, measureOf } from "../ledger/contributions.ts";
import { type Candidate, openRows } from "./candidates.ts";
import { mostOfDay, pooledValues, usualMultiple, varianceBeside, widening } from "./noise.ts";
import { isPersonal, type SpendTable } from "./spend-table.ts";
import { surpriseOf } from "./surprise.ts";
import { liftedMeasures } from "./tide.ts";

/** What a candidate did beside the other calls of the same features; in lumps. */
interface Shift {
  readonly expected: number;
  readonly change: number;
  readonly variance: number;
}

/** How costs vary by a measure: calls by themselves, in multiples of lumps, and all calls of a feature in a day alike, squared. */
interface Noise {
  readonly multiple: number;
  readonly ofFeatures: number;
}

/** So far days lift all features alike: by 15 %. */
const usualTide = 0.15 ** 2;

/** Of fewer lumps of others nobody can tell what a feature did by itself. */
const leastOthers = 4;

/** What all calls of the only feature do alike is the tide, and one day does not say how days differ. */
const fewestFeatures = 2;
const fewestDays = 2;

/** So much of a candidate has to have others beside it. */
const leastCovered = 0.6;

/** As far as days are taken to lift a feature beside the others before any are seen: by 10 %. */
const usualOfFeatures = 0.1 ** 2;

/** Numbers that are summed of each feature and turn: the cost, what was expected, and what traffic makes of that. */
const numbers = 3;

/**
 * Compares candidates with the other calls of the same features in the same hours.
 *
 * How much is asked of a feature differs from day to day by far more than who asks it, and from where. A region that has more
 * of each of its features than its share has it by itself, on whatever day. What the others did is not sure either: with days
 * that lift a feature by a variance of t², and o lumps of others that vary by m, t² / (t² + m / o) of it is taken to be the
 * feature's own, as a regression on it would; and so on for all features together.
 */
export class SameFeatures {
  readonly #table: SpendTable;
  readonly #codes: Int32Array;
  readonly #features: number;
  /** Of feature f in turn t from (f * turns + t) * numbers on. */
  readonly #totals: Float64Array;
  /** By the measures that days lift; empty where too little is known to tell it. */
  readonly #noise: ReadonlyMap<number, Noise>;
  readonly #sums = new WeakMap<Candidate, Float64Array>();

  /** @param values candidates of one condition */
  constructor(table: SpendTable, values: readonly Candidate[]) {
    this.#table = table;
    const feature = table.columns.find(({ name }) => name === "feature");
    this.#codes = feature?.codes ?? new Int32Array(table.rows).fill(-1);
    this.#features = (feature?.values.length ?? 0) + 1;
    this.#totals = this.#sumRows(openRows(table, []));
    const isKnown = this.#features > fewestFeatures && table.turns > fewestDays;
    const comparable = values.filter(isComparable);
    this.#noise = new Map(
      (isKnown ? liftedMeasures : []).map((measure) => [
        measure,
        this.#noiseOf(comparable, measure),
      ]),
    );
  }

  /**
   * How surprising a candidate is by a measure that days lift, and in how many of its usual deviations; `undefined` where
   * there is too little beside it.
   *
   * @param doubt see `Glass`
   */
  judge(candidate: Candidate, measure: number, doubt: number) {
    const noise = this.#noise.get(measure);
    if (noise === undefined || !isComparable(candidate)) return undefined;
    const own = this.#sumsOf(candidate);
    const shift = this.#shiftOf(own, measure, 0, noise);
    if (!shift) return undefined;
    const { expected, change, variance } = shift;
    const surprise = surpriseOf(Math.max(0, expected + change), expected);
    return {
      change,
      likelihood: (2 * surprise * expected) / (variance * doubt),
      deviations: () => Math.abs(change) / Math.sqrt(this.#usualOf(own, measure, noise, variance)),
    };
  }

  /** The variance of a candidate's shift, corrected by what its own days did. */
  #usualOf(own: Float64Array, measure: number, noise: Noise, variance: number): number {
    const days = this.#table.turns - 1;
    let squares = 0;
    for (let turn = 1; turn <= days; turn += 1) {
      squares += (widening(days) * (this.#shiftOf(own, measure, turn, noise)?.change ?? 0)) ** 2;
    }
    return varianceBeside(squares, days, variance);
  }

  #noiseOf(candidates: readonly Candidate[], measure: number): Noise {
    const days = this.#table.turns - 1;
    const known = { multiple: usualMultiple, ofFeatures: 1 };
    let [sum, count] = [pooledValues * usualMultiple, pooledValues];
    for (const one of candidates) {
      for (let turn = 1; turn <= days; turn += 1) {
        const shift = this.#shiftOf(this.#sumsOf(one), measure, turn, known);
        if (!shift) continue;
        sum += Math.min(mostOfDay, (widening(days) * shift.change) ** 2 / shift.variance);
        count += 1;
      }
    }
    const multiple = sum / count;
    return { multiple, ofFeatures: this.#varianceOfFeatures(measure, multiple) };
  }

  /** The variance of what a day does to a feature, beside all others, in squared shares of it. */
  #varianceOfFeatures(measure: number, multiple: number): number {
    const { turns } = this.#table;
    const days = turns - 1;
    let [changes, squares] = [0, 0];
    for (let turn = 1; turn <= days; turn += 1) {
      const tide = growthOf(this.#allIn(this.#totals, turn), measure);
      for (let feature = 0; feature < this.#features; feature += 1) {
        const at = (feature * turns + turn) * numbers;
        const before = this.#totals[at + 1] ?? 0;
        const after = this.#totals[at + placeOf(measure)] ?? 0;
        const change = widening(days) * (after - tide * before);
        changes += change ** 2 - multiple * before;
        squares += before ** 2;
      }
    }
    const pooled = (squares * pooledValues) / (days * this.#features);
    if (squares === 0) return usualOfFeatures;
    return Math.max(0, changes + usualOfFeatures * pooled) / (squares + pooled);
  }

  #sumsOf(candidate: Candidate): Float64Array {
    const known = this.#sums.get(candidate);
    if (known) return known;
    const sums = this.#sumRows(openRows(this.#table, candidate.conditions));
    this.#sums.set(candidate, sums);
    return sums;
  }

  #sumRows(rows: Int32Array): Float64Array {
    const { turns, measures } = this.#table;
    const sums = new Float64Array(this.#features * turns * numbers);
    const traffic = firstLump + measureOf("traffic");
    for (const row of rows) {
      const feature = (this.#codes[row] ?? -1) + 1;
      for (let turn = 0; turn < turns; turn += 1) {
        const from = (row * turns + turn) * measureCount;
        const to = (feature * turns + turn) * numbers;
        const before = measures[from + firstLump + 1] ?? 0;
        sums[to] = (sums[to] ?? 0) + (measures[from + firstLump] ?? 0);
        sums[to + 1] = (sums[to + 1] ?? 0) + before;
        sums[to + 2] = (sums[to + 2] ?? 0) + before + (measures[from + traffic] ?? 0);
      }
    }
    return sums;
  }

  /** The numbers of all features in a turn. */
  #allIn(sums: Float64Array, turn: number): number[] {
    const all = new Array<number>(numbers).fill(0);
    for (let feature = 0; feature < this.#features; feature += 1) {
      const at = (feature * this.#table.turns + turn) * numbers;
      for (let one = 0; one < numbers; one += 1) all[one] = (all[one] ?? 0) + (sums[at + one] ?? 0);
    }
    return all;
  }

  #shiftOf(
    own: Float64Array,
    measure: number,
    turn: number,
    { multiple, ofFeatures }: Noise,
  ): Shift | undefined {
    const place = placeOf(measure);
    const whole = this.#allIn(own, turn);
    const others = this.#allIn(this.#totals, turn).map((sum, index) => sum - (whole[index] ?? 0));
    const ofAll = shareOf(usualTide, multiple, others[1] ?? 0);
    const tide = 1 + ofAll * (growthOf(others, measure) - 1);
    let [expected, change, variance, covered, byTide] = [0, 0, 0, 0, 0];
    for (let feature = 0; feature < this.#features; feature += 1) {
      const at = (feature * this.#table.turns + turn) * numbers;
      const before = own[at + 1] ?? 0;
      const beside = Math.max(0, (this.#totals[at + 1] ?? 0) - before);
      const after = Math.max(0, (this.#totals[at + place] ?? 0) - (own[at + place] ?? 0));
      const ofFeature = shareOf(ofFeatures, multiple, beside);
      const growth = tide + ofFeature * ((beside > 0 ? after / beside : tide) - tide);
      if (beside >= leastOthers) covered += before;
      byTide += before * (1 - ofFeature);
      expected += before * growth;
      change += (own[at + place] ?? 0) - before * growth;
      variance += multiple * before * growth + before ** 2 * ofFeatures * (1 - ofFeature);
    }
    if (covered === 0 || covered < leastCovered * (whole[1] ?? 0)) return undefined;
    variance += byTide ** 2 * usualTide * (1 - ofAll);
    return { expected, change, variance: Math.max(multiple, variance) };
  }
}

/** Where the number of a measure is: see `numbers`. */
function placeOf(measure: number): number {
  return measure === 0 ? 0 : 2;
}

function growthOf(sums: readonly number[], measure: number): number {
  const before = sums[1] ?? 0;
  return before > 0 ? Math.max(0, sums[placeOf(measure)] ?? 0) / before : 1;
}

/** The share of what so many lumps did that is what all did alike: see `SameFeatures`. */
function shareOf(variance: number, multiple: number, lumps: number): number {
  return lumps > 0 ? variance / (variance + multiple / lumps) : 0;
}

/**
 * Whose spend it is cuts across features, and by it days can be compared, with what calls it took or without; a version has a
 * baseline of its own.
 */
function isComparable({ conditions }: Candidate): boolean {
  const names = conditions.map(({ column }) => column.name);
  return (
    names.some((name) => name !== "feature" && roleOf(name) === "entity") &&
    conditions.every(({ column }) => roleOf(column.name) !== "version" && !isPersonal(column))
  );
}
