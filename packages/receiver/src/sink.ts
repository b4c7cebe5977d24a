import type { Span } from "@spancost/records";

/** Who sent spans, as far as the receiver itself can tell: nothing of it comes from the spans. */
export interface Sender {
  /** The name of its token; without tokens, its address. */
  readonly name: string;
  /** The team that its token speaks for: it goes before whatever the spans say. */
  readonly team: string | undefined;
}

/** Of spans that a sink was given, how many it refused because what they belong to is expired. */
export interface Stored {
  readonly late: number;
}

/** Resolves once spans are durable. */
// biome-ignore lint/suspicious/noConfusingVoidType: most sinks have nothing to tell
export type Storing = Promise<Stored | void>;

/** Rows of one request on their way into a sink, which has all of them or none. Ends with `finish` or `cancel`. */
export interface RowsInParts<Row> {
  /** Takes rows, and keeps none of them: what is short-lived costs the garbage collector, and the caches, nothing. */
  add(rows: readonly Row[]): void;
  /** As `SpanSink.append`. */
  finish(): Storing;
  cancel(): void;
}

/**
 * Where spans go. The store is one, so would be a journal in front of it; a test passes an array's `push`.
 *
 * `Row` is what a span is read into. Delivery is at least once: the same spans may come again, also after a
 * rejection.
 */
export interface SpanSink<Row = Span> {
  /**
   * Resolves once `rows` are durable; rejects where they may not be. The sender is answered only then.
   *
   * @returns how many of them came too late, for what they belong to is expired: they are refused, and not durable
   * @param sender of all of them; `undefined` where they were not sent, but read from a file
   */
  append(rows: readonly Row[], sender?: Sender): Storing;
  /**
   * Begins to take the rows of a request as they are read, in sinks that can. Throws where it takes nothing.
   *
   * To write a row while it is still in the processor's cache takes half as long as to write it once all are read.
   *
   * @param bytes of the request's body, inflated
   */
  begin?(sender: Sender, bytes: number): RowsInParts<Row>;
}

/**
 * A sink that can take nothing for now: what waits is as much as may, the disk is full, or it is still starting.
 *
 * Answered with 503 or UNAVAILABLE, so that the sender tries again, and not reported to the operator for each request.
 */
export class SinkFullError extends Error {
  override readonly name = "SinkFullError";

  /** @param reason for senders, such as "the disk is full" */
  constructor(reason: string) {
    super(`${reason}: try again`);
  }
}
