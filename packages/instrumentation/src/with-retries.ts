import { context } from "@opentelemetry/api";
import { assertBudget } from "./assert-budget.ts";
import { isDisabled } from "./environment.ts";
import { SpancostLimitError } from "./limit-error.ts";
import { headerOf, member, retryAfterMillis } from "./retry-after.ts";
import { travelIn, travelWith } from "./travel.ts";

export interface RetryOptions {
  /** Attempts in all, the first included. Default: 3. */
  readonly attempts?: number | undefined;
  /**
   * Whether another attempt makes sense. Default: for lost connections and the statuses 408, 409, 429 and from
   * 500, unless the answer's `x-should-retry` says otherwise, as in the official SDKs.
   */
  readonly shouldRetry?: ((error: unknown, attempt: number) => boolean) | undefined;
  /**
   * Milliseconds to wait before attempt 1, 2 …. Default: what the error's `Retry-After` asks for, up to a minute;
   * else half a second, doubled each time up to 8 seconds, less up to a quarter by chance.
   */
  readonly delay?: ((attempt: number, error: unknown) => number) | undefined;
  /** Ends the waiting: its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls `fn` until it succeeds, and marks the model calls of each attempt with how many came before. The number of
 * the attempt, from 0, is passed to `fn`. The last error is thrown as it is.
 *
 * Clients retry by themselves too: give theirs `maxRetries: 0`, or the two multiply.
 *
 * @throws SpancostLimitError before an attempt, where a budget with `enforce` is spent
 */
export async function withRetries<Result>(
  fn: (attempt: number) => Result | Promise<Result>,
  options: RetryOptions = {},
): Promise<Result> {
  const attempts = Math.max(1, Math.trunc(options.attempts ?? 3) || 1);
  const shouldRetry = options.shouldRetry ?? isTransient;
  const delay = options.delay ?? waitFor;
  // Attempts around this loop count too: each of theirs came before all of these.
  const before = travelIn(context.active())?.retry ?? 0;
  for (let attempt = 0; ; attempt += 1) {
    assertBudget();
    try {
      return await (isDisabled()
        ? fn(attempt)
        : travelWith({ retry: before + attempt }, () => fn(attempt)));
    } catch (error) {
      if (attempt + 1 >= attempts || options.signal?.aborted === true) throw error;
      if (error instanceof SpancostLimitError || !shouldRetry(error, attempt)) throw error;
      await sleep(delay(attempt + 1, error), options.signal);
    }
  }
}

function isTransient(error: unknown): boolean {
  const asked = headerOf(error, "x-should-retry");
  if (asked === "true" || asked === "false") return asked === "true";
  const status = member(error, "status") ?? member(error, "statusCode");
  if (typeof status === "number") {
    return status === 408 || status === 409 || status === 429 || status >= 500;
  }
  return isLostConnection(error) || isLostConnection(member(error, "cause"));
}

const lostConnection =
  /^(ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|EAI_AGAIN|UND_ERR_(SOCKET|CONNECT_TIMEOUT|HEADERS_TIMEOUT|BODY_TIMEOUT))$/;

/** By the code of Node's and undici's errors, or the class of the official SDKs'. */
function isLostConnection(error: unknown): boolean {
  const code = member(error, "code");
  if (typeof code === "string" && lostConnection.test(code)) return true;
  return error instanceof Error && /^APIConnection(Timeout)?Error$/.test(error.constructor.name);
}

function waitFor(attempt: number, error: unknown): number {
  const asked = retryAfterMillis(error);
  if (asked !== undefined) return asked;
  return Math.min(8_000, 500 * 2 ** (attempt - 1)) * (1 - 0.25 * Math.random());
}

function sleep(millis: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener("abort", aborted);
        resolve();
      },
      Number.isFinite(millis) ? Math.max(0, millis) : 0,
    );
    signal?.addEventListener("abort", aborted, { once: true });
    if (signal?.aborted === true) aborted();
  });
}
