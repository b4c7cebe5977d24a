import type { Span } from "@spancost/records";
import { Problems } from "./problems.ts";

/** What a decoder needs from the world. */
export interface DecoderOptions {
  /**
   * Whether attributes of this name are kept, on spans and resources. All others are skipped unread.
   *
   * Asked now and then, not once per attribute: the answer for a name must never change.
   */
  keepAttribute(key: string): boolean;
}

/** A whole request, decoded. */
export interface DecodedRequest {
  readonly spans: Span[];
  /** Spans that were refused; the others are in `spans`. */
  readonly rejected: number;
  /** Why spans were refused, and what else the sender should know. Empty when all is well. */
  readonly problems: string[];
}

/** OTLP bytes in one encoding → spans. Keeps nothing of a request but the names of attributes. */
export interface Decoder {
  /**
   * The spans of `body` in arrays of at most `batchSpans`, so that a caller need not hold all at once.
   *
   * Refused spans and warnings are counted in `problems`.
   * @throws DecodeError where `body` cannot be decoded; the batches before that are then void.
   */
  batches(body: Uint8Array, problems: Problems, batchSpans: number): Generator<Span[], void>;
}

/** All of `body` at once. @throws DecodeError where it cannot be decoded. */
export function decodeRequest(decoder: Decoder, body: Uint8Array): DecodedRequest {
  const problems = new Problems();
  const spans = [...decoder.batches(body, problems, Number.POSITIVE_INFINITY)].flat();
  return { spans, rejected: problems.rejected, problems: problems.sentences() };
}
