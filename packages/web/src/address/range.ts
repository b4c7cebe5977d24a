/** A stretch of time, half-open: RFC 3339, UTC. */
export interface Window {
  readonly since: string;
  readonly until: string;
}

/** Two stretches of time: what the timeline shows, and the window within it that everything else is about. */
export interface Range {
  readonly shown: Window;
  readonly window: Window;
}

/** The parameters that name a range. */
export function paramsOf({ shown, window }: Range): Record<string, string> {
  return { from: shown.since, to: shown.until, since: window.since, until: window.until };
}

/** Instants in whole seconds, as short as they can be written: "2026-11-20T03:00Z". */
export function between(since: number, until: number): Window {
  return { since: short(since), until: short(until) };
}

function short(millis: number): string {
  const text = new Date(Math.round(millis / 1000) * 1000).toISOString().slice(0, 19);
  return `${text.endsWith(":00") ? text.slice(0, -3) : text}Z`;
}

const dayMillis = 86_400_000;

/**
 * A window with enough of what came before it on the timeline to see what is usual.
 *
 * @param first when the first call is, in milliseconds since 1970, where it is known: nothing is to be seen before
 */
export function rangeAround(since: number, until: number, first = Number.NEGATIVE_INFINITY): Range {
  const from = until - Math.max(8 * (until - since), dayMillis);
  return {
    window: between(since, until),
    shown: between(Math.max(Math.min(first, since), from), until),
  };
}
