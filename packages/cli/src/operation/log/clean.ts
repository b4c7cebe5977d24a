import { CommandError } from "../../errors.ts";

/** The longest text in a line, in characters. */
const mostCharacters = 1_000;

/** What somebody may use to pretend to be somebody else, and what stands in its place. */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, "$1 ***"],
  [/\bspancost_[\w-]{40,}/g, "spancost_***"],
  [/\bsk-[\w-]{16,}/g, "sk-***"],
  [/:\/\/[^\s/@"']+@/g, "://***@"],
];

/** Errors of DuckDB that may quote a value of a row. */
const quotesValues =
  /\b(?:Conversion|Constraint|Invalid Input|Out of Range|Mismatch Type|Serialization) Error:.*/g;

/**
 * `text` as a log may have it: its first line, no longer than 1,000 characters, without credentials and without
 * values that DuckDB quotes.
 *
 * Those who log say nothing of the kind; this is for the texts of errors that come from elsewhere.
 */
export function clean(text: string): string {
  const [line = ""] = text.trimStart().split(/[\r\n]/, 1);
  let cleaned = line.slice(0, 4 * mostCharacters);
  for (const [secret, instead] of secrets) cleaned = cleaned.replace(secret, instead);
  cleaned = cleaned.replace(quotesValues, (problem) =>
    problem.replace(/'[^']*'?/g, "'***'").replace(/"[^"]*"?/g, '"***"'),
  );
  if (cleaned.length <= mostCharacters) return cleaned.toWellFormed();
  return `${cleaned.slice(0, mostCharacters).toWellFormed()}…`;
}

/** What an error says, and its code where the system gave one. */
export function problemOf(error: unknown): { readonly message: string; readonly code?: string } {
  if (!(error instanceof Error)) return { message: clean(String(error)) };
  const { code } = error as NodeJS.ErrnoException;
  // Our own tell in later lines what is to be done; those of others may quote there what was sent.
  const text =
    error instanceof CommandError ? error.message.replace(/\s*\n\s*/g, " ") : error.message;
  const message = clean(text) || error.name;
  return typeof code === "string" ? { message, code } : { message };
}
