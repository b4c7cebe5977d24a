/**
 * How much of one span is kept. More is left out, and said so in the answer, but never refuses the span.
 *
 * Both encodings count alike, so that the same data gives the same spans: strings in bytes of UTF-8.
 */
export const limits = {
  /** Only attributes that are wanted count: an agent's span may carry thousands of prompt attributes. */
  attributesPerSpan: 1024,
  /** As many as a flattened, streamed answer plausibly has. */
  eventsPerSpan: 1024,
  /** Names longer than this are nobody's convention; nor is the empty one. */
  keyBytes: 256,
  /** Some emitters keep their usage as JSON inside a large attribute. */
  valueBytes: 256 * 1024,
  /** Of spans, scopes and events, in UTF-16 code units. */
  nameLength: 1024,
  /** More UTF-8 than such a name can have: three bytes a unit. */
  nameBytes: 4096,
  /** Entries of an array attribute, those of arrays inside it included. */
  arrayEntries: 64,
  arrayDepth: 8,
} as const;

/** `text` cut to the length of a name, and without lone surrogates. */
export function toName(text: string): string {
  return (text.length > limits.nameLength ? text.slice(0, limits.nameLength) : text).toWellFormed();
}
