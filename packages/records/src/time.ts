declare const brand: unique symbol;

/**
 * Microseconds since 1970-01-01 UTC, a whole number. A double holds them exactly until the year 2255.
 *
 * OTLP has nanoseconds; DuckDB's TIMESTAMP, which people's scripts read, has microseconds.
 */
export type UnixMicros = number & { readonly [brand]: "UnixMicros" };

/** The latest instant kept: 2255-01-01. Later ones, which only a broken clock sends, are set to it. */
export const latestMicros = (Date.UTC(2255, 0, 1) * 1000) as UnixMicros;

/** Whole microseconds since 1970 set to between 1970 and `latestMicros`. */
export function clampMicros(micros: number): UnixMicros {
  return Math.min(Math.max(micros, 0), latestMicros) as UnixMicros;
}
