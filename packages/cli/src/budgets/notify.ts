import type { CheckEnvelope } from "../commands/check.ts";
import { toJson } from "../envelope/write-json.ts";
import { CommandError, UsageError } from "../errors.ts";

/** Milliseconds that whoever is notified may take. */
const answerMillis = 10_000;
/** Sentences in the text; all rows are in the body beside it. */
const maxSentences = 20;

/**
 * The address that is notified.
 *
 * @throws UsageError for what is no HTTP address
 */
export function notifyUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "https:" || url?.protocol === "http:") return url;
  throw new UsageError("--notify takes an address such as https://hooks.example/costs.");
}

/** What is said of a check in a chat: a line for each row that is not well. */
export function notificationText({ rows, at, state }: CheckEnvelope): string {
  const told = rows.filter((row) => row["state"] === "breach" || row["state"] === "alert");
  const title =
    told.length === 0
      ? `spancost: all within budget again at ${at}`
      : `spancost: ${state} at ${at}`;
  const lines = told.slice(0, maxSentences).map((row) => `${row["state"]}: ${row["sentence"]}`);
  if (told.length > lines.length) lines.push(`and ${told.length - lines.length} more`);
  return [title, ...lines].join("\n");
}

/**
 * POSTs the answer as JSON, with its sentences as `text`, which is what chat webhooks show.
 *
 * @throws CommandError where it is not taken; the address, in which a secret may stand, is not in the message
 */
export async function notify(url: URL, envelope: CheckEnvelope): Promise<void> {
  const body = toJson({ text: notificationText(envelope), ...envelope });
  let status: number;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body,
      redirect: "error",
      signal: AbortSignal.timeout(answerMillis),
    });
    await response.body?.cancel();
    status = response.status;
  } catch (error) {
    const { cause, message } = error as Error;
    const why = cause instanceof Error ? cause.message : message;
    throw new CommandError(`${url.host} could not be notified: ${why}.`);
  }
  if (status >= 300) throw new CommandError(`${url.host} was notified and answered ${status}.`);
}
