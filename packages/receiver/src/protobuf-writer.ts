import { bytesTag, fixed64Tag, varintTag } from "./protobuf-reader.ts";

/** Writes protobuf fields one after the other. What is written is present, also when it is 0 or empty. */
export class ProtobufWriter {
  #bytes = Buffer.allocUnsafe(256);
  #length = 0;

  /** An integer, boolean or enum; a negative one in ten bytes, as protobuf's int64 has it. */
  varint(field: number, value: number | bigint): this {
    this.#varint(BigInt(varintTag(field)));
    this.#varint(BigInt.asUintN(64, BigInt(value)));
    return this;
  }

  fixed64(field: number, value: bigint): this {
    this.#varint(BigInt(fixed64Tag(field)));
    this.#length = this.#room(8).writeBigUInt64LE(BigInt.asUintN(64, value), this.#length);
    return this;
  }

  double(field: number, value: number): this {
    this.#varint(BigInt(fixed64Tag(field)));
    this.#length = this.#room(8).writeDoubleLE(value, this.#length);
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value));
  }

  bytes(field: number, value: Uint8Array): this {
    this.#varint(BigInt(bytesTag(field)));
    this.#varint(BigInt(value.byteLength));
    this.#room(value.byteLength).set(value, this.#length);
    this.#length += value.byteLength;
    return this;
  }

  /** A message whose fields `write` writes. */
  message(field: number, write: (inner: ProtobufWriter) => void): this {
    const inner = new ProtobufWriter();
    write(inner);
    return this.bytes(field, inner.finish());
  }

  /** All that was written. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  #varint(value: bigint): void {
    const bytes = this.#room(10);
    let rest = value;
    while (rest >= 0x80n) {
      bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    bytes[this.#length++] = Number(rest);
  }

  /** The buffer, with room for `count` more bytes. */
  #room(count: number): Buffer {
    if (this.#length + count > this.#bytes.byteLength) {
      const larger = Buffer.allocUnsafe(Math.max(this.#bytes.byteLength * 2, this.#length + count));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    return this.#bytes;
  }
}
