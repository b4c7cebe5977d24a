import { setTimeout as delay } from "node:timers/promises";
import type { Written } from "./journal/journal.ts";
import type { SegmentName } from "./journal/segment.ts";

/** Spans written in one transaction: its fixed cost is some milliseconds, and more take more memory. */
export const spansPerCommit = 16_384;
/** Milliseconds that the first span waits for others: a commit costs some milliseconds of work, whatever its size. */
const gatherMs = 1_000;
/** Frames that wait in memory; more are read from the journal when their turn comes. */
const bytesInMemory = 8 * 1024 * 1024;

/** A frame whose spans wait. */
export interface WaitingFrame {
  readonly segment: SegmentName;
  readonly start: number;
  readonly end: number;
  readonly spans: number;
  /** `undefined` where it is left in the journal. */
  readonly payload: Buffer | undefined;
}

/** Somebody who waits for all before it. */
interface Waiter {
  readonly reached: () => void;
  readonly failed: (error: Error) => void;
}

/** A segment that will not be written any more. */
interface ClosedSegment {
  readonly closed: SegmentName;
  readonly end: number;
}

/** What waits, in its order. */
export type Waiting = WaitingFrame | Waiter | ClosedSegment;

/** What is durable and not in the database yet. Bounded in memory: beyond that it knows only where spans stand. */
export class FrameQueue {
  #waiting: Waiting[] = [];
  #bytesInMemory = 0;
  #lagBytes = 0;
  #lagSpans = 0;
  #wake: (() => void) | undefined;
  #stopped = false;
  #inVain: Error | undefined;

  /** Bytes of the journal that wait. */
  get lagBytes(): number {
    return this.#lagBytes;
  }

  get lagSpans(): number {
    return this.#lagSpans;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  add({ segment, start, end, spans, payload }: Written): void {
    const fits = this.#bytesInMemory + payload.byteLength <= bytesInMemory;
    if (fits) this.#bytesInMemory += payload.byteLength;
    this.#lagBytes += end - start;
    this.#lagSpans += spans;
    const kept = fits ? Buffer.from(payload) : undefined;
    this.#push({ segment, start, end, spans, payload: kept });
  }

  close(segment: SegmentName, end: number): void {
    this.#push({ closed: segment, end });
  }

  /** Resolves once all that was added before is done. Rejects at once while waiting is known to be in vain. */
  reached(): Promise<void> {
    return new Promise((reached, failed) => {
      if (this.#stopped) failed(new Error("the store is closing"));
      else if (this.#inVain !== undefined) failed(this.#inVain);
      else this.#push({ reached, failed });
    });
  }

  /** Forgets all frames: they are read from the journal. Those who wait go on waiting. */
  clear(): void {
    this.#waiting = this.#waiting.filter((waiting) => "reached" in waiting);
    this.#bytesInMemory = 0;
    this.#lagBytes = 0;
    this.#lagSpans = 0;
  }

  /** What is written together next. */
  take(): Waiting[] {
    let spans = 0;
    let count = 0;
    for (const waiting of this.#waiting) {
      const more = "spans" in waiting ? waiting.spans : 0;
      if (count > 0 && spans + more > spansPerCommit) break;
      spans += more;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  /** `taken` is in the database. */
  done(taken: readonly Waiting[]): void {
    for (const waiting of taken) {
      if ("reached" in waiting) waiting.reached();
      if (!("spans" in waiting)) continue;
      this.#lagBytes -= waiting.end - waiting.start;
      this.#lagSpans -= waiting.spans;
      this.#bytesInMemory -= waiting.payload?.byteLength ?? 0;
    }
  }

  /** Nobody knows whether `taken` is in the database: those who wait for it go on waiting. */
  failed(taken: readonly Waiting[]): void {
    this.#waiting.unshift(...taken.filter((waiting) => "reached" in waiting));
  }

  /** Nothing can be written, until it could be again. */
  set inVain(error: Error | undefined) {
    this.#inVain = error;
    if (error !== undefined) this.failWaiters(error);
  }

  /** Nobody waits any more: it is in vain. */
  failWaiters(error: Error): void {
    for (const waiting of this.#waiting) if ("failed" in waiting) waiting.failed(error);
    this.#waiting = this.#waiting.filter((waiting) => !("failed" in waiting));
  }

  /** Resolves once something waits, and a little later, unless there is enough or somebody waits for it. */
  async gathered(): Promise<void> {
    if (this.isEmpty && !this.#stopped) await this.#pushed();
    let isOver = false;
    const over = delay(gatherMs).then(() => {
      isOver = true;
    });
    while (!isOver && !this.#stopped && this.#lagSpans < spansPerCommit) {
      if (this.#waiting.some((waiting) => "reached" in waiting)) return;
      await Promise.race([over, this.#pushed()]);
    }
  }

  /** Wakes whoever waits for spans, for there is nothing more to do. */
  stop(): void {
    this.#stopped = true;
    this.#wake?.();
  }

  #push(waiting: Waiting): void {
    this.#waiting.push(waiting);
    this.#wake?.();
  }

  #pushed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
