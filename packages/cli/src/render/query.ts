import type { QueryEnvelope } from "../commands/query.ts";
import type { Cell } from "../envelope/envelope.ts";
import { ExactNumber } from "../envelope/exact-number.ts";
import { cellText, isNumeric } from "./cells.ts";
import { recordBlocks } from "./records.ts";
import { type Column, fits, type Line, type Page, table } from "./table.ts";
import { wrapped } from "./text-width.ts";

/** A single row with more columns than this is shown with a line per column. */
const columnsInARow = 8;

/**
 * The rows of a query: a table, or a line per column of a single wide row. Where the page is too narrow, columns that are
 * alike in all rows are told once below; is it still, there is a line per column with the rows side by side.
 */
export function queryTable({ columns, rows, no_data }: QueryEnvelope, page: Page): string {
  // Of a window without calls a warning says more.
  if (rows.length === 0) return no_data === true ? "" : "No rows.";
  const names = columns.map(({ name }) => name);
  const decimals = new Set(
    columns.filter(({ type }) => type.startsWith("DECIMAL")).map(({ name }) => name),
  );
  const textOf = (name: string, value: Cell = null) =>
    cellText(name, decimals.has(name) ? exact(value) : value, page.zone);
  const shown = names.map((name): Column => {
    const isRight = isNumeric(name, rows);
    // Of a time that is cut, the day is left.
    const isTime = columns.some((each) => each.name === name && each.type.startsWith("TIMESTAMP"));
    return { title: name, side: isRight ? "right" : "left", flexible: !isRight && !isTime };
  });
  const lines = rows.map((row) => ({ texts: names.map((name) => textOf(name, row[name])) }));
  const isOneWide = rows.length === 1 && names.length > columnsInARow;
  if (!isOneWide && fits(shown, lines, page)) return table(shown, lines, page);
  const alike = alikeIn(lines);
  const left = names.map((_, index) => index).filter((index) => !alike.includes(index));
  const columnsLeft = left.flatMap((index) => shown[index] ?? []);
  const linesLeft = lines.map(({ texts }) => ({ texts: left.map((index) => texts[index] ?? "") }));
  const isTable = !isOneWide && fits(columnsLeft, linesLeft, page);
  const told = isTable
    ? table(columnsLeft, linesLeft, page)
    : recordBlocks(
        columnsLeft.map(({ title }) => title),
        linesLeft.map(({ texts }) => texts),
        page,
      );
  if (alike.length === 0) return told;
  const same = alike.map((index) => `${names[index]}=${lines[0]?.texts[index]}`).join(", ");
  const below = wrapped(`Alike in all ${lines.length} rows: ${same}`, page.width);
  return [told, "", ...below.map((line) => page.style("dim", line))].join("\n");
}

/** The places of columns that read the same in all of several lines, unless that is all there is to read. */
function alikeIn(lines: readonly Line[]): readonly number[] {
  const [first] = lines;
  if (first === undefined || lines.length === 1) return [];
  const places = first.texts.map((_, index) => index);
  const alike = places.filter((index) =>
    lines.every(({ texts }) => texts[index] === first.texts[index]),
  );
  return alike.length === places.length ? [] : alike;
}

/** What a receiver sends of a decimal is a number in JSON, read as one where a double holds it: its digits count all the same. */
function exact(value: Cell): Cell {
  return typeof value === "number" ? new ExactNumber(String(value)) : value;
}
