import type { SpanFacts } from "@spancost/records";
import { type Field, factFields, type Kind, mostBitBytes } from "./fact-fields.ts";

/** Written as a number one larger, which must be exact too. */
const mostCount = Number.MAX_SAFE_INTEGER;
const smallestBuffer = 64 * 1024;

/** Writes spans one after the other into one growing buffer. */
export class FactsWriter {
  #buffer: Buffer;
  #view: DataView;
  #position: number;
  readonly #texts = new Map<string, number>();
  readonly #traces = new Map<string, number>();
  #spans = 0;

  /** @param reserved bytes left free at the start, for a header */
  constructor(reserved: number) {
    this.#position = reserved;
    this.#buffer = Buffer.allocUnsafeSlow(smallestBuffer);
    this.#view = viewOf(this.#buffer);
  }

  /** How many spans were written. */
  get spans(): number {
    return this.#spans;
  }

  /** Bytes written, the reserved ones included. */
  get bytes(): number {
    return this.#position;
  }

  /** @throws RangeError for a span that cannot be written; it is as if it had not been tried */
  write(facts: SpanFacts): void {
    const start = this.#position;
    const [texts, traces] = [this.#texts.size, this.#traces.size];
    try {
      this.#writeFields(facts);
      this.#spans += 1;
    } catch (error) {
      this.#position = start;
      shorten(this.#texts, texts);
      shorten(this.#traces, traces);
      throw error;
    }
  }

  #writeFields(facts: SpanFacts): void {
    this.#room(1 + mostBitBytes);
    const bitsAt = this.#position;
    const bitBytes = (factFields.length + 7) >> 3;
    this.#buffer[bitsAt] = bitBytes;
    this.#buffer.fill(0, bitsAt + 1, bitsAt + 1 + bitBytes);
    this.#position = bitsAt + 1 + bitBytes;
    for (let index = 0; index < factFields.length; index++) {
      const { name, kind } = factFields[index] as Field;
      const value = facts[name];
      if (value === undefined || value === false) continue;
      const at = bitsAt + 1 + (index >> 3);
      this.#buffer[at] = (this.#buffer[at] as number) | (1 << (index & 7));
      if (kind !== "flag") this.#value(kind, value);
    }
  }

  /** What was written. The writer is not to be used after it. */
  finish(): Buffer {
    return this.#buffer.subarray(0, this.#position);
  }

  #value(kind: Kind, value: unknown): void {
    switch (kind) {
      case "text":
        this.#text(value as string);
        break;
      case "number":
        this.#number(value as number);
        break;
      case "money":
        this.#money(value as bigint);
        break;
      case "time":
        this.#double(value as number);
        break;
      case "span":
        this.#hex(value as string, 8);
        break;
      case "trace":
        this.#trace(value as string);
        break;
      case "own":
        this.#string(value as string);
        break;
      default:
        this.#tags(value as ReadonlyMap<string, string>);
    }
  }

  #text(text: string): void {
    const known = this.#texts.get(text);
    this.#varint(known ?? 0);
    if (known !== undefined) return;
    this.#string(text);
    this.#texts.set(text, this.#texts.size + 1);
  }

  #trace(id: string): void {
    const known = this.#traces.get(id);
    this.#varint(known ?? 0);
    if (known !== undefined) return;
    this.#hex(id, 16);
    this.#traces.set(id, this.#traces.size + 1);
  }

  #tags(tags: ReadonlyMap<string, string>): void {
    this.#varint(tags.size);
    for (const [key, value] of tags) {
      this.#text(key);
      this.#text(value);
    }
  }

  #money(amount: bigint): void {
    this.#room(8);
    this.#view.setBigInt64(this.#position, amount, true);
    if (this.#view.getBigInt64(this.#position, true) !== amount) {
      throw new RangeError(`${amount} is more money than fits in 64 bits`);
    }
    this.#position += 8;
  }

  #hex(hex: string, bytes: number): void {
    this.#room(bytes);
    const written = this.#buffer.write(hex, this.#position, bytes, "hex");
    if (written !== bytes) throw new RangeError(`an id of ${hex.length / 2} bytes`);
    this.#position += bytes;
  }

  #string(text: string): void {
    // UTF-8 has at most three bytes for a UTF-16 unit.
    this.#room(text.length * 3 + 5);
    const start = this.#position;
    if (text.length < 43) {
      const length = this.#buffer.write(text, start + 1);
      this.#buffer[start] = length;
      this.#position = start + 1 + length;
      return;
    }
    const length = Buffer.byteLength(text);
    this.#varint(length);
    this.#buffer.write(text, this.#position);
    this.#position += length;
  }

  /** One more than the number, for 0 says that a double follows. */
  #number(value: number): void {
    const isCount = Number.isSafeInteger(value) && value >= 0 && value < mostCount;
    this.#varint(isCount ? value + 1 : 0);
    if (!isCount) this.#double(value);
  }

  #double(value: number): void {
    this.#room(8);
    this.#view.setFloat64(this.#position, value, true);
    this.#position += 8;
  }

  #varint(value: number): void {
    this.#room(8);
    let rest = value;
    while (rest > 0x7f) {
      this.#buffer[this.#position++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#position++] = rest;
  }

  #room(bytes: number): void {
    if (this.#position + bytes <= this.#buffer.byteLength) return;
    const larger = Buffer.allocUnsafeSlow(
      Math.max(this.#buffer.byteLength * 2, this.#position + bytes),
    );
    this.#buffer.copy(larger, 0, 0, this.#position);
    this.#buffer = larger;
    this.#view = viewOf(larger);
  }
}

/** Removes what was added after the first `size` entries. */
function shorten(table: Map<string, number>, size: number): void {
  for (const [text, index] of table) if (index > size) table.delete(text);
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
