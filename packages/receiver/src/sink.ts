import type { Span } from "@spancost/records";

/**
 * Where spans go. The store is one, so would be a journal in front of it; a test passes an array's `push`.
 *
 * Delivery is at least once: the same spans may come again, also after a rejection.
 */
export interface SpanSink {
  /** Resolves once `spans` are durable; rejects where they may not be. The sender is answered only then. */
  append(spans: readonly Span[]): Promise<void>;
}

/** A sink that has as much waiting as it may. Answered with 503, so that the sender tries again. */
export class SinkFullError extends Error {
  override readonly name = "SinkFullError";

  constructor(waitingSpans: number) {
    super(`${waitingSpans} spans are waiting to be stored: try again`);
  }
}
