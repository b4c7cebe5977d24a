import {
  type Answered,
  type RowsInParts,
  type Sender,
  SinkFullError,
  type SpanSink,
  type Stored,
  type Storing,
} from "@spancost/receiver";
import type { Invariants } from "../invariants.ts";
import { Counter } from "./counter.ts";
import type { Family } from "./family.ts";
import { Histogram } from "./histogram.ts";

/** An answer, with what is known of its request where the receiver got so far. */
export type AnsweredRequest = Answered & {
  readonly format?: "protobuf" | "json" | undefined;
  readonly encoding?: "identity" | "gzip" | undefined;
  /** Of the body as it was sent. */
  readonly bytes?: number | undefined;
  /** Milliseconds from the request's headers to its answer. */
  readonly millis?: number | undefined;
};

const transports = [{ transport: "http" }, { transport: "grpc" }] as const;

/** What comes in, and what becomes of it, since the process began. */
export class Traffic {
  readonly #requests = new Counter<"transport" | "format" | "encoding" | "status">(
    "spancost_requests_total",
    "Answers to OTLP requests by HTTP status, of gRPC the one that stands for its code.",
  );
  readonly #spans = new Counter<"result">(
    "spancost_spans_total",
    "Spans received: stored (durable and acknowledged; one sent twice counts twice) or rejected (malformed).",
    [{ result: "stored" }, { result: "rejected" }],
  );
  readonly #bytes = new Counter<"transport">(
    "spancost_request_bytes_total",
    "Bytes of request bodies, as they were sent.",
    transports,
  );
  readonly #answerSeconds = new Histogram<"transport">(
    "spancost_answer_seconds",
    "From a request's headers to its answer.",
    transports,
  );
  readonly #appendSeconds = new Histogram(
    "spancost_append_seconds",
    "Until spans were durable, for each group of requests that is stored together.",
    [{}],
  );
  readonly #appendFailures = new Counter<"reason">(
    "spancost_append_failures_total",
    "Groups of requests that were not stored: full (no space or too much waiting) or fault. Senders were asked to try again.",
    [{ reason: "full" }, { reason: "fault" }],
  );
  readonly #invariants: Invariants;
  #durable = 0;
  #acknowledged = 0;

  constructor(invariants: Invariants) {
    this.#invariants = invariants;
  }

  /** Spans that were made durable in this process. */
  get durableSpans(): number {
    return this.#durable;
  }

  /** Takes note of an answer to a sender. */
  answered(request: AnsweredRequest): void {
    const { transport, format = "none", encoding = "none", status, stored, rejected } = request;
    this.#requests.add(1, { transport, format, encoding, status: String(status) });
    this.#spans.add(stored, { result: "stored" });
    this.#spans.add(rejected, { result: "rejected" });
    if (request.bytes !== undefined) this.#bytes.add(request.bytes, { transport });
    if (request.millis !== undefined) this.#answerSeconds.observe(request.millis, { transport });
    this.#acknowledged += stored;
    this.#invariants.found("acknowledged", Math.max(0, this.#acknowledged - this.#durable));
  }

  /** `sink`, with what it does taken note of. All spans that `answered` is told of must have gone through it. */
  watch<Row>(sink: SpanSink<Row>): SpanSink<Row> {
    // No async function: it would hold the rows until they are durable, and they need not live so long.
    return {
      append: (rows, sender) => {
        const { length } = rows;
        return this.#watched(length, () => sink.append(rows, sender));
      },
      ...(sink.begin && { begin: (...begun) => this.#watchedParts(sink, ...begun) }),
    };
  }

  #watchedParts<Row>(sink: SpanSink<Row>, sender: Sender, bytes: number): RowsInParts<Row> {
    let rows = 0;
    const parts = this.#counted(() =>
      (sink.begin as NonNullable<typeof sink.begin>)(sender, bytes),
    );
    return {
      add(batch) {
        rows += batch.length;
        parts.add(batch);
      },
      finish: () => this.#watched(rows, () => parts.finish()),
      cancel: () => parts.cancel(),
    };
  }

  #watched(rows: number, store: () => Storing): Promise<Stored> {
    const begun = performance.now();
    return store().then(
      (stored) => {
        const late = stored?.late ?? 0;
        this.#durable += rows - late;
        this.#appendSeconds.observe(performance.now() - begun, {});
        return { late };
      },
      (error: unknown) => this.#failed(error),
    );
  }

  #counted<Result>(act: () => Result): Result {
    try {
      return act();
    } catch (error) {
      return this.#failed(error);
    }
  }

  #failed(error: unknown): never {
    const reason = error instanceof SinkFullError ? "full" : "fault";
    this.#appendFailures.add(1, { reason });
    throw error;
  }

  families(): Family[] {
    return [
      this.#requests.family(),
      this.#spans.family(),
      this.#bytes.family(),
      this.#answerSeconds.family(),
      this.#appendSeconds.family(),
      this.#appendFailures.family(),
    ];
  }
}
