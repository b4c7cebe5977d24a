import type { QueryEnvelope } from "../commands/query.ts";
import { cellText, isNumeric } from "./cells.ts";
import { type Page, table } from "./table.ts";
import { pad, textWidth } from "./text-width.ts";

/** A single row with more columns than this is shown with a line per column. */
const columnsInARow = 8;

/** The rows of a query: a table, or of a single wide row a line per column. */
export function queryTable({ columns, rows }: QueryEnvelope, page: Page): string {
  const names = columns.map(({ name }) => name);
  const [first] = rows;
  if (first === undefined) return "";
  if (rows.length === 1 && names.length > columnsInARow) {
    const width = Math.max(...names.map(textWidth));
    return names
      .map((name) => {
        const title = page.style("dim", pad(name, width, "left"));
        return `${title}  ${cellText(name, first[name] ?? null, page.zone)}`;
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
      texts: names.map((name) => cellText(name, row[name] ?? null, page.zone)),
    })),
    page,
  );
}
