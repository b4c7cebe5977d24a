/** As long as a tag may be; longer values are content by mistake. */
const maxLength = 128;

/** Letters and digits of any language, blanks, and what ids are made of. */
const others = /[^\p{L}\p{N} _.:@/+=#-]/gu;

/**
 * `value` as it may be put on spans and into headers: at most 128 characters, others than those of names and ids
 * as "_". `undefined` for what is no text or number, or is empty.
 */
export function harmless(value: unknown): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : undefined;
  if (typeof value !== "string") return undefined;
  const text = value.slice(0, maxLength).trim().replace(others, "_");
  return text === "" ? undefined : text;
}
