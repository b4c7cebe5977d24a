import { setTimeout as delay } from "node:timers/promises";
import type { Span } from "@spancost/records";
import { SinkFullError, type SpanSink } from "./sink.ts";

/** How much is written together, and how much may wait. */
export interface GroupLimits {
  /** A commit takes waiting requests up to this many spans, and always at least one request. */
  readonly maxGroupSpans: number;
  /** The same for the bytes that spans hold in strings, as far as they are counted. */
  readonly maxGroupBytes: number;
  /** Spans that may wait; a request is refused where it would be more, unless nothing waits. */
  readonly maxWaitingSpans: number;
  /** Milliseconds that the first request waits for others when nothing is being written. */
  readonly gatherMs: number;
}

const defaults: GroupLimits = {
  // A commit costs DuckDB some 3 ms whatever its size, and some 3 µs a span: at 8,192 spans the former is a tenth.
  maxGroupSpans: 8192,
  maxGroupBytes: 32 * 1024 * 1024,
  maxWaitingSpans: 65_536,
  gatherMs: 2,
};

interface Waiting {
  readonly spans: readonly Span[];
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers the requests that arrive while a commit is running and writes them with the next one.
 *
 * Each `append` resolves or rejects with the commit that holds it. A group that fails is tried again request by
 * request: spans that cannot be stored must not take those of other senders with them.
 */
export class GroupingSink implements SpanSink {
  readonly #sink: SpanSink;
  readonly #limits: GroupLimits;
  #waiting: Waiting[] = [];
  #waitingSpans = 0;
  #writing: Promise<void> | undefined;

  constructor(sink: SpanSink, limits: Partial<GroupLimits> = {}) {
    this.#sink = sink;
    this.#limits = { ...defaults, ...limits };
  }

  /** @throws SinkFullError, by rejection, where too many spans are waiting. */
  append(spans: readonly Span[]): Promise<void> {
    if (spans.length === 0) return Promise.resolve();
    const waitingSpans = this.#waitingSpans;
    if (waitingSpans > 0 && waitingSpans + spans.length > this.#limits.maxWaitingSpans) {
      return Promise.reject(new SinkFullError(waitingSpans));
    }
    this.#waitingSpans += spans.length;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ spans, bytes: bytesOf(spans), resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Resolves once nothing waits and nothing is being written. */
  async idle(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  async #writeAll(): Promise<void> {
    if (this.#limits.gatherMs > 0) await delay(this.#limits.gatherMs);
    while (this.#waiting.length > 0) await this.#write(this.#takeGroup());
    this.#writing = undefined;
  }

  #takeGroup(): Waiting[] {
    const { maxGroupSpans, maxGroupBytes } = this.#limits;
    let spans = 0;
    let bytes = 0;
    let count = 0;
    for (const request of this.#waiting) {
      spans += request.spans.length;
      bytes += request.bytes;
      if (count > 0 && (spans > maxGroupSpans || bytes > maxGroupBytes)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #write(group: readonly Waiting[]): Promise<void> {
    try {
      await this.#sink.append(group.flatMap((request) => request.spans));
      for (const request of group) request.resolve();
    } catch (error) {
      if (group.length === 1) for (const request of group) request.reject(error);
      else await this.#writeOneByOne(group);
    }
    for (const request of group) this.#waitingSpans -= request.spans.length;
  }

  /** Two failures in a row are the sink's own: the rest is then rejected without a try. */
  async #writeOneByOne(group: readonly Waiting[]): Promise<void> {
    let failures = 0;
    let lastError: unknown;
    for (const request of group) {
      if (failures < 2) {
        try {
          await this.#sink.append(request.spans);
          request.resolve();
          failures = 0;
          continue;
        } catch (error) {
          failures += 1;
          lastError = error;
        }
      }
      request.reject(lastError);
    }
  }
}

/** What the strings of `spans` hold, about. A span's fixed fields are counted as 200 bytes. */
function bytesOf(spans: readonly Span[]): number {
  let bytes = 0;
  for (const { attributes, name } of spans) {
    bytes += 200 + name.length;
    for (const key of attributes.keys()) {
      const value = attributes.get(key);
      if (typeof value === "string") bytes += value.length;
    }
  }
  return bytes;
}
