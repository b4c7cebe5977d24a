import type { QueryEnvelope } from "../commands/query.ts";
import type { Cell } from "../envelope/envelope.ts";
import { ExactNumber } from "../envelope/exact-number.ts";
import { cellText, isNumeric } from "./cells.ts";
import { type Page, table } from "./table.ts";
import { pad, textWidth } from "./text-width.ts";

/** A single row with more columns than this is shown with a line per column. */
const columnsInARow = 8;

/** The rows of a query: a table, or of a single wide row a line per column. */
export function queryTable({ columns, rows }: QueryEnvelope, page: Page): string {
  const names = columns.map(({ name }) => name);
  const decimals = new Set(
    columns.filter(({ type }) => type.startsWith("DECIMAL")).map(({ name }) => name),
  );
  const textOf = (name: string, value: Cell = null) =>
    cellText(name, decimals.has(name) ? exact(value) : value, page.zone);
  const [first] = rows;
  if (first === undefined) return "";
  if (rows.length === 1 && names.length > columnsInARow) {
    const width = Math.max(...names.map(textWidth));
    return names
      .map((name) => {
        const title = page.style("dim", pad(name, width, "left"));
        return `${title}  ${textOf(name, first[name])}`;
      })
      .join("\n");
  }
  return table(
    names.map((name) => ({
      title: name,
      side: isNumeric(name, rows) ? "right" : "left",
      flexible: !isNumeric(name, rows),
    })),
    rows.map((row) => ({
      texts: names.map((name) => textOf(name, row[name])),
    })),
    page,
  );
}

/** What a receiver sends of a decimal is a number in JSON, read as one where a double holds it: its digits count all the same. */
function exact(value: Cell): Cell {
  return typeof value === "number" ? new ExactNumber(String(value)) : value;
}
