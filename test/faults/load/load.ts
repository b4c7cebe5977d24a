import { setTimeout as delay } from "node:timers/promises";
import { Random } from "../../../packages/cli/src/demo/random.ts";
import type { Ledger } from "./ledger.ts";
import { Exporter, type Target, type Way } from "./sending.ts";

/** How hard senders push. */
export interface LoadOptions {
  readonly senders?: number;
  /** Longest pause between two requests of a sender, in milliseconds. */
  readonly pauseMs?: number;
  /** Most new spans in a request. */
  readonly maxSpans?: number;
}

/** Of a hundred spans, so many are sent again although they were acknowledged. */
const resentPercent = 10;

/**
 * Services that send: each batch goes out until it is acknowledged, as an exporter sends it. Spans of batches that
 * were not are also put into other batches, in other encodings; and a tenth of all is sent again for no reason.
 */
export class Load {
  /** Where to send; `undefined` while nobody is there. */
  target: Target | undefined;
  readonly #ledger: Ledger;
  readonly #options: Required<LoadOptions>;
  readonly #random: Random;
  #state: "running" | "paused" | "draining" | "stopped" = "paused";
  #busy = 0;
  readonly #senders: Promise<void>[] = [];

  constructor(ledger: Ledger, random: Random, options: LoadOptions = {}) {
    this.#ledger = ledger;
    this.#random = random;
    this.#options = { senders: 6, pauseMs: 12, maxSpans: 120, ...options };
  }

  resume(): void {
    this.#state = "running";
    if (this.#senders.length > 0) return;
    for (let nth = 0; nth < this.#options.senders; nth++) this.#senders.push(this.#send());
  }

  /** Resolves once no request is on its way. */
  async pause(): Promise<void> {
    this.#state = "paused";
    while (this.#busy > 0) await delay(5);
  }

  /** No new spans; resolves once all that were sent are acknowledged. @throws Error where that takes too long */
  async drain(withinMs = 60_000): Promise<void> {
    this.resume();
    this.#state = "draining";
    const until = Date.now() + withinMs;
    while (this.#ledger.acked < this.#ledger.sent || this.#busy > 0) {
      if (Date.now() > until) {
        const open = this.#ledger.sent - this.#ledger.acked;
        throw new Error(`${open} spans were still not acknowledged after ${withinMs / 1000} s`);
      }
      await delay(20);
    }
    await this.pause();
  }

  async stop(): Promise<void> {
    this.#state = "stopped";
    await Promise.all(this.#senders);
  }

  async #send(): Promise<void> {
    const exporter = new Exporter();
    const random = new Random(Math.floor(this.#random.next() * 2 ** 32));
    /** Batches that were not acknowledged. */
    const open: number[][] = [];
    while (this.#state !== "stopped") {
      const { target } = this;
      const rests = this.#state === "paused" || (this.#state === "draining" && open.length === 0);
      if (target === undefined || rests) {
        await delay(10);
        continue;
      }
      this.#busy += 1;
      const batch = this.#nextBatch(open, random);
      await this.#sendOne(exporter, target, batch, open, random);
      this.#busy -= 1;
      await delay(random.next() * this.#options.pauseMs);
    }
    exporter.close();
  }

  /** A batch that is open, as it was or in other company, or new spans; and some that were acknowledged long ago. */
  #nextBatch(open: number[][], random: Random): number[] {
    const batch = open.shift() ?? [];
    if (batch.length > 1 && random.chance(0.3)) {
      open.push(batch.splice(Math.floor(random.next() * batch.length)));
    }
    if (this.#state === "running" && (batch.length === 0 || random.chance(0.3))) {
      const count = 1 + Math.floor(random.next() * this.#options.maxSpans);
      batch.push(...this.#ledger.take(count));
    }
    const again = Math.floor((batch.length * resentPercent) / 100 + random.next());
    for (let nth = 0; nth < again; nth++) {
      const old = this.#ledger.ackedSpan(Math.floor(random.next() * this.#ledger.acked));
      if (old !== undefined && !batch.includes(old)) batch.push(old);
    }
    return batch;
  }

  async #sendOne(
    exporter: Exporter,
    target: Target,
    batch: number[],
    open: number[][],
    random: Random,
  ): Promise<void> {
    if (batch.length === 0) return;
    const way = wayOf(random);
    const outcome = await exporter.send(target, this.#ledger.calls.request(batch), way);
    this.#ledger.answered(outcome.kind === "later" ? outcome.status : outcome.kind);
    switch (outcome.kind) {
      case "acked":
        this.#ledger.ack(batch);
        this.#checkAnswer(outcome.body, way);
        return;
      case "refused":
        this.#ledger.violated(
          `a good request (${way.format}) was refused for good: ${outcome.status} ${outcome.text}`,
        );
        break;
      case "later":
      case "unknown":
        break;
      default:
        outcome satisfies never;
    }
    open.push(batch);
    await delay(20 + random.next() * 100);
  }

  /** Success is an empty message: nothing was rejected, and there is nothing to warn of. */
  #checkAnswer(body: Buffer, { format }: Way): void {
    const isEmpty = format === "json" ? body.toString() === "{}" : body.byteLength === 0;
    if (!isEmpty) {
      const words = body.toString("latin1").replaceAll(/[^ -~]/g, "");
      this.#ledger.violated(`a good request (${format}) was answered with ${words}`);
    }
  }
}

function wayOf(random: Random): Way {
  return { format: random.pick(["protobuf", "json", "grpc"]), gzip: random.chance(0.5) };
}
