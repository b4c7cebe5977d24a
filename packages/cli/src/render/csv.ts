import type { Cell, Row } from "../envelope/envelope.ts";
import { ExactNumber } from "../envelope/exact-number.ts";
import { toJsonLine } from "../envelope/write-json.ts";

/**
 * The rows as CSV with a line of names: unknown is empty, numbers have all their digits.
 *
 * Lines end as shells expect, not with RFC 4180's carriage return, which ends up in what `cut` gives.
 */
export function toCsv(rows: readonly Row[]): string {
  const columns = columnsOf(rows);
  if (columns.length === 0) return "";
  const lines = rows.map((row) => columns.map((column) => field(row[column] ?? null)));
  return [columns.map(quoted), ...lines].map((fields) => `${fields.join(",")}\n`).join("");
}

/** Every column that a row has, in the order in which they are met. */
export function columnsOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

function field(value: Cell): string {
  if (value === null) return "";
  if (typeof value === "string") return quoted(value);
  if (typeof value !== "object" || value instanceof ExactNumber) return String(value);
  return quoted(toJsonLine(value));
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
