import { instantAt } from "../flags/time.ts";
import { plain, windowText } from "../flags/window.ts";
import type { Reader } from "../ports.ts";
import { noDataWarning } from "./no-data.ts";

/** How far the records that are stored reach, seen from an instant. */
export interface RecordsAsOf {
  /** Milliseconds since 1970: nothing is known of what was spent later. Infinite where they reach that far. */
  readonly end: number;
  /** That no record is there then, in words; `undefined` where there are some. */
  readonly noRecord: string | undefined;
}

/** Without a call for so long nobody knows whether none was made or none arrived. A forecast looks as far back. */
const quietMillis = 24 * 3_600_000;

/**
 * Whether it can be said what was spent by an instant: not before the first call that is stored, and not long after the
 * last one. A quiet stretch that calls came after is known.
 *
 * @param now milliseconds since 1970
 */
export async function recordsAsOf(reader: Reader, now: number): Promise<RecordsAsOf> {
  const { rows } = await reader.readRows(
    "select min(started_at) as first, max(started_at) as last from cost_records",
  );
  const { first, last } = rows[0] ?? {};
  if (typeof first !== "string" || typeof last !== "string") {
    return { end: Number.NEGATIVE_INFINITY, noRecord: await noDataWarning(reader, undefined, []) };
  }
  const stored = `those that are stored began from ${windowText({ since: first, until: last })}.`;
  if (Date.parse(first) >= now) {
    const noRecord = `No model call is stored that began before ${plain(instantAt(now))} UTC: ${stored}`;
    return { end: Number.NEGATIVE_INFINITY, noRecord };
  }
  const end = Date.parse(last);
  if (end >= now - quietMillis) return { end: Number.POSITIVE_INFINITY, noRecord: undefined };
  const noRecord = `No model call is stored of the last 24 hours before ${plain(instantAt(now))} UTC, so that what was spent then is unknown: ${stored}`;
  return { end, noRecord };
}
