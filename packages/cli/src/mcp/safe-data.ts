import type { Cell, Row } from "../envelope/envelope.ts";
import { ExactNumber } from "../envelope/exact-number.ts";
import { toJsonLine } from "../envelope/write-json.ts";
import { cut, harmless } from "../render/text-width.ts";

/** JSON as a client of the protocol reads it. */
export type Json = string | number | boolean | null | Json[] | { [member: string]: Json };

/** Rows of one answer, and entries of any list in it. */
export const mostRows = 20;

/** Characters of a text: names of models, features and releases are shorter; a prompt that poses as one is not. */
const mostLetters = 120;

/** Prose in which values of attributes stand. The same facts are in members of their own. */
const prose: ReadonlySet<string> = new Set(["sentence", "reason", "summary"]);

/**
 * A value of an answer as data that a model may read. Values of attributes come from whoever sent the spans: each stays in
 * a member of its own, short and without control characters, and sentences that contain them are left out.
 */
export function safeData(value: Cell): Json {
  if (typeof value === "string") return cut(harmless(value), mostLetters);
  if (value instanceof ExactNumber) return JSON.parse(toJsonLine(value)) as number;
  if (Array.isArray(value)) return value.slice(0, mostRows).map((entry) => safeData(entry));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value as Row)
        .filter(([name]) => !prose.has(name))
        .map(([name, member]) => [cut(harmless(name), mostLetters), safeData(member)]),
    );
  }
  return value as number | boolean | null;
}
