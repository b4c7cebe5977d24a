import { UsageError } from "../errors.ts";

declare const brand: unique symbol;

/** An instant in RFC 3339, in UTC, with a fraction only where there is one: "2026-11-19T14:10:00Z". */
export type Instant = string & { readonly [brand]: "Instant" };

/** Milliseconds since 1970 as an instant. */
export function instantAt(millis: number): Instant {
  return new Date(millis).toISOString().replace(/\.?0*Z$/, "Z") as Instant;
}

export function millisOf(instant: Instant): number {
  return Date.parse(instant);
}

const units: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const ago = /^(\d{1,9})(s|m|h|d|w)$/;
const timeOfDay = /^\d{2}:\d{2}$/;
const date = /^\d{4}-\d{2}-\d{2}$/;
const dateTime =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?$/i;

/**
 * The instant that `text` means: so long ago (`90s`, `30m`, `2h`, `7d`, `2w`), `now`, a time of today
 * (`14:10`), a date, or RFC 3339. What names no zone is UTC.
 *
 * @param now milliseconds since 1970
 * @throws UsageError for any other text
 */
export function parseInstant(text: string, flag: string, now: number): Instant {
  const millis = millisFrom(text.trim(), now);
  // From 1970 to 2255, as times are kept.
  if (millis !== undefined && millis >= 0 && millis < Date.UTC(2255, 0, 1))
    return instantAt(millis);
  throw new UsageError(
    `--${flag} takes a time such as 2h, 7d, 14:10, 2026-11-19 or 2026-11-19T14:10Z (UTC), not "${text}".`,
  );
}

function millisFrom(text: string, now: number): number | undefined {
  if (text === "now") return now;
  const [, count, unit] = ago.exec(text) ?? [];
  if (count !== undefined) return now - Number(count) * (units[unit ?? ""] ?? Number.NaN);
  if (timeOfDay.test(text)) return calendarTime(instantAt(now).slice(0, 10), text, "", "Z");
  if (date.test(text)) return calendarTime(text, "00:00", "", "Z");
  const [, day, minutes, seconds = "", zone = "Z"] = dateTime.exec(text) ?? [];
  if (day === undefined || minutes === undefined) return undefined;
  return calendarTime(day, minutes, seconds, zone.toUpperCase());
}

/** `undefined` for a day that no calendar has: JavaScript would take 30 February for 2 March. */
function calendarTime(
  day: string,
  minutes: string,
  seconds: string,
  zone: string,
): number | undefined {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight) || instantAt(midnight).slice(0, 10) !== day) return undefined;
  const millis = Date.parse(`${day}T${minutes}${seconds || ":00"}${zone}`);
  return Number.isNaN(millis) ? undefined : millis;
}
