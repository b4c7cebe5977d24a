import type { ExactNumber } from "./exact-number.ts";

/** A value in an answer. Unknown is `null`, which is not 0. */
export type Cell =
  | string
  | number
  | boolean
  | null
  | ExactNumber
  | readonly Cell[]
  | { readonly [member: string]: Cell };

/** One line of an answer. A member whose name ends in `_usd` is money, in USD. */
export type Row = { readonly [column: string]: Cell };

/** A stretch of time, half-open: RFC 3339, UTC. */
export type Window = { readonly since: string; readonly until: string };

/**
 * An answer as data. What is shown as text, JSON, CSV or Markdown, here or behind HTTP, is made of it.
 *
 * Commands add members of their own; none of these is ever renamed.
 */
export type Envelope = {
  /** "spancost/top@1": the command, and the version of its shape. */
  readonly schema: string;
  /** What was looked at; `null` where the question has no time. */
  readonly window: Window | null;
  readonly rows: readonly Row[];
  /** Sentences about what the rows do not show. */
  readonly warnings: readonly string[];
  /** The re-pricing that costs are read of; left out where they are as booked. */
  readonly pricing_run?: number;
  /** Nothing is stored for what was asked; left out otherwise. */
  readonly no_data?: true;
  /** A threshold was breached; left out otherwise. */
  readonly breached?: true;
};

/** The `schema` of a command's answers. */
export function schemaOf(command: string): string {
  return `spancost/${command}@1`;
}
