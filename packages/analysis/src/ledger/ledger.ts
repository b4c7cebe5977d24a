import type { MatchedBaseline, Pieces } from "../baseline/matched-baseline.ts";
import { type Dimension, roleOf, versionDimensions } from "../dimensions.ts";
import { combined, Numbering, numberCount } from "../numbering.ts";
import {
  type CellTable,
  cellSums,
  cellWidth,
  costOfKindAt,
  type Labels,
  tokenKindCount,
} from "../reading/cell-table.ts";
import type { Variance, Variances } from "../reading/variance.ts";

/** What the search adds up, in doubles: for scores, not for amounts. Costs are in micro-dollars. */
export const sumNames = [
  "attempts",
  "logical",
  "uncached",
  "cacheRead",
  "cacheWrite",
  "output",
  "uncachedCost",
  "cacheReadCost",
  "cacheWriteCost",
  "outputCost",
  "otherCost",
  /** What the tokens would have cost at the baseline's prices of the same models. */
  "oldPriceCost",
  /** Squared costs of requests, as far as they are the slot's: how much chance there is in its cost. */
  "squares",
  /** The same as if each call were a request of its own. */
  "callSquares",
] as const;

export const width = sumNames.length;

/** Slots with their sums in each period: a slot is calls with the same labels, the baseline's under those of the window. */
export interface Ledger {
  readonly count: number;
  readonly dimensions: readonly Labels[];
  readonly contexts: Int32Array;
  /** Context and place in the agent run. */
  readonly strata: Int32Array;
  /** Whether they are the first calls of a run. */
  readonly isFirst: Uint8Array;
  /** Whose runs they belong to, and by which release. */
  readonly askers: Int32Array;
  /** Which of a run's calls they are, whoever asks. */
  readonly roles: Int32Array;
  /** For each piece, the number of its slot. */
  readonly slotOfPiece: Int32Array;
  readonly periods: readonly number[];
  /** By context: see `Variance`. */
  readonly variances: readonly (number | undefined)[];
  /** Of slot s in the nth period from (s * periods + n) * width on. */
  readonly sums: Float64Array;
}

const versionNames: readonly Dimension[] = versionDimensions;

export function toLedger(
  table: CellTable,
  { versions, pieces }: MatchedBaseline,
  variances: Variances,
): Ledger {
  const others = table.dimensions.filter(({ name }) => roleOf(name) !== "version");
  const bodies = combined([...others.map(({ codes }) => codes), table.steps.codes], table.count);
  const numbers = new Numbering<number>();
  const slotOfPiece = new Int32Array(pieces.count);
  const cellOfSlot: number[] = [];
  const versionOfSlot: number[] = [];
  for (let piece = 0; piece < pieces.count; piece += 1) {
    const cell = pieces.cells[piece] ?? 0;
    const version = pieces.versions[piece] ?? 0;
    const slot = numbers.of((bodies[cell] ?? 0) * 2 ** 26 + version);
    slotOfPiece[piece] = slot;
    if (slot < cellOfSlot.length) continue;
    cellOfSlot.push(cell);
    versionOfSlot.push(version);
  }
  const count = cellOfSlot.length;
  const ofContext = table.contextKeys.map((key) => variances.get(key));
  const ofCells = (codes: Int32Array) => Int32Array.from(cellOfSlot, (cell) => codes[cell] ?? 0);
  const dimensions = table.dimensions.map((labels) => {
    const nth = versionNames.indexOf(labels.name);
    const codes =
      nth < 0
        ? ofCells(labels.codes)
        : Int32Array.from(versionOfSlot, (version) => versions.codes[nth]?.[version] ?? 0);
    return { ...labels, codes };
  });
  const strata = ofCells(table.strata);
  const first = table.steps.values.indexOf("1");
  return {
    count,
    dimensions,
    contexts: ofCells(table.contexts),
    strata,
    isFirst: Uint8Array.from(cellOfSlot, (cell) => (table.steps.codes[cell] === first ? 1 : 0)),
    ...partsOf(dimensions, strata, count),
    slotOfPiece,
    periods: table.periods,
    sums: summed(table, pieces, slotOfPiece, count, ofContext),
    variances: ofContext.map((variance) => variance?.ofPeriod),
  };
}

/** The labels in two: those of a request, and those that tell its calls apart. */
function partsOf(dimensions: readonly Labels[], strata: Int32Array, count: number) {
  const isAskers = ({ name }: Labels) => name === "release" || roleOf(name) === "entity";
  const codes = ({ codes }: Labels) => codes;
  const rest = dimensions.filter((one) => !isAskers(one)).map(codes);
  return {
    askers: combined(dimensions.filter(isAskers).map(codes), count),
    roles: combined([strata, ...rest], count),
  };
}

function summed(
  table: CellTable,
  pieces: Pieces,
  slotOfPiece: Int32Array,
  slots: number,
  variances: readonly (Variance | undefined)[],
): Float64Array {
  const periods = table.periods.length;
  const sums = new Float64Array(slots * periods * width);
  const prices = oldPrices(table);
  for (let piece = 0; piece < pieces.count; piece += 1) {
    const cell = pieces.cells[piece] ?? 0;
    const share = pieces.shares[piece] ?? 0;
    const isWindow = pieces.inWindow[piece] === 1;
    for (let nth = isWindow ? 0 : 1; nth < (isWindow ? 1 : periods); nth += 1) {
      const from = (cell * periods + nth) * cellWidth;
      if (!table.sums[from]) continue;
      const to = ((slotOfPiece[piece] ?? 0) * periods + nth) * width;
      addCell(sums, to, table.sums, from, share, prices, table.priced[cell] ?? 0);
      const together = variances[table.contexts[cell] ?? 0]?.callsTogether ?? 1;
      const squares = (table.sums[from + cellSums.squares] ?? 0) * share;
      sums[to + 12] = (sums[to + 12] ?? 0) + squares * together;
      sums[to + 13] = (sums[to + 13] ?? 0) + squares;
    }
  }
  return sums;
}

function addCell(
  sums: Float64Array,
  to: number,
  cells: Float64Array,
  from: number,
  share: number,
  prices: Float64Array,
  priced: number,
): void {
  for (let index = 0; index < cellSums.costs; index += 1) {
    sums[to + index] = (sums[to + index] ?? 0) + (cells[from + index] ?? 0) * share;
  }
  let old = 0;
  for (let kind = 0; kind <= tokenKindCount; kind += 1) {
    const cost = costOfKindAt(cells, from, kind);
    sums[to + 6 + kind] = (sums[to + 6 + kind] ?? 0) + cost * share;
    const price =
      kind < tokenKindCount ? (prices[priced * tokenKindCount + kind] ?? 0) : Number.NaN;
    old += Number.isNaN(price) ? cost : price * (cells[from + cellSums.uncached + kind] ?? 0);
  }
  sums[to + 11] = (sums[to + 11] ?? 0) + old * share;
}

/** What a token of each kind cost in the baseline, by what its price hangs on; NaN where that is unknown. */
function oldPrices({ count, periods, sums, priced }: CellTable): Float64Array {
  const known = numberCount(priced);
  const tokens = new Float64Array(known * tokenKindCount);
  const costs = new Float64Array(known * tokenKindCount);
  for (let cell = 0; cell < count; cell += 1) {
    for (let nth = 1; nth < periods.length; nth += 1) {
      const from = (cell * periods.length + nth) * cellWidth;
      for (let kind = 0; kind < tokenKindCount; kind += 1) {
        const used = sums[from + cellSums.uncached + kind] ?? 0;
        if (used === 0) continue;
        const to = (priced[cell] ?? 0) * tokenKindCount + kind;
        tokens[to] = (tokens[to] ?? 0) + used;
        costs[to] = (costs[to] ?? 0) + costOfKindAt(sums, from, kind);
      }
    }
  }
  return costs.map((cost, index) =>
    (tokens[index] ?? 0) > 0 ? cost / (tokens[index] ?? 1) : Number.NaN,
  );
}
