import type { Envelope, Row } from "../envelope/envelope.ts";
import { windowText } from "../flags/window.ts";
import { cellText, isNumeric } from "./cells.ts";
import { columnsOf } from "./csv.ts";

/** The rows as a Markdown table under a line that says the window; warnings below. */
export function toMarkdown(envelope: Envelope): string {
  const { window, rows, warnings } = envelope;
  const parts = [
    ...(window === null ? [] : [`Window: ${windowText(window)}`]),
    ...(rows.length === 0 ? [] : [markdownTable(rows)]),
    ...(warnings.length === 0
      ? []
      : [warnings.map((warning) => `- ${escaped(warning)}`).join("\n")]),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** Numbers at the right, texts at the left. */
export function markdownTable(rows: readonly Row[]): string {
  const columns = columnsOf(rows);
  const line = (texts: readonly string[]) => `| ${texts.join(" | ")} |`;
  return [
    line(columns.map(escaped)),
    line(columns.map((column) => (isNumeric(column, rows) ? "---:" : "---"))),
    ...rows.map((row) =>
      line(columns.map((column) => escaped(cellText(column, row[column] ?? null)))),
    ),
  ].join("\n");
}

/** `text` as text: no letter of it is taken for Markdown or HTML. */
export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replace(/[\\`*_{}[\]|#]/g, "\\$&");
}
