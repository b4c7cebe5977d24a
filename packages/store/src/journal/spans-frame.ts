import type { TraceId, UnixMicros } from "@spancost/records";
import type { ChangedTrace } from "../changed-traces.ts";
import { PayloadReader } from "./payload-reader.ts";

export const traceIdBytes = 16;
export const spanIdBytes = 8;

/** A frame that is being read: where its texts and traces stand, by their numbers, which begin at 1. */
export class SpansFrame {
  readonly payload: PayloadReader;
  readonly #textStarts: number[] = [0];
  readonly #textLengths: number[] = [0];
  readonly #traceStarts: number[] = [0];
  readonly #spans: number[] = [0];
  readonly #first: number[] = [0];
  readonly #last: number[] = [0];

  constructor(bytes: Buffer) {
    this.payload = new PayloadReader(bytes);
  }

  /** The number of the text that comes next. */
  text(): number {
    const known = this.payload.varint();
    if (known > 0) return checked(known, this.#textStarts);
    const length = this.payload.varint();
    this.#textLengths.push(length);
    return this.#textStarts.push(this.payload.advance(length)) - 1;
  }

  startOfText(number: number): number {
    return this.#textStarts[number] as number;
  }

  lengthOfText(number: number): number {
    return this.#textLengths[number] as number;
  }

  /** The number of the trace that comes next. */
  trace(): number {
    const known = this.payload.varint();
    if (known > 0) return checked(known, this.#traceStarts);
    this.#spans.push(0);
    this.#first.push(0);
    this.#last.push(0);
    return this.#traceStarts.push(this.payload.advance(traceIdBytes)) - 1;
  }

  startOfTrace(number: number): number {
    return this.#traceStarts[number] as number;
  }

  tags(): Map<string, string> {
    const tags = new Map<string, string>();
    for (let left = this.payload.varint(); left > 0; left--) {
      const key = this.#string(this.text());
      tags.set(key, this.#string(this.text()));
    }
    return tags;
  }

  /** Notes a span of a trace. */
  count(trace: number, startedAt: number): void {
    const spans = this.#spans[trace] as number;
    this.#spans[trace] = spans + 1;
    const [first, last] = [this.#first, this.#last];
    if (spans === 0 || startedAt < (first[trace] as number)) first[trace] = startedAt;
    if (spans === 0 || startedAt > (last[trace] as number)) last[trace] = startedAt;
  }

  /** The traces that spans were noted of. */
  *changed(): Generator<ChangedTrace> {
    for (let trace = 1; trace < this.#spans.length; trace++) {
      const spans = this.#spans[trace] as number;
      if (spans === 0) continue;
      const start = this.startOfTrace(trace);
      yield {
        traceId: this.payload.bytes.toString("hex", start, start + traceIdBytes) as TraceId,
        spans,
        first: this.#first[trace] as UnixMicros,
        last: this.#last[trace] as UnixMicros,
      };
    }
  }

  #string(number: number): string {
    const start = this.startOfText(number);
    return this.payload.bytes.toString("utf8", start, start + this.lengthOfText(number));
  }
}

function checked(number: number, table: readonly number[]): number {
  if (number >= table.length) throw new RangeError(`text ${number} of ${table.length - 1}`);
  return number;
}
