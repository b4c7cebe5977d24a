import type { Window } from "../envelope/envelope.ts";
import { NoDataError, UsageError } from "../errors.ts";
import type { Reader } from "../ports.ts";
import type { Texts } from "./texts.ts";
import { type Instant, instantAt, millisOf, parseInstant } from "./time.ts";
import { type TimeZone, utc, zoneOf } from "./time-zone.ts";

/** A window as it was asked for: what is open is for the data to say. */
export interface AskedWindow {
  readonly since: Instant | undefined;
  readonly until: Instant | undefined;
}

/**
 * `--since` and `--until`. With a start and no end, the end is now.
 *
 * @throws UsageError for what is no time, and where the end is not after the start; NoDataError for a start that is
 *   still to come
 */
export function askedWindow(texts: Pick<Texts, "one">, now: number): AskedWindow {
  const zone = zoneOf(texts);
  // Whole seconds: nobody asks for the milliseconds of now. The second that has begun counts. Both ends are told from the
  // same now: the last 24 hours are 24 hours, and what they are compared with is as long.
  const nowMillis = Math.ceil(now / 1000) * 1000;
  const wholeNow = instantAt(nowMillis);
  const time = (flag: string) => {
    const text = texts.one(flag);
    return text === undefined ? undefined : parseInstant(text, flag, nowMillis, zone);
  };
  const since = time("since");
  const until = time("until") ?? (since === undefined ? undefined : wholeNow);
  if (since !== undefined && until === wholeNow && millisOf(until) <= millisOf(since)) {
    throw new NoDataError(
      `--since ${since} is in the future: it is ${wholeNow} now, and nothing can be stored for later.`,
    );
  }
  if (since !== undefined && until !== undefined && millisOf(until) <= millisOf(since)) {
    throw new UsageError(
      `--until ${until} is not after --since ${since}: the window holds nothing.`,
    );
  }
  return { since, until };
}

/**
 * The window in absolute times. An end that was left open is that of the data, in whole minutes; `undefined`
 * where no call is stored to tell it.
 */
export async function resolveWindow(
  reader: Reader,
  { since, until }: AskedWindow,
): Promise<Window | undefined> {
  if (since !== undefined && until !== undefined) return { since, until };
  const { rows } = await reader.readRows(`
    select
        date_trunc('minute', min(started_at)) as first_minute,
        date_trunc('minute', max(started_at)) + interval 1 minute as after_last
    from cost_records`);
  const { first_minute: first, after_last: after } = rows[0] ?? {};
  if (typeof first !== "string" || typeof after !== "string") return undefined;
  const end = until ?? after;
  return { since: Date.parse(first) < Date.parse(end) ? first : end, until: end };
}

/** "2026-11-19 14:10 to 17:35 UTC": the day once where both are on it, seconds where there are any, no fractions. */
export function windowText({ since, until }: Window, zone: TimeZone = utc): string {
  const [start, end] = [plain(since, zone), plain(until, zone)];
  const sameDay = start.slice(0, 10) === end.slice(0, 10);
  return `${start} to ${sameDay ? end.slice(11) : end} ${zone.name}`;
}

/** An instant to the second as people read it, without its zone. */
export function plain(instant: string, zone: TimeZone = utc): string {
  const shown = zone === utc ? instant : instantAt(zone.clockAt(Date.parse(instant)));
  const text = shown.slice(0, 19).replace("T", " ");
  return text.endsWith(":00") ? text.slice(0, -3) : text;
}
