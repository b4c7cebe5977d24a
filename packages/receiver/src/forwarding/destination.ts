import type { Agent } from "node:http";
import { type Batch, BatchQueue, bytesOf } from "./batch-queue.ts";
import type { DropReason, ForwardCounters } from "./counters.ts";
import type { Endpoint } from "./endpoint.ts";
import { gunzip } from "./gzip.ts";
import { Ledger } from "./ledger.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { createAgent, post } from "./post.ts";
import { retryDelay } from "./retry-delay.ts";
import { splitBatch } from "./split-batch.ts";

/** How much one destination may hold, and how long sending may take. */
export interface DeliveryLimits {
  /** Bytes of batches that wait or are being sent; the oldest of those that wait is dropped for a new one. */
  readonly maxQueueBytes: number;
  /** Requests at a time. */
  readonly maxRequests: number;
  /** Milliseconds for one request with its answer. */
  readonly requestMs: number;
  /** Milliseconds after its first failure at which a batch is given up. */
  readonly giveUpMs: number;
}

/** What a destination needs from the world. */
export interface DestinationOptions extends DeliveryLimits {
  readonly endpoint: Endpoint;
  readonly headers: Readonly<Record<string, string>>;
  /** A sentence for the operator's log. */
  readonly onMessage: (message: string) => void;
}

/** Sends batches to one endpoint, and keeps those that it does not take now for later. */
export class Destination {
  readonly #options: DestinationOptions;
  readonly #agent: Agent;
  readonly #ledger: Ledger;
  readonly #queue = new BatchQueue();
  readonly #sending = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  #gzip = true;
  /** Failures in a row; while there are any, one request at a time tries whether the endpoint is back. */
  #failures = 0;
  #pause: NodeJS.Timeout | undefined;
  #closing = false;
  #whenEmpty: (() => void) | undefined;

  constructor(options: DestinationOptions) {
    this.#options = options;
    this.#agent = createAgent(options.endpoint.url, options.maxRequests);
    this.#ledger = new Ledger(options.endpoint.name, options.onMessage);
  }

  /** Takes `batch` to be sent. What has waited longest goes where there is no room. */
  offer(batch: Batch): void {
    this.#enqueue(batch);
    this.#pump();
  }

  /** Counts spans that never got as far as a batch. */
  lost(spans: number, reason: DropReason, message: string): void {
    this.#ledger.lost(spans, reason, message);
  }

  counters(): ForwardCounters {
    return this.#ledger.counters();
  }

  /** Sends what waits, each batch once, and drops what is left after so many milliseconds. Never rejects. */
  async close(withinMs: number): Promise<void> {
    this.#closing = true;
    this.#resume();
    if (!this.#isEmpty()) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, withinMs);
        this.#whenEmpty = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#dropQueue();
    this.#stop.abort();
    await Promise.all(this.#sending);
    this.#agent.destroy();
    this.#ledger.closed();
  }

  #isEmpty(): boolean {
    return this.#queue.length === 0 && this.#sending.size === 0;
  }

  #enqueue(batch: Batch): void {
    const { maxQueueBytes } = this.#options;
    const ledger = this.#ledger;
    while (ledger.heldBytes + bytesOf(batch) > maxQueueBytes) {
      const oldest = this.#queue.shift();
      if (oldest === undefined) {
        ledger.lost(batch.spans, "queue_full", "the queue is full: spans are dropped");
        return;
      }
      ledger.drop(oldest, "queue_full", "the queue is full: the oldest spans are dropped");
    }
    ledger.hold(batch);
    this.#queue.push(batch);
  }

  #pump(): void {
    while (this.#pause === undefined) {
      const most = this.#failures === 0 ? this.#options.maxRequests : 1;
      const batch = this.#sending.size < most ? this.#queue.shift() : undefined;
      if (batch === undefined) return;
      const sending = this.#send(batch).finally(() => {
        this.#sending.delete(sending);
        this.#pump();
        if (this.#isEmpty()) this.#whenEmpty?.();
      });
      this.#sending.add(sending);
    }
  }

  /** Never rejects. */
  async #send(batch: Batch): Promise<void> {
    try {
      const outcome = await this.#attempt(batch, true);
      const parts = await this.#partsOf(batch, outcome);
      if (parts === undefined) this.#settle(batch, outcome);
      else this.#replace(batch, parts);
    } catch (error) {
      this.#ledger.drop(batch, "refused", error instanceof Error ? error.message : "a fault");
    }
  }

  async #attempt(batch: Batch, onceMore: boolean): Promise<Outcome> {
    const { endpoint, headers, requestMs } = this.#options;
    const gzipped = this.#gzip;
    const posted = await post({
      url: endpoint.url,
      agent: this.#agent,
      headers: {
        ...headers,
        "Content-Type": "application/x-protobuf",
        ...(gzipped && { "Content-Encoding": "gzip" }),
        "Spancost-Hops": String(batch.hops),
      },
      body: gzipped ? batch.gzip : await gunzip(batch.gzip),
      timeoutMs: requestMs,
      signal: this.#stop.signal,
    });
    // The server had closed the connection already: the request was not even looked at.
    if (posted.kind === "failed" && posted.stale && onceMore) return this.#attempt(batch, false);
    return outcomeOf(posted, gzipped);
  }

  /** The halves of a batch that was refused for what is in it. Who never took anything means the address, or us. */
  async #partsOf(batch: Batch, outcome: Outcome): Promise<Batch[] | undefined> {
    const forItsContent = outcome.kind === "refused" && outcome.forItsContent;
    return forItsContent && this.#ledger.everSent && !this.#closing ? splitBatch(batch) : undefined;
  }

  #replace(batch: Batch, parts: readonly Batch[]): void {
    this.#recovered();
    this.#ledger.release(batch);
    this.#ledger.retried("it refused a request: sent again in two parts");
    for (const part of parts) this.#enqueue(part);
  }

  #settle(batch: Batch, outcome: Outcome): void {
    switch (outcome.kind) {
      case "taken":
        this.#recovered();
        this.#ledger.taken(batch, outcome.rejectedSpans, outcome.message);
        return;
      case "again":
        this.#again(batch, outcome.problem, outcome.afterMs);
        return;
      case "again_plain":
        this.#gzip = false;
        this.#ledger.retried(`${outcome.problem}; from now on sent without gzip`);
        this.#queue.push(batch);
        return;
      case "refused":
        this.#recovered();
        this.#ledger.drop(batch, "refused", `${outcome.problem}; its spans are dropped`);
        return;
      default:
        outcome satisfies never;
    }
  }

  /** Spans keep no order, so the batch goes to the end: one that the endpoint cannot bear holds up no other. */
  #again(batch: Batch, problem: string, afterMs: number | undefined): void {
    if (this.#closing) {
      // There is no time to wait for an endpoint that is away.
      this.#ledger.drop(batch, "shutdown", problem);
      this.#dropQueue();
      return;
    }
    const now = performance.now();
    batch.failedAt ??= now;
    if (now - batch.failedAt > this.#options.giveUpMs) {
      this.#ledger.drop(batch, "gave_up", `${problem}; given up after many tries`);
    } else {
      this.#ledger.release(batch);
      this.#ledger.retried(`${problem}; tried again later`);
      this.#enqueue(batch);
    }
    // Requests that were under way together fail together, and count as one failure.
    if (this.#pause !== undefined) return;
    this.#failures += 1;
    this.#pause = setTimeout(() => this.#resume(), retryDelay(this.#failures, afterMs));
    this.#pause.unref();
  }

  #resume(): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
    this.#pump();
  }

  #recovered(): void {
    if (this.#failures === 0) return;
    this.#failures = 0;
    this.#ledger.recovered();
  }

  #dropQueue(): void {
    for (let batch = this.#queue.shift(); batch !== undefined; batch = this.#queue.shift()) {
      this.#ledger.drop(batch, "shutdown", "the receiver stopped");
    }
  }
}
