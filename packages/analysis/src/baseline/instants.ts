export const hourMillis = 3_600_000;

export const dayMicros = 86_400_000_000n;

/** Days that so many microseconds need: a part of a day is one. */
export function daysIn(micros: bigint): bigint {
  return (micros + dayMicros - 1n) / dayMicros;
}

/** Milliseconds since 1970 in RFC 3339, UTC, without a fraction where there is none. */
export function instantAt(millis: number): string {
  return new Date(millis).toISOString().replace(".000Z", "Z");
}
