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
  // biome-ignore lint/suspicious/noConfusingVoidType: most sinks have nothing to tell
  append(rows: readonly Row[], sender?: Sender): Promise<Stored | void>;
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
