import { setTimeout as delay } from "node:timers/promises";
import type { Span } from "@spancost/records";
import { type Sender, SinkFullError, type SpanSink } from "./sink.ts";

/** How much is written together, and how much may wait. */
export interface GroupLimits<Row = Span> {
  /** A commit takes waiting requests up to this many spans, and always at least one request. */
  readonly maxGroupSpans: number;
  /** The same for the bytes that spans hold in strings, as far as they are counted. */
  readonly maxGroupBytes: number;
  /** How many that are. Default: as spans have them. */
  readonly bytesOf: (row: Row) => number;
  /** Spans that may wait; a request is refused where it would be more, unless nothing waits. */
  readonly maxWaitingSpans: number;
  /** Milliseconds that the first request waits for others when nothing is being written. */
  readonly gatherMs: number;
}

const defaults: Omit<GroupLimits, "bytesOf"> = {
  // A commit costs DuckDB some 3 ms whatever its size, and some 3 µs a span: at 8,192 spans the former is a tenth.
  maxGroupSpans: 8192,
  maxGroupBytes: 32 * 1024 * 1024,
  maxWaitingSpans: 65_536,
  gatherMs: 2,
};

interface Waiting<Row> {
  readonly rows: readonly Row[];
  readonly bytes: number;
  readonly sender: Sender | undefined;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers the requests that arrive while a commit is running and writes them with the next one.
 *
 * Each `append` resolves or rejects with the commit that holds it. A group that fails is tried again request by
 * request: spans that cannot be stored must not take those of other senders with them.
 */
export class GroupingSink<Row = Span> implements SpanSink<Row> {
  readonly #sink: SpanSink<Row>;
  readonly #limits: GroupLimits<Row>;
  #waiting: Waiting<Row>[] = [];
  #waitingSpans = 0;
  #writing: Promise<void> | undefined;

  constructor(sink: SpanSink<Row>, limits: Partial<GroupLimits<Row>> = {}) {
    this.#sink = sink;
    this.#limits = { ...defaults, bytesOf: bytesOf as (row: unknown) => number, ...limits };
  }

  /** @throws SinkFullError, by rejection, where too many spans are waiting. */
  append(rows: readonly Row[], sender?: Sender): Promise<void> {
    if (rows.length === 0) return Promise.resolve();
    const waitingSpans = this.#waitingSpans;
    if (waitingSpans > 0 && waitingSpans + rows.length > this.#limits.maxWaitingSpans) {
      return Promise.reject(new SinkFullError(`${waitingSpans} spans are waiting to be stored`));
    }
    this.#waitingSpans += rows.length;
    return new Promise((resolve, reject) => {
      const bytes = rows.reduce((sum, row) => sum + this.#limits.bytesOf(row), 0);
      this.#waiting.push({ rows, bytes, sender, resolve, reject });
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

  #takeGroup(): Waiting<Row>[] {
    const { maxGroupSpans, maxGroupBytes } = this.#limits;
    let spans = 0;
    let bytes = 0;
    let count = 0;
    const team = this.#waiting[0]?.sender?.team;
    for (const request of this.#waiting) {
      if (request.sender?.team !== team) break;
      spans += request.rows.length;
      bytes += request.bytes;
      if (count > 0 && (spans > maxGroupSpans || bytes > maxGroupBytes)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #write(group: readonly Waiting<Row>[]): Promise<void> {
    try {
      // What the sink does with a sender depends on its team alone, and all of a group have the same.
      await this.#sink.append(
        group.flatMap((request) => request.rows),
        group[0]?.sender,
      );
      for (const request of group) request.resolve();
    } catch (error) {
      if (group.length === 1) for (const request of group) request.reject(error);
      else await this.#writeOneByOne(group);
    }
    for (const request of group) this.#waitingSpans -= request.rows.length;
  }

  /** Two failures in a row are the sink's own: the rest is then rejected without a try. */
  async #writeOneByOne(group: readonly Waiting<Row>[]): Promise<void> {
    let failures = 0;
    let lastError: unknown;
    for (const request of group) {
      if (failures < 2) {
        try {
          await this.#sink.append(request.rows, request.sender);
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

/** What the strings of a span hold, about. Its fixed fields are counted as 200 bytes. */
function bytesOf({ attributes, name }: Span): number {
  let bytes = 200 + name.length;
  for (const key of attributes.keys()) {
    const value = attributes.get(key);
    if (typeof value === "string") bytes += value.length;
  }
  return bytes;
}
