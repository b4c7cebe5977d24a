import { type Batch, bytesOf } from "./batch-queue.ts";
import { Complaints } from "./complaints.ts";
import { type DropReason, type ForwardCounters, noneDropped } from "./counters.ts";

/** What one destination holds, and what became of the rest. */
export class Ledger {
  readonly #destination: string;
  readonly #complaints: Complaints;
  readonly #dropped = noneDropped();
  #heldBytes = 0;
  #heldSpans = 0;
  #sentSpans = 0;
  #sentRequests = 0;
  #retries = 0;
  #lastError: ForwardCounters["lastError"];

  constructor(destination: string, onMessage: (message: string) => void) {
    this.#destination = destination;
    this.#complaints = new Complaints((message) =>
      onMessage(`forwarding to ${destination}: ${message}`),
    );
  }

  /** Bytes of batches that wait or are being sent. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Whether the endpoint has ever taken anything. */
  get everSent(): boolean {
    return this.#sentRequests > 0;
  }

  counters(): ForwardCounters {
    return {
      destination: this.#destination,
      sentSpans: this.#sentSpans,
      sentRequests: this.#sentRequests,
      droppedSpans: { ...this.#dropped },
      queuedSpans: this.#heldSpans,
      queuedBytes: this.#heldBytes,
      retries: this.#retries,
      lastError: this.#lastError,
    };
  }

  hold(batch: Batch): void {
    this.#heldBytes += bytesOf(batch);
    this.#heldSpans += batch.spans;
  }

  release(batch: Batch): void {
    this.#heldBytes -= bytesOf(batch);
    this.#heldSpans -= batch.spans;
  }

  /** The endpoint took `batch`, which was held, but for `rejectedSpans` of it, and said something or nothing. */
  taken(batch: Batch, rejectedSpans: number, message: string): void {
    this.release(batch);
    const rejected = Math.min(rejectedSpans, batch.spans);
    this.#sentRequests += 1;
    this.#sentSpans += batch.spans - rejected;
    this.#dropped.rejected += rejected;
    if (rejected > 0) {
      const said = message === "" ? "" : `: ${message}`;
      this.#note(`it refused ${rejected} of ${batch.spans} spans${said}`);
    } else if (message !== "") {
      this.#note(`it took the spans and says: ${message}`);
    }
  }

  /** `batch`, which was held, is not sent. */
  drop(batch: Batch, reason: DropReason, message: string): void {
    this.release(batch);
    this.lost(batch.spans, reason, message);
  }

  /** Spans that were never held are not sent. */
  lost(spans: number, reason: DropReason, message: string): void {
    this.#dropped[reason] += spans;
    this.#note(message);
  }

  /** A request is to be sent again. */
  retried(message: string): void {
    this.#retries += 1;
    this.#note(message);
  }

  /** The endpoint answers after it did not. */
  recovered(): void {
    this.#complaints.always("it answers again");
  }

  /** Says how many spans the end of the receiver cost. */
  closed(): void {
    const { shutdown } = this.#dropped;
    if (shutdown > 0) {
      this.#complaints.always(`${shutdown} spans were not sent before the receiver stopped`);
    }
  }

  #note(message: string): void {
    this.#lastError = { at: new Date(), message };
    this.#complaints.say(message);
  }
}
