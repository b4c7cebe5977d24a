import { keepSpan, type Span, type SpanReader } from "@spancost/records";
import { Problems } from "./problems.ts";

/** What a decoder needs from the world. */
export interface DecoderOptions<Row = Span> {
  /**
   * Whether attributes of this name are kept, on spans and resources. All others are skipped unread.
   *
   * Asked now and then, not once per attribute: the answer for a name must never change.
   */
  keepAttribute(key: string): boolean;
  /** What is made of each span. Default `keepSpan`. */
  readonly read?: SpanReader<Row>;
}

/** What `options` make of a span. */
export function readerOf<Row>({ read }: DecoderOptions<Row>): SpanReader<Row> {
  return read ?? (keepSpan as SpanReader<unknown> as SpanReader<Row>);
}

/** A whole request, decoded. */
export interface DecodedRequest<Row = Span> {
  readonly spans: Row[];
  /** Spans that were refused; the others are in `spans`. */
  readonly rejected: number;
  /** Why spans were refused, and what else the sender should know. Empty when all is well. */
  readonly problems: string[];
}

/** OTLP bytes in one encoding → what a `SpanReader` makes of their spans. */
export interface Decoder<Row = Span> {
  /**
   * A row for each span of `body`, in arrays of at most `batchSpans`, so that a caller need not hold all at once.
   *
   * Refused spans and warnings are counted in `problems`.
   * @throws DecodeError where `body` cannot be decoded; the batches before that are then void.
   */
  batches(body: Uint8Array, problems: Problems, batchSpans: number): Generator<Row[], void>;
}

/** All of `body` at once. @throws DecodeError where it cannot be decoded. */
export function decodeRequest<Row>(decoder: Decoder<Row>, body: Uint8Array): DecodedRequest<Row> {
  const problems = new Problems();
  const spans = [...decoder.batches(body, problems, Number.POSITIVE_INFINITY)].flat();
  return { spans, rejected: problems.rejected, problems: problems.sentences() };
}
