import { bytesTag, fixed64Tag, varintTag } from "../protobuf-reader.ts";

/** Most messages that are written anew, attributes above all, are shorter than 128 bytes. */
const smallMessage = 1;
const longestVarint = 10;

/**
 * Writes protobuf into one buffer, messages within messages included.
 *
 * A message's length stands before it and is known after it: room is left for as many digits as were guessed, and
 * where that was wrong the message is moved. So nothing is made for a message but its bytes.
 */
export class MessageWriter {
  #bytes: Buffer;
  #length = 0;
  /** For each open message: where it begins, and for how many bytes of length there is room before it. */
  readonly #open: number[] = [];
  readonly #firstBytes: number;

  /** `firstBytes` is the size of the buffer at first, and again after one that was much larger. */
  constructor(firstBytes = 64 * 1024) {
    this.#firstBytes = firstBytes;
    this.#bytes = Buffer.allocUnsafe(firstBytes);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** What was written, until the next write or `clear`. */
  written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Forgets what was written after the first `length` bytes, and every open message. */
  cutTo(length: number): void {
    this.#length = length;
    this.#open.length = 0;
  }

  /** Forgets everything, and a buffer that one large request made. */
  clear(): void {
    this.cutTo(0);
    if (this.#bytes.byteLength > this.#firstBytes * 8) {
      this.#bytes = Buffer.allocUnsafe(this.#firstBytes);
    }
  }

  /** The bytes of `source` from `start` to `end` as they are. */
  copy(source: Buffer, start: number, end: number): void {
    this.#room(end - start);
    source.copy(this.#bytes, this.#length, start, end);
    this.#length += end - start;
  }

  /** Begins a message, or whatever else has its length before it. Close it after its last field. */
  open(tag: number, guessedLength = smallMessage): void {
    const width = varintBytes(guessedLength);
    this.#number(tag);
    this.#room(width);
    this.#length += width;
    this.#open.push(this.#length, width);
  }

  /** Ends the message that was opened last. */
  close(): void {
    const width = this.#open.pop() ?? 0;
    const start = this.#open.pop() ?? 0;
    const end = this.#length;
    const wanted = varintBytes(end - start);
    // Enough for the length too: a larger buffer would be given only what stands before it.
    this.#room(wanted + longestVarint);
    if (wanted !== width) {
      this.#bytes.copyWithin(start - width + wanted, start, end);
    }
    this.#length = start - width;
    this.#number(end - start);
    this.#length += end - start;
  }

  /** An unsigned integer, boolean or enum, below 2^53. */
  varint(field: number, value: number): void {
    this.#number(varintTag(field));
    this.#number(value);
  }

  /** A signed integer of 64 bits; a negative one takes ten bytes, as protobuf has it. */
  int64(field: number, value: bigint): void {
    this.#number(varintTag(field));
    const bytes = this.#room(longestVarint);
    let rest = BigInt.asUintN(64, value);
    while (rest >= 0x80n) {
      bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    bytes[this.#length++] = Number(rest);
  }

  fixed32(field: number, value: number): void {
    this.#number((field << 3) | 5);
    this.#length = this.#room(4).writeUInt32LE(value >>> 0, this.#length);
  }

  fixed64(field: number, value: bigint): void {
    this.#number(fixed64Tag(field));
    this.#length = this.#room(8).writeBigUInt64LE(BigInt.asUintN(64, value), this.#length);
  }

  double(field: number, value: number): void {
    this.#number(fixed64Tag(field));
    this.#length = this.#room(8).writeDoubleLE(value, this.#length);
  }

  text(field: number, value: string): void {
    const bytes = Buffer.byteLength(value);
    this.#number(bytesTag(field));
    this.#number(bytes);
    this.#room(bytes);
    this.#length += this.#bytes.write(value, this.#length, bytes, "utf8");
  }

  bytes(field: number, value: Buffer): void {
    this.#number(bytesTag(field));
    this.#number(value.byteLength);
    this.copy(value, 0, value.byteLength);
  }

  #number(value: number): void {
    const bytes = this.#room(longestVarint);
    let rest = value;
    while (rest >= 0x80) {
      bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    bytes[this.#length++] = rest;
  }

  /** The buffer, with room for `count` more bytes. */
  #room(count: number): Buffer {
    if (this.#length + count > this.#bytes.byteLength) {
      const larger = Buffer.allocUnsafe(Math.max(this.#bytes.byteLength * 2, this.#length + count));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    return this.#bytes;
  }
}

/** Bytes that a length takes as a varint. */
function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes += 1;
  return bytes;
}
