import { dayMillis } from "../durations.ts";
import { UsageError } from "../errors.ts";
import { didYouMean } from "../suggest.ts";
import type { Texts } from "./texts.ts";

/**
 * Where people's clocks stand: how a time without a zone is read, on which day a call was, and how times are
 * printed in tables. Answers as data are in UTC whatever the zone is.
 */
export interface TimeZone {
  /** As the IANA time zone database has it: "Europe/Berlin". */
  readonly name: string;
  /** What clocks there show at an instant, in milliseconds as if they stood in UTC. */
  clockAt(millis: number): number;
}

export const utc: TimeZone = { name: "UTC", clockAt: (millis) => millis };

/** The zone of `--timezone`; UTC without one. @throws UsageError for a name that is none */
export function zoneOf(texts: Pick<Texts, "one">): TimeZone {
  const name = texts.one("timezone");
  return name === undefined ? utc : parseZone(name);
}

/** @throws UsageError for a name that is none; an offset such as +02:00 has no summer time, and is none either */
export function parseZone(text: string): TimeZone {
  if (text.toUpperCase() === "UTC") return utc;
  const format = /^[a-z]/i.test(text) ? clockFormat(text) : undefined;
  if (format === undefined) {
    const near = didYouMean(text, Intl.supportedValuesOf("timeZone"));
    throw new UsageError(
      `--timezone takes the name of a zone such as UTC, Europe/Berlin or America/New_York, not "${text}".${near}`,
    );
  }
  const { timeZone: known } = format.resolvedOptions();
  // Of a zone that has two names, the one that was typed.
  const name = known.toLowerCase() === text.toLowerCase() ? known : text;
  return { name, clockAt: (millis) => clockAt(format, millis) };
}

function clockFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "iso8601",
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function clockAt(format: Intl.DateTimeFormat, millis: number): number {
  const parts = new Map(format.formatToParts(millis).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
  const [year, month, day] = [part("year"), part("month"), part("day")];
  const whole = Date.UTC(year, month - 1, day, part("hour"), part("minute"), part("second"));
  return whole + (((millis % 1000) + 1000) % 1000);
}

/**
 * The instant at which clocks of the zone show `clock`. Where they show it twice, as summer time ends, it is the first
 * time; where they jump over it, as summer time begins, as long after the jump: the rules of `Temporal`.
 */
export function instantOfClock(zone: TimeZone, clock: number): number {
  const offsetAt = (millis: number) => zone.clockAt(millis) - millis;
  const [before, after] = [offsetAt(clock - dayMillis), offsetAt(clock + dayMillis)];
  const fitting = [clock - before, clock - after].filter((at) => zone.clockAt(at) === clock);
  return fitting.length === 0 ? clock - before : Math.min(...fitting);
}
