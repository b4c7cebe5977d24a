import {
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from "@duckdb/node-api";

/** A value of a result: decimals and times as exact texts, whole numbers as numbers where one holds them. */
export type SqlValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly SqlValue[]
  | { readonly [key: string]: SqlValue };

/** A value as DuckDB gives it, as ours. */
export function toSqlValue(value: DuckDBValue | undefined): SqlValue {
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
  if (typeof value !== "object") return value;
  if (value instanceof DuckDBDecimalValue) return value.toString();
  if (value instanceof DuckDBTimestampValue) return isoTime(value.micros);
  if (value instanceof DuckDBTimestampTZValue) return isoTime(value.micros);
  if (value instanceof DuckDBListValue) return value.items.map(toSqlValue);
  if (value instanceof DuckDBStructValue) return objectOf(Object.entries(value.entries));
  if (value instanceof DuckDBMapValue) {
    return objectOf(value.entries.map((entry) => [String(entry.key), entry.value]));
  }
  return String(value);
}

function objectOf(entries: readonly (readonly [string, DuckDBValue])[]): SqlValue {
  return Object.fromEntries(entries.map(([key, value]) => [key, toSqlValue(value)]));
}

/** RFC 3339 in UTC, with a fraction only where there is one. */
function isoTime(micros: bigint): string {
  const millis = new Date(Number(micros / 1000n)).toISOString();
  const fraction = (((micros % 1_000_000n) + 1_000_000n) % 1_000_000n).toString().padStart(6, "0");
  const whole = millis.slice(0, 19);
  return fraction === "000000" ? `${whole}Z` : `${whole}.${fraction.replace(/0+$/, "")}Z`;
}
