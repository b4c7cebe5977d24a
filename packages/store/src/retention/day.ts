import type { UnixMicros } from "@spancost/records";

declare const brand: unique symbol;

/** A whole UTC day, as days since 1970-01-01. */
export type Day = number & { readonly [brand]: "Day" };

const microsPerDay = 86_400_000_000;

/** The day of an instant, given in milliseconds since 1970. */
export function dayAt(millis: number): Day {
  return Math.floor(millis / 86_400_000) as Day;
}

/** The first instant of a day. */
export function startOf(day: Day): UnixMicros {
  return (day * microsPerDay) as UnixMicros;
}

export function dayAfter(day: Day): Day {
  return (day + 1) as Day;
}

/** "2026-11-19". */
export function dayText(day: Day): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/**
 * The first instant of a day as a constant in SQL: with constants, unlike with parameters of a join, DuckDB passes
 * over the row groups of other days.
 */
export function instantSql(day: Day): string {
  return `timestamp '${dayText(day)}'`;
}

/** Of two days the later; `undefined` is before all. */
export function laterOf(a: Day | undefined, b: Day | undefined): Day | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.max(a, b) as Day;
}
