/**
 * Dialects whose emitter retries around its call spans, one span per attempt: that such a span made one request says
 * nothing about the attempts before it, which are its siblings.
 */
const retriesAround: ReadonlySet<string> = new Set(["vercel-ai"]);

/** How many attempts came before, by whoever knows of attempts around the span: `withRetries`, or the service itself. */
export const retryCountKey = "spancost.retry.count";

/**
 * How many attempts came before the one that a call's span bills: those `around` it, and the requests that its client sent
 * before the last. `undefined` where the requests add nothing to what is known.
 *
 * @param attempts requests that were seen
 */
export function retriesWith(
  attempts: number,
  around: unknown,
  dialect: string | undefined,
): number | undefined {
  if (attempts === 0) return undefined;
  const before = typeof around === "number" ? around : undefined;
  if (attempts === 1 && before === undefined && retriesAround.has(dialect ?? "")) return undefined;
  return (before ?? 0) + attempts - 1;
}
