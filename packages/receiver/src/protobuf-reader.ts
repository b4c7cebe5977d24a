import { DecodeError } from "./decode-error.ts";

/** How a field's value is laid out. Source: https://protobuf.dev/programming-guides/encoding/#structure */
export const WireType = {
  varint: 0,
  fixed64: 1,
  bytes: 2,
  groupStart: 3,
  groupEnd: 4,
  fixed32: 5,
} as const;

/** Groups in groups that are skipped; deeper ones refuse the message. */
const deepestGroup = 64;

/** The tag of a field that holds bytes, a string or a message. */
export function bytesTag(field: number): number {
  return (field << 3) | WireType.bytes;
}

/** The tag of a field that holds an integer, a boolean or an enum. */
export function varintTag(field: number): number {
  return (field << 3) | WireType.varint;
}

/** The tag of a field that holds eight bytes: a double, or a time in nanoseconds. */
export function fixed64Tag(field: number): number {
  return (field << 3) | WireType.fixed64;
}

/**
 * A cursor over protobuf bytes that never goes past the end of the message it is in.
 *
 * A 64-bit number is read as two unsigned halves, `low` and `high`, which cost no allocation as a BigInt does.
 * Every method throws `DecodeError` where the bytes end too early or cannot be protobuf.
 */
export class ProtobufReader {
  readonly bytes: Buffer;
  /** The same bytes, for numbers of more than one. */
  readonly view: DataView;
  /** Next byte to read. */
  position: number;
  /** First byte after the message being read. */
  end: number;
  /** Lower 32 bits of the number read last, unsigned. */
  low = 0;
  /** Upper 32 bits of the number read last, unsigned. */
  high = 0;

  readonly #origin: number;

  /** `origin` is where `bytes` begin in the whole that offsets are told in. */
  constructor(bytes: Uint8Array, origin = 0) {
    this.#origin = origin;
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = 0;
    this.end = bytes.byteLength;
  }

  /** Whether the message being read has another field. */
  more(): boolean {
    return this.position < this.end;
  }

  /** The next field's number and wire type, as `bytesTag` and its like make them. */
  tag(): number {
    const start = this.position;
    const byte = this.bytes[start] as number;
    if (byte < 0x80 && byte >= 8 && start < this.end) {
      this.position = start + 1;
      return byte;
    }
    this.varint();
    if (this.high !== 0) throw this.#fault("a tag of more than 32 bits", start);
    if (this.low < 8) throw this.#fault("a field number of 0", start);
    return this.low;
  }

  /** Reads a varint into `low` and `high`. */
  varint(): void {
    const byte = this.bytes[this.position] as number;
    if (byte < 0x80 && this.position < this.end) {
      this.position += 1;
      this.low = byte;
      this.high = 0;
    } else {
      this.#longVarint();
    }
  }

  double(): number {
    return this.view.getFloat64(this.advance(8), true);
  }

  /** The number of bytes that a field of type `bytes` holds; they are there. */
  length(): number {
    const start = this.position;
    const byte = this.bytes[start] as number;
    if (byte < 0x80 && byte < this.end - start) {
      this.position = start + 1;
      return byte;
    }
    this.varint();
    const left = this.end - this.position;
    if (this.high !== 0 || this.low > left) {
      throw this.#fault(`${this.high * 2 ** 32 + this.low} bytes wanted, ${left} left`, start);
    }
    return this.low;
  }

  /** Steps over a field of type `bytes` and tells where its bytes start; they end at `position`. */
  field(): number {
    const length = this.length();
    const start = this.position;
    this.position = start + length;
    return start;
  }

  /** Steps over the next `count` bytes and tells where they start. */
  advance(count: number): number {
    const start = this.position;
    const left = this.end - start;
    if (count > left) throw this.#fault(`${count} bytes wanted, ${left} left`, start);
    this.position = start + count;
    return start;
  }

  /** Goes into the message that comes next. Give what is returned to `leave` after its last field. */
  enter(): number {
    const outerEnd = this.end;
    this.end = this.length() + this.position;
    return outerEnd;
  }

  /** Goes back to the message that ends at `outerEnd`, behind the one being read. */
  leave(outerEnd: number): void {
    this.position = this.end;
    this.end = outerEnd;
  }

  /** Goes to the next field of tag `wanted` in the message being read; `false` when there is none. */
  find(wanted: number): boolean {
    while (this.position < this.end) {
      const tag = this.tag();
      if (tag === wanted) return true;
      this.skip(tag);
    }
    return false;
  }

  /** Steps over the fields of type `bytes` that come next, for as long as their tag is `tag`. */
  skipAll(tag: number): void {
    const { bytes, end } = this;
    while (this.position < end && bytes[this.position] === tag) {
      this.position += 1;
      this.field();
    }
  }

  /**
   * A string field's text, of at most its first `maxBytes`.
   *
   * Bytes that are not UTF-8 become U+FFFD: one bad string must not lose a batch.
   */
  text(maxBytes = Number.POSITIVE_INFINITY): string {
    const start = this.field();
    return this.bytes.toString("utf8", start, Math.min(this.position, start + maxBytes));
  }

  /** Steps over the value of a field whose tag has been read. */
  skip(tag: number): void {
    switch (tag & 7) {
      case WireType.varint:
        this.varint();
        return;
      case WireType.fixed64:
        this.advance(8);
        return;
      case WireType.bytes:
        this.field();
        return;
      case WireType.fixed32:
        this.advance(4);
        return;
      case WireType.groupStart:
        this.#skipGroup(tag >>> 3);
        return;
      default:
        throw this.#fault(
          (tag & 7) === WireType.groupEnd ? "the end of no group" : `wire type ${tag & 7}`,
          this.position,
        );
    }
  }

  /** Where the byte at `position` is, for a person. */
  place(position = this.position): string {
    return `byte ${this.#origin + position}`;
  }

  #fault(problem: string, position: number): DecodeError {
    return new DecodeError(problem, this.#origin + position);
  }

  #longVarint(): void {
    const start = this.position;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.bytes[this.advance(1)] as number;
      const seven = byte & 0x7f;
      if (shift < 32) low |= seven << shift;
      if (shift > 28) high |= seven << (shift - 32);
      else if (shift === 28) high = seven >>> 4;
      if (byte < 0x80) {
        this.low = low >>> 0;
        this.high = high >>> 0;
        return;
      }
    }
    throw this.#fault("a varint of more than 10 bytes", start);
  }

  #skipGroup(field: number): void {
    const open = [field];
    while (open.length > 0) {
      const tag = this.tag();
      if ((tag & 7) === WireType.groupStart) {
        if (open.length === deepestGroup) {
          throw this.#fault(`groups nested more than ${deepestGroup} deep`, this.position);
        }
        open.push(tag >>> 3);
      } else if ((tag & 7) === WireType.groupEnd) {
        if (open.pop() !== tag >>> 3) {
          throw this.#fault("the end of another group", this.position);
        }
      } else {
        this.skip(tag);
      }
    }
  }
}
