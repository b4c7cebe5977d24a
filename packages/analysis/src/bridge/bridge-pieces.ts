import { picoUsd } from "@spancost/pricing";
import { addNumbers } from "../add-numbers.ts";
import type { Pieces } from "../baseline/matched-baseline.ts";
import type { Dimension } from "../dimensions.ts";
import { type CellTable, cellSums, cellWidth, labelOfCell } from "../reading/cell-table.ts";
import { type Piece, wholeWeight } from "./sides.ts";

/** Sums of whole numbers, exact; and of those shares of which is part of the whole, by weight. */
interface Group {
  readonly cell: number;
  readonly weight: bigint;
  readonly sums: Float64Array;
}

/**
 * Pieces of one side added up as far as a bridge cannot tell them apart.
 *
 * Cells of the same place, model and weight are added as whole numbers in doubles, which hold them exactly, and then
 * weighted once, in bigints: so nothing is rounded.
 *
 * @param only which pieces to take
 */
export function bridgePieces(
  table: CellTable,
  pieces: Pieces,
  inWindow: boolean,
  only: (piece: number) => boolean,
): Piece[] {
  const weights = weightsOf(pieces, inWindow, only);
  return summedUp(table, [...weights.keys()], (cell) => weights.get(cell) ?? 0n, inWindow);
}

/** All of one side. */
export function wholePieces(table: CellTable, inWindow: boolean): Piece[] {
  const cells = Array.from({ length: table.count }, (_, cell) => cell);
  return summedUp(table, cells, () => wholeWeight, inWindow).filter(({ cell }) => cell.calls > 0n);
}

/** @param weightOf of each cell the part of it that is taken */
function summedUp(
  table: CellTable,
  cells: readonly number[],
  weightOf: (cell: number) => bigint,
  inWindow: boolean,
): Piece[] {
  const groups = new Map<number, Map<bigint, Group>>();
  const { periods, sums, strata, priced } = table;
  for (const cell of cells) {
    const weight = weightOf(cell);
    const key = (strata[cell] ?? 0) * 2 ** 26 + (priced[cell] ?? 0);
    const ofKey = groups.get(key) ?? new Map<bigint, Group>();
    groups.set(key, ofKey);
    const group = ofKey.get(weight) ?? { cell, weight, sums: new Float64Array(cellWidth) };
    ofKey.set(weight, group);
    for (let nth = inWindow ? 0 : 1; nth < (inWindow ? 1 : periods.length); nth += 1) {
      addNumbers(group.sums, 0, sums, (cell * periods.length + nth) * cellWidth, cellWidth);
    }
  }
  return [...groups.values()].flatMap((ofKey) =>
    [...ofKey.values()].map((one) => toPiece(table, one)),
  );
}

/** Of each cell the part of it that is taken. */
function weightsOf(
  { count, cells, weights, inWindow }: Pieces,
  ofWindow: boolean,
  only: (piece: number) => boolean,
): Map<number, bigint> {
  const taken = new Map<number, bigint>();
  for (let piece = 0; piece < count; piece += 1) {
    if ((inWindow[piece] === 1) !== ofWindow || !only(piece)) continue;
    const cell = cells[piece] ?? 0;
    taken.set(cell, (taken.get(cell) ?? 0n) + (weights[piece] ?? 0n));
  }
  return taken;
}

function toPiece(table: CellTable, { cell, weight, sums }: Group): Piece {
  const { dimensions, steps, priced } = table;
  const label = (name: Dimension) => labelOfCell(dimensions, name, cell);
  const count = (index: number) => BigInt(sums[index] ?? 0);
  const cost = (kind: number) => {
    const at = cellSums.costs + 2 * kind;
    return picoUsd(BigInt(sums[at] ?? 0) * 1_000_000n + BigInt(sums[at + 1] ?? 0));
  };
  return {
    cell: {
      labels: {
        feature: label("feature"),
        environment: label("environment"),
        service: label("service"),
        model: label("model"),
      },
      priced: String(priced[cell]),
      step: steps.values[steps.codes[cell] ?? 0] ?? "1",
      calls: count(cellSums.calls),
      logicalCalls: count(cellSums.logical),
      tokens: {
        uncached: count(cellSums.uncached),
        cacheRead: count(cellSums.cacheRead),
        cacheWrite: count(cellSums.cacheWrite),
        output: count(cellSums.output),
      },
      cost: { uncached: cost(0), cacheRead: cost(1), cacheWrite: cost(2), output: cost(3) },
      otherCost: cost(4),
    },
    weight,
  };
}
