import { UsageError } from "../errors.ts";
import { instantOfClock, type TimeZone } from "./time-zone.ts";

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
  y: 31_536_000_000,
};

const ago = /^(\d{1,9})(s|m|h|d|w|y)$/;
const timeOfDay = /^\d{2}:\d{2}$/;
const date = /^\d{4}-\d{2}-\d{2}$/;
const dateTime =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?$/i;

/**
 * The instant that `text` means: so long ago (`90s`, `30m`, `2h`, `7d`, `2w`, `1y` of 365 days), `now`, `today` and
 * `yesterday` from their midnight on, a time of today (`14:10`), a date, or RFC 3339.
 *
 * @param now milliseconds since 1970
 * @param zone of what names none
 * @throws UsageError for any other text
 */
export function parseInstant(text: string, flag: string, now: number, zone: TimeZone): Instant {
  const millis = millisFrom(text.trim(), now, zone);
  // From 1970 to 2255, as times are kept.
  if (millis !== undefined && millis >= 0 && millis < Date.UTC(2255, 0, 1))
    return instantAt(millis);
  if (millis !== undefined) {
    const bound = millis < 0 ? "before 1970" : "after 2254";
    throw new UsageError(
      `--${flag} ${text} is ${bound}, and no span can be. Times are such as 30d, 52w, 5y or 2026-11-19.`,
    );
  }
  throw new UsageError(
    `--${flag} takes a time such as 2h, 7d, 14:10, 2026-11-19 or 2026-11-19T14:10Z (${zone.name}), not "${text}".`,
  );
}

function millisFrom(text: string, now: number, zone: TimeZone): number | undefined {
  if (text === "now") return now;
  const [, count, unit] = ago.exec(text) ?? [];
  if (count !== undefined) return now - Number(count) * (units[unit ?? ""] ?? Number.NaN);
  // Of clocks: a day on which they change has 23 or 25 hours.
  const dayBefore = (days: number) => instantAt(zone.clockAt(now) - days * 86_400_000).slice(0, 10);
  if (timeOfDay.test(text)) return clockTime(dayBefore(0), text, "", zone);
  if (text === "today") return clockTime(dayBefore(0), "00:00", "", zone);
  if (text === "yesterday") return clockTime(dayBefore(1), "00:00", "", zone);
  if (date.test(text)) return clockTime(text, "00:00", "", zone);
  const [, day, minutes, seconds = "", offset] = dateTime.exec(text) ?? [];
  if (day === undefined || minutes === undefined) return undefined;
  return offset === undefined
    ? clockTime(day, minutes, seconds, zone)
    : calendarTime(day, minutes, seconds, offset.toUpperCase());
}

function clockTime(
  day: string,
  minutes: string,
  seconds: string,
  zone: TimeZone,
): number | undefined {
  const clock = calendarTime(day, minutes, seconds, "Z");
  return clock === undefined ? undefined : instantOfClock(zone, clock);
}

/** `undefined` for a day that no calendar has: JavaScript would take 30 February for 2 March. */
function calendarTime(
  day: string,
  minutes: string,
  seconds: string,
  offset: string,
): number | undefined {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight) || instantAt(midnight).slice(0, 10) !== day) return undefined;
  const millis = Date.parse(`${day}T${minutes}${seconds || ":00"}${offset}`);
  return Number.isNaN(millis) ? undefined : millis;
}
