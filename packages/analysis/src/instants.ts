export const hourMillis = 3_600_000;

/** Milliseconds since 1970 in RFC 3339, UTC, without a fraction where there is none. */
export function instantAt(millis: number): string {
  return new Date(millis).toISOString().replace(".000Z", "Z");
}
