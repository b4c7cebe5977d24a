import type { ReadingCommand } from "../commands/reading-command.ts";
import type { Cell, Envelope } from "../envelope/envelope.ts";
import { toJson, toJsonLine } from "../envelope/write-json.ts";
import { toCsv } from "./csv.ts";
import { toMarkdown } from "./markdown.ts";
import type { Page } from "./table.ts";

export const formats = ["table", "json", "jsonl", "csv", "markdown"] as const;

export type Format = (typeof formats)[number];

/** Media types, for answers over HTTP. */
export const mediaTypes: Readonly<Record<Format, string>> = {
  table: "text/plain; charset=utf-8",
  json: "application/json",
  jsonl: "application/x-ndjson",
  csv: "text/csv; charset=utf-8",
  markdown: "text/markdown; charset=utf-8",
};

/** True where the window and the warnings are part of the text; elsewhere they are words beside it. */
export function saysAll(format: Format): boolean {
  return format === "json" || format === "markdown";
}

/** An answer as text, with a line feed at its end unless it is empty. */
export function render(
  envelope: Envelope,
  format: Format,
  command: Pick<ReadingCommand, "table" | "markdown">,
  page: Page,
): string {
  switch (format) {
    case "json":
      return `${toJson(envelope as unknown as Cell)}\n`;
    case "jsonl":
      return envelope.rows.map((row) => `${toJsonLine(row)}\n`).join("");
    case "csv":
      return toCsv(envelope.rows);
    case "markdown":
      return command.markdown?.(envelope, page.pasteable) ?? toMarkdown(envelope);
    case "table": {
      const text = command.table(envelope, page);
      return text === "" ? "" : `${text}\n`;
    }
  }
}
