const firstMs = 1_000;
const longestMs = 30_000;
/** The longest that an endpoint may make us wait. */
const longestAskedMs = 300_000;

/**
 * Milliseconds to wait after so many failures in a row, 1 to 30 s before up to half is taken off at random, so that
 * receivers that failed together do not come back together. At least as long as the endpoint asked.
 */
export function retryDelay(failures: number, askedMs = 0, random = Math.random()): number {
  const doubled = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 10));
  return Math.max(doubled * (1 - random / 2), Math.min(askedMs, longestAskedMs));
}

/** A `Retry-After` header in milliseconds from `now`: seconds or a date. Source: RFC 9110, 10.2.3 */
export function retryAfterMs(header: string | undefined, now = Date.now()): number | undefined {
  const text = header?.trim();
  if (text === undefined || text === "") return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
