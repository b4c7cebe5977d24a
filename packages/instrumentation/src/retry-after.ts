/** No answer makes anybody wait longer than this; the official SDKs have the same limit. */
const maxMillis = 60_000;

/**
 * How long an error asks to wait, in milliseconds, from 0 to a minute: by its headers `retry-after-ms` or `retry-after`, in
 * seconds or as a date. `undefined` where it does not say.
 */
export function retryAfterMillis(error: unknown, now = Date.now()): number | undefined {
  const precise = headerOf(error, "retry-after-ms");
  if (precise !== undefined) return within(Number(precise));
  const header = headerOf(error, "retry-after");
  if (header === undefined) return undefined;
  const seconds = Number(header);
  return within(Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1_000);
}

/** What a response to the request that failed said under `name`. */
export function headerOf(error: unknown, name: string): string | undefined {
  const headers = member(error, "headers") ?? member(member(error, "response"), "headers");
  const value = headers instanceof Headers ? headers.get(name) : member(headers, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function within(millis: number): number | undefined {
  return Number.isFinite(millis) && millis >= 0 && millis <= maxMillis ? millis : undefined;
}
