import { UsageError } from "../../errors.ts";

/** Stands in a link for the id of a trace: 32 hex digits. */
const place = "{trace_id}";

/**
 * The template of links to a tracing backend, checked: a web address with `{trace_id}` in it.
 *
 * @throws UsageError
 */
export function traceLinkOf(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  if (!text.includes(place)) {
    throw new UsageError(
      `--trace-link takes an address with ${place} in it, such as https://tempo.example/trace/${place}, not "${text}".`,
    );
  }
  const url = URL.canParse(text.replaceAll(place, "0".repeat(32)))
    ? new URL(text.replaceAll(place, "0".repeat(32)))
    : undefined;
  if (url?.protocol === "https:" || url?.protocol === "http:") return text;
  throw new UsageError(
    `--trace-link takes an address that begins with https:// or http://, not "${text}".`,
  );
}
