import type { LeafTable } from "./leaf-table.ts";
import { type NullLaw, nullLawOf } from "./null-law.ts";

/** A set of values, one of each of some dimensions, by their numbers. */
interface Segment {
  readonly text: string;
  readonly leaves: readonly number[];
  readonly gain: number;
}

/** All sets of values of the same dimensions. */
interface Cuboid {
  readonly columns: readonly number[];
  /** Of each leaf the number of its set. */
  readonly codes: Int32Array;
  readonly count: number;
}

/** So many sets that look promising are looked at closely. */
const looked = 60;

const mostCauses = 12;

/**
 * The sets of values whose leaves deviate together from what was forecast for each of them.
 *
 * The same likelihood ratio as in `explain`, of "its own rate" against "the old rate", for tables that have a forecast per
 * leaf and no days before: how far leaves deviate by themselves is learned from those that deviate the other way. A set
 * that is too wide pays for leaves that did as forecast, one that is too narrow gives evidence away. The best one is told
 * and its leaves are taken out, until what is left explains no more than one of as many sets would by chance.
 */
export function localise(table: LeafTable): string[] {
  const deviations = deviationsOf(table);
  const cuboids = cuboidsOf(table);
  const sides = [1, -1].map((side) => scan(table, cuboids, deviations, side));
  const gainOf = (found: readonly Segment[]) => found.reduce((sum, { gain }) => sum + gain, 0);
  const [first = [], second = []] = sides;
  return (gainOf(first) >= gainOf(second) ? first : second).map(({ text }) => text);
}

/**
 * By how much each leaf is above its forecast, over the mean of both: from -2 to 2; NaN where both are 0. Of several
 * periods before, the forecast is the mean.
 */
function deviationsOf({ actual, before }: LeafTable): Float64Array {
  return actual.map((value, leaf) => {
    const expected = before.reduce((sum, one) => sum + (one[leaf] ?? 0), 0) / before.length;
    return value + expected === 0 ? Number.NaN : (2 * (value - expected)) / (value + expected);
  });
}

function cuboidsOf({ labels, actual }: LeafTable): Cuboid[] {
  const numbered = labels.map((column) => {
    const numbers = new Map<string, number>();
    const codes = column.map((label) => {
      const code = numbers.get(label) ?? numbers.size;
      numbers.set(label, code);
      return code;
    });
    return { codes, count: numbers.size };
  });
  return Array.from({ length: 2 ** labels.length - 1 }, (_, index) => {
    const columns = labels
      .map((_, column) => column)
      .filter((column) => (index + 1) & (1 << column));
    const codes = new Int32Array(actual.length);
    let count = 1;
    for (const column of columns) {
      const { codes: own = [], count: width = 1 } = numbered[column] ?? {};
      for (let leaf = 0; leaf < codes.length; leaf += 1) {
        codes[leaf] = (codes[leaf] ?? 0) * width + (own[leaf] ?? 0);
      }
      count *= width;
    }
    return { columns, codes, count };
  });
}

function scan(
  table: LeafTable,
  cuboids: readonly Cuboid[],
  deviations: Float64Array,
  side: number,
): Segment[] {
  const signed = deviations.map((deviation) => side * deviation);
  const law = nullLawOf(signed.filter((deviation) => deviation <= 0).map((one) => -one));
  const open = signed.map((deviation) => (Number.isNaN(deviation) ? 0 : 1));
  const evidence = signed.map((deviation) => evidenceOf(law, deviation));
  const found: Segment[] = [];
  while (found.length < mostCauses) {
    const best = bestOf(table, cuboids, { signed, law, open, evidence });
    if (!best || best.gain < 1) break;
    found.push(best);
    for (const leaf of best.leaves) open[leaf] = 0;
  }
  return found;
}

interface Scanned {
  /** Deviations, upward the way that is looked for. */
  readonly signed: Float64Array;
  readonly law: NullLaw;
  /** 1 for leaves that no cause has. */
  readonly open: Float64Array;
  readonly evidence: Float64Array;
}

/** What a leaf says for a cause of unknown size: any deviation upward is as likely then. */
function evidenceOf(law: NullLaw, deviation: number): number {
  const distance = Number.isNaN(deviation) ? 0 : Math.max(0, deviation);
  return Math.log(1 / 2) - law.logDensity(distance);
}

function bestOf(
  table: LeafTable,
  cuboids: readonly Cuboid[],
  scanned: Scanned,
): Segment | undefined {
  const promising: { cuboid: Cuboid; code: number; score: number }[] = [];
  for (const cuboid of cuboids) {
    const sums = new Float64Array(cuboid.count);
    for (const [leaf, code] of cuboid.codes.entries()) {
      if (scanned.open[leaf]) sums[code] = (sums[code] ?? 0) + (scanned.evidence[leaf] ?? 0);
    }
    const penalty = penaltyOf(cuboid, table);
    for (const [code, sum] of sums.entries()) {
      if (sum > 0) promising.push({ cuboid, code, score: sum - penalty });
    }
  }
  promising.sort((a, b) => b.score - a.score);
  return promising
    .slice(0, looked)
    .map(({ cuboid, code }) => closely(table, cuboid, code, scanned))
    .reduce<Segment | undefined>(
      (best, one) => (best === undefined || one.gain > best.gain ? one : best),
      undefined,
    );
}

/** The logarithm of how many sets were tried, those of few dimensions counted as if they were as many. */
function penaltyOf({ columns, count }: Cuboid, { dimensions, actual }: LeafTable): number {
  const all = dimensions.length;
  return (
    Math.log(count) +
    Math.log(choices(all, columns.length)) +
    Math.log(all) +
    Math.log(actual.length) +
    1
  );
}

function choices(all: number, some: number): number {
  let product = 1;
  for (let index = 1; index <= some; index += 1) product *= (all - some + index) / index;
  return product;
}

/** This share of a cause's leaves does as ever. */
const untouched = 0.02;

/** A set with what its leaves say for a cause that moves all of them by about as much. */
function closely(
  table: LeafTable,
  cuboid: Cuboid,
  code: number,
  { signed, law, open }: Scanned,
): Segment {
  const leaves: number[] = [];
  for (const [leaf, own] of cuboid.codes.entries()) {
    if (own === code && open[leaf]) leaves.push(leaf);
  }
  const deviations = leaves.map((leaf) => signed[leaf] ?? 0).sort((a, b) => a - b);
  const centre = deviations[Math.floor(deviations.length / 2)] ?? 0;
  const gains = [0.25, 0.5, 1, 2].map((times) => {
    const spread = Math.max(narrowest, times * law.sigma);
    // A cause moves its leaves by more than they differ; else they are a mixture of moved ones and others.
    if (centre < spread) return 0;
    return deviations.reduce((sum, one) => {
      const usual = law.logDensity(Math.abs(one));
      const moved = -(((one - centre) / spread) ** 2) / 2 - Math.log(spread) - logRoot;
      return sum + logOfBoth(Math.log(1 - untouched) + moved, Math.log(untouched) + usual) - usual;
    }, 0);
  });
  const gain = Math.max(...gains) - penaltyOf(cuboid, table);
  const [leaf = 0] = leaves;
  const text = cuboid.columns
    .map((column) => `${table.dimensions[column]}=${table.labels[column]?.[leaf]}`)
    .sort()
    .join("&");
  return { text, leaves, gain };
}

const narrowest = 1e-3;

const logRoot = Math.log(Math.sqrt(2 * Math.PI));

/** log(exp(a) + exp(b)), also where both are next to nothing. */
function logOfBoth(a: number, b: number): number {
  const most = Math.max(a, b);
  return most + Math.log(Math.exp(a - most) + Math.exp(b - most));
}
