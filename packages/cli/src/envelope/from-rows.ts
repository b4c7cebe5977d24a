import type { Rows, SqlValue } from "@spancost/store";
import type { Cell, Row } from "./envelope.ts";
import { ExactNumber } from "./exact-number.ts";

/** Rows of a query as rows of an answer: decimals, which the store gives as texts, become numbers. */
export function toRows({ columns, rows }: Rows): Row[] {
  const convert = columns.map(({ name, type }) => ({
    name,
    isDecimal: type.startsWith("DECIMAL"),
  }));
  return rows.map((row) =>
    Object.fromEntries(
      convert.map(({ name, isDecimal }) => [name, toCell(row[name] ?? null, isDecimal)]),
    ),
  );
}

function toCell(value: SqlValue, isDecimal: boolean): Cell {
  if (typeof value === "bigint") return new ExactNumber(String(value));
  if (typeof value === "string") return isDecimal ? new ExactNumber(value) : value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map((entry) => toCell(entry, false));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, toCell(member, false)]),
    );
  }
  return value as Cell;
}
