import { setImmediate as turn } from "node:timers/promises";
import { DecodeError } from "../decode-error.ts";
import type { Batch } from "./batch-queue.ts";
import type { DropReason, ForwardCounters } from "./counters.ts";
import { type DeliveryLimits, Destination } from "./destination.ts";
import { endpointOf } from "./endpoint.ts";
import { gzip } from "./gzip.ts";
import { jsonToProtobuf } from "./json-to-protobuf.ts";
import { MessageWriter } from "./message-writer.ts";
import { batchBytes, type ForwardedRequest, RequestQueue } from "./request-queue.ts";
import { type ContentMode, SpanSplicer } from "./splice-spans.ts";

/** Where spans go on to, and what of them. */
export interface ForwardTarget {
  /** Such as `http://tempo:4318`; see `endpointOf`. */
  readonly address: string;
  /** Sent with every request, such as `Authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly content: ContentMode;
}

/** What a forwarder needs from the world, and what may be set. */
export interface ForwarderOptions extends Partial<DeliveryLimits> {
  readonly targets: readonly ForwardTarget[];
  /** A sentence for the operator's log. It never holds a header or anything of a span. */
  onMessage?(message: string): void;
  /** Bytes of requests that wait to be rewritten. Default 64 MiB. */
  readonly maxWaitingBytes?: number;
}

/** Sends spans on, with what they cost. */
export interface Forwarder {
  /** Takes a request to be forwarded. Returns at once, and never throws: what cannot be forwarded is counted. */
  offer(request: ForwardedRequest): void;
  /** One for each destination. */
  counters(): ForwardCounters[];
  /** Takes no more, sends what waits, and drops what is left after so many milliseconds. Never rejects. */
  close(withinMs: number): Promise<void>;
}

const mebibyte = 1024 * 1024;

const defaults: DeliveryLimits & { readonly maxWaitingBytes: number } = {
  maxQueueBytes: 64 * mebibyte,
  maxRequests: 4,
  // As OTLP exporters have it.
  requestMs: 10_000,
  // An outage of an hour loses nothing as long as the queue has room.
  giveUpMs: 3_600_000,
  maxWaitingBytes: 64 * mebibyte,
};

/** Receivers that spans go through at most. More than a chain of them needs, and the end of every circle. */
const mostHops = 3;

/** How many receivers forwarded a request, by its header `spancost-hops`. */
export function hopsOf(header: string | readonly string[] | undefined): number {
  const hops = Number(typeof header === "string" ? header : 0);
  return Number.isInteger(hops) && hops > 0 ? hops : 0;
}

/** @throws EndpointError where a target has no usable address */
export function createForwarder(options: ForwarderOptions): Forwarder {
  return new SpanForwarder(options);
}

/** Destinations that get the same bytes. */
interface Route {
  readonly splicer: SpanSplicer;
  readonly destinations: Destination[];
}

class SpanForwarder implements Forwarder {
  readonly #routes = new Map<ContentMode, Route>();
  readonly #destinations: Destination[] = [];
  readonly #writer = new MessageWriter(batchBytes);
  readonly #waiting: RequestQueue;
  #rewriting: Promise<void> | undefined;
  #closed = false;

  constructor(options: ForwarderOptions) {
    const settings = { ...defaults, ...options };
    this.#waiting = new RequestQueue(settings.maxWaitingBytes);
    for (const { address, headers = {}, content } of options.targets) {
      const endpoint = endpointOf(address);
      const { authorization } = endpoint;
      const destination = new Destination({
        ...settings,
        endpoint,
        headers: {
          ...(authorization !== undefined && { Authorization: authorization }),
          ...headers,
        },
        onMessage: (message) => options.onMessage?.(message),
      });
      const route = this.#routes.get(content);
      if (route !== undefined) route.destinations.push(destination);
      else
        this.#routes.set(content, {
          splicer: new SpanSplicer(content),
          destinations: [destination],
        });
      this.#destinations.push(destination);
    }
  }

  offer(request: ForwardedRequest): void {
    const spans = request.facts.length;
    if (spans === 0) return;
    if (this.#closed) {
      this.#lost(this.#destinations, spans, "shutdown", "the receiver is stopping");
    } else if ((request.hops ?? 0) >= mostHops) {
      const message = `spans that ${mostHops} receivers forwarded go no further: do two forward to each other?`;
      this.#lost(this.#destinations, spans, "loop", message);
    } else {
      const message = "more arrives than can be rewritten: the oldest spans are dropped";
      for (const { facts } of this.#waiting.push(request)) {
        this.#lost(this.#destinations, facts.length, "queue_full", message);
      }
      this.#rewriting ??= this.#rewriteAll();
    }
  }

  counters(): ForwardCounters[] {
    return this.#destinations.map((destination) => destination.counters());
  }

  async close(withinMs: number): Promise<void> {
    this.#closed = true;
    const end = performance.now() + withinMs;
    await Promise.race([this.#rewriting, elapsed(withinMs)]);
    for (const { facts } of this.#waiting.takeAll()) {
      this.#lost(this.#destinations, facts.length, "shutdown", "the receiver stopped");
    }
    const left = Math.max(0, end - performance.now());
    await Promise.all(this.#destinations.map((destination) => destination.close(left)));
  }

  /** Never rejects. The answers to the requests go out first. */
  async #rewriteAll(): Promise<void> {
    await turn();
    while (this.#waiting.length > 0) {
      const group = this.#inProtobuf(this.#waiting.takeGroup());
      for (const route of this.#routes.values()) {
        const batch = await this.#rewrite(group, route);
        if (batch === undefined) continue;
        for (const destination of route.destinations) destination.offer({ ...batch });
      }
      await turn();
    }
    this.#rewriting = undefined;
  }

  /** Those of `group` that can be read, what came as JSON in protobuf. */
  #inProtobuf(group: readonly ForwardedRequest[]): ForwardedRequest[] {
    return group.flatMap((request) => {
      if (request.format === "protobuf") return [request];
      const writer = new MessageWriter(request.body.byteLength);
      try {
        jsonToProtobuf(request.body, writer);
        return [{ ...request, body: writer.written(), format: "protobuf" }];
      } catch (error) {
        this.#lost(this.#destinations, request.facts.length, "unreadable", reasonOf(error));
        return [];
      }
    });
  }

  /** One request of all in `group`, for requests in protobuf one after the other are one. Never rejects. */
  async #rewrite(
    group: readonly ForwardedRequest[],
    { splicer, destinations }: Route,
  ): Promise<Batch | undefined> {
    const writer = this.#writer;
    writer.clear();
    let spans = 0;
    for (const request of group) {
      const start = writer.length;
      try {
        const steps = splicer.splice(request, writer);
        let step = steps.next();
        for (; !step.done; step = steps.next()) await turn();
        spans += step.value;
      } catch (error) {
        writer.cutTo(start);
        this.#lost(destinations, request.facts.length, "unreadable", reasonOf(error));
      }
    }
    if (spans === 0) return undefined;
    try {
      const hops = (group[0]?.hops ?? 0) + 1;
      return { gzip: await gzip(writer.written()), spans, hops };
    } catch (error) {
      this.#lost(destinations, spans, "unreadable", reasonOf(error));
      return undefined;
    }
  }

  #lost(
    destinations: readonly Destination[],
    spans: number,
    reason: DropReason,
    message: string,
  ): void {
    for (const destination of destinations) destination.lost(spans, reason, message);
  }
}

/** A `DecodeError` quotes nothing of what it is about. */
function reasonOf(error: unknown): string {
  const problem = error instanceof DecodeError ? error.message : "a fault";
  return `a request cannot be rewritten: ${problem}; its spans are dropped`;
}

function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
