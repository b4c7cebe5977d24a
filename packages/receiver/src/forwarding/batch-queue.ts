/** Spans of one or several requests, ready to be sent. */
export interface Batch {
  /** `ExportTraceServiceRequest` in protobuf, gzipped. */
  readonly gzip: Buffer;
  readonly spans: number;
  /** How many receivers have forwarded them, this one included. */
  readonly hops: number;
  /** When sending it failed first, in milliseconds of `performance.now()`. */
  failedAt?: number;
}

/** What a batch holds in memory beside its bytes, about. So a queue of small ones is bounded too. */
const batchOverhead = 512;

/** What `batch` holds in memory. */
export function bytesOf(batch: Batch): number {
  return batch.gzip.byteLength + batchOverhead;
}

/** Batches in the order in which they came; both ends are cheap. */
export class BatchQueue {
  #batches: (Batch | undefined)[] = [];
  #first = 0;

  get length(): number {
    return this.#batches.length - this.#first;
  }

  push(batch: Batch): void {
    this.#batches.push(batch);
  }

  /** Takes out the oldest. */
  shift(): Batch | undefined {
    const batch = this.#batches[this.#first];
    if (batch === undefined) return undefined;
    this.#batches[this.#first] = undefined;
    this.#first += 1;
    if (this.#first > 1024 && this.#first * 2 > this.#batches.length) {
      this.#batches = this.#batches.slice(this.#first);
      this.#first = 0;
    }
    return batch;
  }
}
