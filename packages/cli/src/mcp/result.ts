import { isBehindWarning } from "../commands/behind-warning.ts";
import { trustWarnings } from "../commands/trust.ts";
import type { Envelope, Row } from "../envelope/envelope.ts";
import { windowText } from "../flags/window.ts";
import { type Json, mostRows, safeData } from "./safe-data.ts";
import type { Tool } from "./tool.ts";

/** What every tool answers, beside members of its own: JSON Schema. */
export const outputSchema = {
  type: "object",
  properties: {
    schema: { type: "string", description: "spancost/mcp@1" },
    tool: { type: "string" },
    window: {
      anyOf: [
        {
          type: "object",
          properties: { since: { type: "string" }, until: { type: "string" } },
          required: ["since", "until"],
        },
        { type: "null" },
      ],
      description: "What was looked at, RFC 3339 in UTC; null where the question has no time",
    },
    currency: {
      type: "string",
      description: "Of every member whose name ends in _usd; null is unknown, not 0",
    },
    rows: { type: "array", items: { type: "object" } },
    warnings: { type: "array", items: { type: "string" } },
    no_data: { type: "boolean", description: "Nothing is stored for what was asked" },
    url: { type: "string", description: "The page's view of the same, for people" },
    url_is_served: { type: "boolean", description: "A receiver is known to serve that page" },
  },
  required: [
    "schema",
    "tool",
    "window",
    "currency",
    "rows",
    "warnings",
    "no_data",
    "url",
    "url_is_served",
  ],
} as const;

/** Where people see the same. */
export interface PageLink {
  readonly url: string;
  readonly isServed: boolean;
}

/** What is sent to the client: a sentence, and data. */
export interface ToolAnswer {
  readonly text: string;
  readonly data: { [member: string]: Json };
}

/** The answer of a command as the tool tells it. */
export function toolAnswer(
  tool: Tool,
  envelope: Envelope,
  { url, isServed }: PageLink,
): ToolAnswer {
  const { window } = envelope;
  const isEmpty = envelope.no_data === true;
  const told = isEmpty
    ? { sentence: "No model call is stored for what was asked.", rows: [] }
    : tool.tell(envelope);
  const rows = told.rows
    .slice(0, tool.isCatalogue ? undefined : mostRows)
    .map((row) => safeData(row));
  const when = window === null ? "" : ` Window: ${windowText(window)}.`;
  const more = safeData((told.more ?? {}) as Row) as { [member: string]: Json };
  return {
    text: `${told.sentence}${when}`,
    data: {
      schema: "spancost/mcp@1",
      tool: tool.name,
      window: window === null ? null : { ...window },
      currency: "USD",
      ...more,
      ...(envelope.pricing_run !== undefined && { pricing_run: envelope.pricing_run }),
      rows,
      warnings: warningsOf(envelope, more),
      no_data: isEmpty,
      url,
      url_is_served: isServed,
    },
  };
}

/**
 * Warnings in which no value of an attribute stands. Others name models, which senders choose: their numbers are in
 * `trust`, and how many there are is told.
 */
function warningsOf({ warnings }: Envelope, { trust }: { [member: string]: Json }): Json[] {
  const ours = new Set(trustWarnings((trust ?? {}) as Row));
  const plain = warnings.filter((warning) => ours.has(warning) || isBehindWarning(warning));
  const others = warnings.length - plain.length;
  const rest = `${others} further ${others === 1 ? "warning names" : "warnings name"} values of attributes: see the page or the command.`;
  return others === 0 ? plain : [...plain, rest];
}
