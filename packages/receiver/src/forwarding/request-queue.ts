import type { SpanFacts } from "@spancost/records";
import type { BodyFormat } from "../request.ts";

/** A request that was taken, whose spans are stored. */
export interface ForwardedRequest {
  /** `ExportTraceServiceRequest`, inflated. It must not be changed afterwards. */
  readonly body: Uint8Array;
  readonly format: BodyFormat;
  /** Of its spans that were taken, in its order. */
  readonly facts: readonly SpanFacts[];
  /** How many receivers forwarded it before, by its header `spancost-hops`. */
  readonly hops?: number;
  /** The team that the token of its sender speaks for, whatever its spans say. */
  readonly team?: string | undefined;
}

/** Requests are sent together up to this size, so that a distant endpoint keeps up with many small ones. */
export const batchBytes = 1024 * 1024;

/** About what the facts of a span hold in memory. */
const factsBytes = 1024;

/** Requests that wait to be rewritten, in the order in which they came. */
export class RequestQueue {
  readonly #maxBytes: number;
  #requests: ForwardedRequest[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get length(): number {
    return this.#requests.length;
  }

  /** Puts `request` at the end, and takes out and returns the oldest where all are too large together. */
  push(request: ForwardedRequest): ForwardedRequest[] {
    this.#requests.push(request);
    this.#bytes += bytesOf(request);
    let over = 0;
    for (let bytes = this.#bytes; bytes > this.#maxBytes && over < this.#requests.length - 1; ) {
      bytes -= bytesOf(this.#requests[over] as ForwardedRequest);
      over += 1;
    }
    return over === 0 ? [] : this.#take(over);
  }

  /** Takes out requests that go together: the oldest, and those after it that came as far as it and fit with it. */
  takeGroup(): ForwardedRequest[] {
    let bytes = 0;
    let count = 0;
    for (const { body, hops } of this.#requests) {
      bytes += body.byteLength;
      if (count > 0 && (bytes > batchBytes || hops !== this.#requests[0]?.hops)) break;
      count += 1;
    }
    return this.#take(count);
  }

  takeAll(): ForwardedRequest[] {
    return this.#take(this.#requests.length);
  }

  #take(count: number): ForwardedRequest[] {
    const taken = this.#requests.splice(0, count);
    for (const request of taken) this.#bytes -= bytesOf(request);
    return taken;
  }
}

function bytesOf({ body, facts }: ForwardedRequest): number {
  return body.byteLength + facts.length * factsBytes;
}
