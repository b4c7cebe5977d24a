import type { SpanFacts } from "@spancost/records";
import { type Field, factFields, type Kind, mostBitBytes } from "./fact-fields.ts";

/**
 * The spans that a `FactsWriter` wrote into `bytes`, without what it reserved.
 *
 * @throws RangeError where `bytes` end too early or are something else
 */
export function readFacts(bytes: Buffer, spans: number): SpanFacts[] {
  const reader = new FactsReader(bytes);
  const facts: SpanFacts[] = [];
  for (let count = 0; count < spans; count++) facts.push(reader.read());
  if (!reader.done) throw new RangeError("more bytes than spans");
  return facts;
}

class FactsReader {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #texts: string[] = [];
  readonly #traces: string[] = [];
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }

  get done(): boolean {
    return this.#position === this.#bytes.byteLength;
  }

  read(): SpanFacts {
    const bitBytes = this.#bytes.readUInt8(this.#position);
    const bitsAt = this.#position + 1;
    if (bitBytes > mostBitBytes) throw new RangeError(`${bitBytes} bytes of bits`);
    this.#position = bitsAt + bitBytes;
    const facts: Record<string, unknown> = {};
    for (let index = 0; index < factFields.length; index++) {
      const { name, kind } = factFields[index] as Field;
      const bits = index >> 3 < bitBytes ? (this.#bytes[bitsAt + (index >> 3)] as number) : 0;
      const isSet = (bits & (1 << (index & 7))) !== 0;
      if (kind === "flag") facts[name] = isSet;
      else facts[name] = isSet ? this.#value(kind) : undefined;
    }
    return facts as unknown as SpanFacts;
  }

  #value(kind: Kind): unknown {
    switch (kind) {
      case "text":
        return this.#text();
      case "number":
        return this.#number();
      case "money":
        return this.#view.getBigInt64(this.#advance(8), true);
      case "time":
        return this.#view.getFloat64(this.#advance(8), true);
      case "span":
        return this.#hex(8);
      case "trace":
        return this.#trace();
      case "own":
        return this.#string();
      default:
        return this.#tags();
    }
  }

  #text(): string {
    const index = this.#varint();
    if (index > 0) return known(this.#texts, index);
    const text = this.#string();
    this.#texts.push(text);
    return text;
  }

  #trace(): string {
    const index = this.#varint();
    if (index > 0) return known(this.#traces, index);
    const id = this.#hex(16);
    this.#traces.push(id);
    return id;
  }

  #tags(): Map<string, string> {
    const tags = new Map<string, string>();
    for (let left = this.#varint(); left > 0; left--) tags.set(this.#text(), this.#text());
    return tags;
  }

  #hex(bytes: number): string {
    const start = this.#advance(bytes);
    return this.#bytes.toString("hex", start, start + bytes);
  }

  #string(): string {
    const length = this.#varint();
    const start = this.#advance(length);
    return this.#bytes.toString("utf8", start, start + length);
  }

  #number(): number {
    const value = this.#varint();
    return value > 0 ? value - 1 : this.#view.getFloat64(this.#advance(8), true);
  }

  #varint(): number {
    let value = 0;
    let unit = 1;
    for (;;) {
      const byte = this.#bytes[this.#advance(1)] as number;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
      unit *= 128;
    }
  }

  #advance(bytes: number): number {
    const start = this.#position;
    if (start + bytes > this.#bytes.byteLength) throw new RangeError("spans end too early");
    this.#position = start + bytes;
    return start;
  }
}

function known(table: readonly string[], index: number): string {
  const text = table[index - 1];
  if (text === undefined) throw new RangeError(`text ${index} of ${table.length}`);
  return text;
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
