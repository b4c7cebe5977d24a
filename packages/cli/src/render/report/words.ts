import type { Table, Text } from "@spancost/web";
import type { Cell, Row } from "../../envelope/envelope.ts";
import { money, moneyChange, numberText, percent } from "../cells.ts";
import { harmless } from "../text-width.ts";

/** A cell as a number; `undefined` for null. Exact amounts become doubles: for pictures and comparisons. */
export function numberOf(cell: Cell | undefined): number | undefined {
  return cell === null || cell === undefined ? undefined : Number(cell);
}

/** A cell as text of a report: of other people's traffic, so without what a reader would not see. */
export function textOf(cell: Cell | undefined): string {
  return cell === null || cell === undefined ? "" : harmless(String(cell));
}

/** A cell that is a row. */
export function rowOf(cell: Cell | undefined): Row {
  return (cell ?? {}) as Row;
}

/** A cell that is a list of rows. */
export function rowsOf(cell: Cell | undefined): readonly Row[] {
  return (cell ?? []) as readonly Row[];
}

/** A number to three significant digits; large ones whole. */
export function short(value: number | undefined): string {
  if (value === undefined) return "–";
  if (Math.abs(value) >= 1000) return numberText(Math.round(value));
  return numberText(Number(value.toPrecision(3)));
}

/** A share, of which a small one may be below 0. */
export function share(value: number | undefined): string {
  if (value === undefined) return "–";
  // A small share is small, whichever way it goes; the money beside it has the sign.
  return value > -0.0005 ? percent(Math.abs(value)) : `−${percent(-value)}`;
}

/** "3.3 times", "12 times". */
export function times(ratio: number): string {
  return `${ratio.toFixed(ratio < 10 ? 1 : 0)} times`;
}

/** A table from titles, right-hand ones marked with ">", and lines of cells. */
export function tableOf(
  titles: readonly string[],
  lines: readonly (readonly (string | Text)[])[],
  total?: readonly string[],
): Table {
  const toCells = (line: readonly (string | Text)[]) =>
    line.map((cell): Text => (typeof cell === "string" ? [cell] : cell));
  return {
    columns: titles.map((title) => ({
      title: title.replace(/^>/, ""),
      side: title.startsWith(">") ? "right" : "left",
    })),
    rows: [
      ...lines.map((line) => ({ cells: toCells(line) })),
      ...(total === undefined ? [] : [{ cells: toCells(total), isTotal: true }]),
    ],
  };
}

/** "5 requests", "1 request". */
export function counted(amount: number, one: string, many = `${one}s`): string {
  return `${numberText(amount)} ${amount === 1 ? one : many}`;
}

export { money, moneyChange, percent };
