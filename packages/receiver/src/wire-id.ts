import type { ProtobufReader } from "./protobuf-reader.ts";

/** An id field of the span that is being read. Neighbours often have the same trace and the same parent. */
export class WireId {
  /** Bytes of a valid id. */
  readonly wanted: number;
  /** Bytes of the one that was read; 0 where there is none. */
  length = 0;
  readonly #reader: ProtobufReader;
  #start = 0;
  /** Where the id stands that was made into `#lastText`. */
  #lastStart = 0;
  #lastText: string | undefined;

  constructor(reader: ProtobufReader, wanted: 8 | 16) {
    this.#reader = reader;
    this.wanted = wanted;
  }

  /** Forgets the id: another span begins. */
  clear(): void {
    this.length = 0;
  }

  /** Reads the field that comes next. */
  take(): void {
    this.#start = this.#reader.field();
    this.length = this.#reader.position - this.#start;
  }

  get isMissing(): boolean {
    return this.length === 0;
  }

  get hasRightLength(): boolean {
    return this.length === this.wanted;
  }

  /** The id in hex, or `undefined` where W3C calls it invalid. */
  text(): string | undefined {
    if (this.length !== this.wanted) return undefined;
    const { view, bytes } = this.#reader;
    const start = this.#start;
    let any = 0;
    let other = 0;
    for (let i = 0; i < this.wanted; i += 4) {
      const word = view.getInt32(start + i);
      any |= word;
      other |= word ^ view.getInt32(this.#lastStart + i);
    }
    if (any === 0) return undefined;
    if (other !== 0 || this.#lastText === undefined) {
      this.#lastText = hexOf(bytes, start, this.wanted);
      this.#lastStart = start;
    }
    return this.#lastText;
  }
}

/** Codes of the two hex digits of each byte, the upper one first. */
const digits = Buffer.from(
  Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0")).join(""),
);

/** 8 or 16 bytes in hex. A span has up to three ids: Node's own way takes four times as long for one. */
function hexOf(bytes: Buffer, start: number, length: number): string {
  const text = hexOf8(bytes, start);
  return length === 8 ? text : text + hexOf8(bytes, start + 8);
}

function hexOf8(bytes: Buffer, start: number): string {
  const a = (bytes[start] as number) * 2;
  const b = (bytes[start + 1] as number) * 2;
  const c = (bytes[start + 2] as number) * 2;
  const d = (bytes[start + 3] as number) * 2;
  const e = (bytes[start + 4] as number) * 2;
  const f = (bytes[start + 5] as number) * 2;
  const g = (bytes[start + 6] as number) * 2;
  const h = (bytes[start + 7] as number) * 2;
  return String.fromCharCode(
    digits[a] as number,
    digits[a + 1] as number,
    digits[b] as number,
    digits[b + 1] as number,
    digits[c] as number,
    digits[c + 1] as number,
    digits[d] as number,
    digits[d + 1] as number,
    digits[e] as number,
    digits[e + 1] as number,
    digits[f] as number,
    digits[f + 1] as number,
    digits[g] as number,
    digits[g + 1] as number,
    digits[h] as number,
    digits[h + 1] as number,
  );
}
