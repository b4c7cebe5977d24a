import type { QueryEnvelope } from "../commands/query.ts";
import type { Cell } from "../envelope/envelope.ts";
import { ExactNumber } from "../envelope/exact-number.ts";
import { cellText, isNumeric } from "./cells.ts";
import { type Column, fits, type Page, table } from "./table.ts";
import { pad, textWidth } from "./text-width.ts";

/** A single row with more columns than this is shown with a line per column. */
const columnsInARow = 8;

/** The rows of a query: a table; of a single wide row, or where the page is too narrow, a line per column. */
export function queryTable({ columns, rows }: QueryEnvelope, page: Page): string {
  const names = columns.map(({ name }) => name);
  const decimals = new Set(
    columns.filter(({ type }) => type.startsWith("DECIMAL")).map(({ name }) => name),
  );
  const textOf = (name: string, value: Cell = null) =>
    cellText(name, decimals.has(name) ? exact(value) : value, page.zone);
  if (rows.length === 0) return "";
  const shown = names.map((name): Column => {
    const isRight = isNumeric(name, rows);
    // Of a time that is cut, the day is left.
    const isTime = columns.some((each) => each.name === name && each.type.startsWith("TIMESTAMP"));
    return { title: name, side: isRight ? "right" : "left", flexible: !isRight && !isTime };
  });
  const lines = rows.map((row) => ({ texts: names.map((name) => textOf(name, row[name])) }));
  const isOneWide = rows.length === 1 && names.length > columnsInARow;
  if (!isOneWide && fits(shown, lines, page)) return table(shown, lines, page);
  const width = Math.max(...names.map(textWidth));
  return lines
    .map(({ texts }) =>
      names
        .map((name, index) => {
          const title = page.style("dim", pad(name, width, "left"));
          return `${title}  ${texts[index]}`;
        })
        .join("\n"),
    )
    .join("\n\n");
}

/** What a receiver sends of a decimal is a number in JSON, read as one where a double holds it: its digits count all the same. */
function exact(value: Cell): Cell {
  return typeof value === "number" ? new ExactNumber(String(value)) : value;
}
