import type { Calls } from "./calls.ts";

/** Nanoseconds on the clock that the disk's log has too. */
export function now(): number {
  return Number(process.hrtime.bigint());
}

/** What senders know: which spans were sent, and which of them a receiver has acknowledged, and when. */
export class Ledger {
  readonly calls: Calls;
  /** Spans that were sent again although they had been acknowledged. */
  resent = 0;
  /** Of these, requests that were answered in each way. */
  readonly answers = new Map<string, number>();
  /** Acknowledged spans that some look did not find, and spans or records that one found more than once. */
  lost = 0;
  doubled = 0;
  /** What a sender must never see. */
  readonly violations: string[] = [];
  readonly #sentAt: number[] = [0];
  readonly #ackedAt: number[] = [0];
  readonly #ackedNumbers: number[] = [];

  constructor(calls: Calls) {
    this.calls = calls;
  }

  /** Spans that exist so far. */
  get sent(): number {
    return this.#sentAt.length - 1;
  }

  get acked(): number {
    return this.#ackedNumbers.length;
  }

  /** New spans, which are about to be sent. */
  take(count: number): number[] {
    const first = this.#sentAt.length;
    const time = now();
    for (let nth = 0; nth < count; nth++) {
      this.#sentAt.push(time);
      this.#ackedAt.push(0);
    }
    return Array.from({ length: count }, (_, nth) => first + nth);
  }

  ack(numbers: readonly number[]): void {
    const time = now();
    for (const number of numbers) {
      if (this.#ackedAt[number] === 0) {
        this.#ackedAt[number] = time;
        this.#ackedNumbers.push(number);
      } else this.resent += 1;
    }
  }

  /** The span that was acknowledged as `nth`, from 0. */
  ackedSpan(nth: number): number | undefined {
    return this.#ackedNumbers[nth];
  }

  /** Numbers that were acknowledged before `nanos`. */
  ackedBefore(nanos = Number.POSITIVE_INFINITY): readonly number[] {
    return this.#ackedNumbers.filter((number) => (this.#ackedAt[number] ?? 0) < nanos);
  }

  wasSentBefore(number: number, nanos: number): boolean {
    const time = this.#sentAt[number];
    return time !== undefined && number > 0 && time < nanos;
  }

  answered(how: string): void {
    this.answers.set(how, (this.answers.get(how) ?? 0) + 1);
  }

  violated(what: string): void {
    // The first few tell what is wrong; there may be one with every request.
    if (this.violations.length < 5) this.violations.push(what);
  }
}
