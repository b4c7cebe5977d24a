import { shortUsd, usdFromText } from "@spancost/pricing";
import type { Cell, Row } from "../envelope/envelope.ts";
import { ExactNumber } from "../envelope/exact-number.ts";
import { toJsonLine } from "../envelope/write-json.ts";
import { type TimeZone, utc } from "../flags/time-zone.ts";
import { plain } from "../flags/window.ts";
import { harmless } from "./text-width.ts";

/** What stands where a value is unknown or does not apply. Money that is unknown says so in words. */
export const nothing = "–";

/** A value as people read it, by what its column's name says of it. */
export function cellText(column: string, value: Cell, zone: TimeZone = utc): string {
  if (column.endsWith("_usd")) return money(value);
  if (value === null || value === undefined) return nothing;
  if (typeof value === "string") return isInstant(value) ? plain(value, zone) : harmless(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "object" && !(value instanceof ExactNumber)) {
    return harmless(toJsonLine(value));
  }
  if (isShare(column)) return percent(Number(value));
  if (column.endsWith("_ms")) return duration(Number(value));
  return numberText(value);
}

/** True for columns that stand at the right: numbers. */
export function isNumeric(column: string, rows: readonly Row[]): boolean {
  if (column.endsWith("_usd")) return true;
  const known = rows.map((row) => row[column]).filter((value) => value !== null);
  return (
    known.length > 0 &&
    known.every((value) => typeof value === "number" || value instanceof ExactNumber)
  );
}

/** "$1,234.56", "$0.0012", "unknown": see `shortUsd`. */
export function money(value: Cell | undefined): string {
  if (value === null || value === undefined) return "unknown";
  return shortUsd(usdFromText(String(value)));
}

/** The same with its sign, as a change is shown. */
export function moneyChange(value: Cell | undefined): string {
  const text = money(value);
  return /^\$.*[1-9]/.test(text) ? `+${text}` : text;
}

/** "43.1 %"; of what is below a tenth of a percent, "<0.1 %". */
export function percent(share: number): string {
  const tenths = Math.round(share * 1000);
  if (share > 0 && tenths === 0) return "<0.1 %";
  // 99.96 % is not all.
  if (share < 1 && tenths === 1000) return "99.9 %";
  return tenths === 0 || tenths === 1000 ? `${tenths / 10} %` : `${(tenths / 10).toFixed(1)} %`;
}

/** "850 ms", "12.3 s", "4 min 10 s", "3 h 25 min". */
export function duration(millis: number): string {
  if (millis < 1000) return `${Math.round(millis)} ms`;
  if (millis < 59_950) return `${(millis / 1000).toFixed(1)} s`;
  const seconds = Math.round(millis / 1000);
  if (seconds < 3600) return twoUnits(seconds, 60, "min", "s");
  const minutes = Math.round(seconds / 60);
  return minutes < 2 * 1440
    ? twoUnits(minutes, 60, "h", "min")
    : twoUnits(Math.round(minutes / 60), 24, "d", "h");
}

function twoUnits(amount: number, size: number, large: string, small: string): string {
  const rest = amount % size;
  const whole = `${Math.floor(amount / size)} ${large}`;
  return rest === 0 ? whole : `${whole} ${rest} ${small}`;
}

/** "1,234,567"; fractions to four significant digits. */
export function numberText(value: number | ExactNumber): string {
  const text = String(value);
  if (/^-?\d+$/.test(text)) return text.replace(/\B(?=(?:\d{3})+$)/g, ",");
  if (value instanceof ExactNumber) return text;
  const digits = Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
  return digits.toLocaleString("en-US", { maximumFractionDigits: 12 });
}

/** "12.3 M", "4.5 k", "812": tokens, where the exact count is not the point. */
export function rough(value: Cell | undefined): string {
  if (value === null || value === undefined) return nothing;
  const amount = Number(value);
  if (amount < 10_000) return numberText(amount);
  const [size, unit] =
    amount < 999_950 ? [1e3, "k"] : amount < 999_950_000 ? [1e6, "M"] : [1e9, "G"];
  return `${(amount / size).toFixed(1)} ${unit}`;
}

function isShare(column: string): boolean {
  return /(^|_)share(_|$)/.test(column);
}

function isInstant(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/.test(text);
}
