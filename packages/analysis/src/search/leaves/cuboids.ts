import { combined } from "../../numbering.ts";
import type { Column, SpendTable } from "../spend-table.ts";

/** All sets of values of the same dimensions, one value of each. */
export interface Cuboid {
  readonly columns: readonly Column[];
  /** Of each row the number of its set, or -1 where one of its values is too small to be told. */
  readonly codes: Int32Array;
  readonly count: number;
}

/** With so many dimensions all their combinations are tried, with more only those of three or two. */
const mostCuboids = 255;

/** The combinations of dimensions that tell rows apart, those of few dimensions first. */
export function cuboidsOf({ columns, rows }: SpendTable): Cuboid[] {
  const telling = columns.filter(({ codes }) => codes.some((code) => code !== codes[0]));
  let chosen: Cuboid[] = [];
  let last: Cuboid[] = telling.map((column) => cuboidOf([column], rows));
  let grown = last;
  for (let length = 1; length <= telling.length; length += 1) {
    if (chosen.length + choices(telling.length, length) > mostCuboids) break;
    if (length > 1) {
      grown = last.flatMap((cuboid) =>
        telling
          .slice(telling.indexOf(cuboid.columns.at(-1) as Column) + 1)
          .map((column) => cuboidOf([...cuboid.columns, column], rows)),
      );
    }
    chosen = [...chosen, ...grown];
    last = grown;
  }
  return chosen;
}

function cuboidOf(columns: readonly Column[], rows: number): Cuboid {
  const codes = combined(
    columns.map((column) => column.codes.map((code) => code + 1)),
    rows,
  );
  let count = 0;
  for (let row = 0; row < rows; row += 1) {
    count = Math.max(count, (codes[row] ?? 0) + 1);
    if (columns.some((column) => (column.codes[row] ?? -1) < 0)) codes[row] = -1;
  }
  return { columns, codes, count };
}

/** How many ways there are to choose some of all. */
export function choices(all: number, some: number): number {
  let product = 1;
  for (let index = 1; index <= some; index += 1) product *= (all - some + index) / index;
  return product;
}
