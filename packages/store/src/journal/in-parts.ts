import type { SpanFacts } from "@spancost/records";

/** Spans that are taken in parts, and kept all or none. Ends with `finish` or `cancel`. */
export interface InParts<Result> {
  /** @throws RangeError for a span that cannot be kept; all are then to be cancelled */
  add(facts: readonly SpanFacts[]): void;
  /** Resolves once all that was added is durable; rejects with a JournalError. */
  finish(): Promise<Result>;
  /** It is as if it had not been begun. */
  cancel(): void;
}

/** Takes spans in one part. Whatever `begin` throws is a rejection. */
export function inOnePart<Result>(
  begin: () => InParts<Result>,
  facts: readonly SpanFacts[],
): Promise<Result> {
  let parts: InParts<Result> | undefined;
  try {
    parts = begin();
    parts.add(facts);
  } catch (error) {
    parts?.cancel();
    return Promise.reject(error);
  }
  return parts.finish();
}
