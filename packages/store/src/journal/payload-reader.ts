import { mostBitBytes } from "./fact-bits.ts";

/** A cursor over the payload of a frame. Every method throws RangeError where it ends too early. */
export class PayloadReader {
  readonly bytes: Buffer;
  readonly view: DataView;
  /** The bits of the span that is being read; those that it does not have are 0. */
  readonly bits = new Uint8Array(mostBitBytes);
  #position = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.#position === this.bytes.byteLength;
  }

  /** Goes to the next span, and reads its bits. */
  nextSpan(): void {
    const count = this.bytes[this.advance(1)] as number;
    if (count > mostBitBytes) throw new RangeError(`${count} bytes of bits`);
    const start = this.advance(count);
    for (let byte = 0; byte < mostBitBytes; byte++) {
      this.bits[byte] = byte < count ? (this.bytes[start + byte] as number) : 0;
    }
  }

  /** Steps over so many bytes, and tells where they start. */
  advance(count: number): number {
    const start = this.#position;
    if (start + count > this.bytes.byteLength) throw new RangeError("spans end too early");
    this.#position = start + count;
    return start;
  }

  varint(): number {
    let value = 0;
    let unit = 1;
    for (;;) {
      const byte = this.bytes[this.advance(1)] as number;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
      unit *= 128;
    }
  }

  number(): number {
    const value = this.varint();
    return value > 0 ? value - 1 : this.double();
  }

  double(): number {
    return this.view.getFloat64(this.advance(8), true);
  }
}
