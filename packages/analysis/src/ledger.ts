import { wholeWeight } from "./bridge.ts";
import { contextOf, keyOf, kindKeyOf, type PeriodCell, tokenKinds } from "./cells.ts";
import { type Dimension, type Labels, roleOf } from "./dimensions.ts";
import type { LabelledPiece } from "./matched-baseline.ts";

/** What the search adds up, in doubles: for scores, not for amounts. */
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
] as const;

export const width = sumNames.length;

/** Calls with the same labels at the same place, the baseline's under the versions of the window. */
export interface Slot {
  readonly labels: Labels;
  readonly context: string;
  /** Feature, environment and place in the agent run. */
  readonly stratum: string;
  /** Whether they are the first calls of a run. */
  readonly isFirst: boolean;
  /** Whose runs they belong to, and by which release. */
  readonly asker: string;
  /** Which of a run's calls they are, whoever asks. */
  readonly role: string;
}

/** Slots with their sums in each period. */
export interface Ledger {
  readonly slots: readonly Slot[];
  /** For each piece, the number of its slot. */
  readonly slotOfPiece: readonly number[];
  /** The numbers of the periods, that of the window, 0, first. */
  readonly periods: readonly number[];
  /** Of slot s in the nth period from (s * periods + n) * width on. */
  readonly sums: Float64Array;
}

/**
 * @param cells by period
 * @param pieces of the same cells, merged over the baseline
 */
export function toLedger(
  cells: readonly PeriodCell[],
  pieces: readonly LabelledPiece[],
  baselinePeriods: readonly number[],
): Ledger {
  const periods = [0, ...baselinePeriods];
  const nthOf = new Map(periods.map((period, nth) => [period, nth]));
  const byKind = new Map<string, PeriodCell[]>();
  for (const cell of cells) {
    const key = kindKeyOf(cell);
    const known = byKind.get(key);
    if (known) known.push(cell);
    else byKind.set(key, [cell]);
  }
  const slots: Slot[] = [];
  const numbers = new Map<string, number>();
  const slotOfPiece = pieces.map(({ cell, labels }) => {
    const key = kindKeyOf({ labels, priced: "", step: cell.step });
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const context = contextOf(labels);
    numbers.set(key, slots.length);
    const isFirst = cell.step === "1";
    const stratum = `${context} ${cell.step}`;
    slots.push({ labels, context, stratum, isFirst, ...partsOf(labels, stratum) });
    return slots.length - 1;
  });
  const sums = new Float64Array(slots.length * periods.length * width);
  const prices = oldPrices(cells);
  for (const [index, { cell, weight }] of pieces.entries()) {
    const share = Number(weight) / Number(wholeWeight);
    for (const one of byKind.get(kindKeyOf(cell)) ?? []) {
      const nth = nthOf.get(one.period);
      if (nth === undefined || (nth === 0) !== cell.inWindow) continue;
      addTo(sums, ((slotOfPiece[index] ?? 0) * periods.length + nth) * width, one, share, prices);
    }
  }
  return { slots, slotOfPiece, periods, sums };
}

/** The labels in two: those of a request, and those that tell its calls apart. */
function partsOf(labels: Labels, stratum: string): Pick<Slot, "asker" | "role"> {
  const asker: (string | null)[] = [];
  const role: (string | null)[] = [stratum];
  for (const [name, value] of Object.entries(labels)) {
    const isAskers = name === "release" || roleOf(name as Dimension) === "entity";
    (isAskers ? asker : role).push(value);
  }
  return { asker: keyOf(asker), role: keyOf(role) };
}

function addTo(
  sums: Float64Array,
  at: number,
  cell: PeriodCell,
  share: number,
  prices: ReadonlyMap<string, number>,
): void {
  const add = (nth: number, value: number) => {
    sums[at + nth] = (sums[at + nth] ?? 0) + value * share;
  };
  add(0, Number(cell.calls));
  add(1, Number(cell.logicalCalls));
  add(10, Number(cell.otherCost));
  let old = Number(cell.otherCost);
  for (const [nth, kind] of tokenKinds.entries()) {
    const tokens = Number(cell.tokens[kind]);
    const cost = Number(cell.cost[kind]);
    add(2 + nth, tokens);
    add(6 + nth, cost);
    const price = prices.get(keyOf([cell.priced, kind]));
    old += price === undefined ? cost : price * tokens;
  }
  add(11, old);
}

/** What a token of each kind cost in the baseline, by what its price hangs on. */
function oldPrices(cells: readonly PeriodCell[]): Map<string, number> {
  const sums = new Map<string, { tokens: number; cost: number }>();
  for (const cell of cells) {
    if (cell.period === 0) continue;
    for (const kind of tokenKinds) {
      if (cell.tokens[kind] === 0n) continue;
      const key = keyOf([cell.priced, kind]);
      const sum = sums.get(key) ?? { tokens: 0, cost: 0 };
      sums.set(key, sum);
      sum.tokens += Number(cell.tokens[kind]);
      sum.cost += Number(cell.cost[kind]);
    }
  }
  return new Map([...sums].map(([key, { tokens, cost }]) => [key, cost / tokens]));
}
