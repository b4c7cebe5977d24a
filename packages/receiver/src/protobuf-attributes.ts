import type { KeptKey } from "./kept-key.ts";
import { limits } from "./limits.ts";
import type { NameSlot, NameTable } from "./name-table.ts";
import type { Problems } from "./problems.ts";
import { bytesTag, ProtobufReader } from "./protobuf-reader.ts";
import { anyValue, ProtobufValues } from "./protobuf-values.ts";
import type { WireAttributes } from "./wire-attributes.ts";

// Source: opentelemetry-proto, opentelemetry/proto/common/v1/common.proto
const keyTag = bytesTag(1);
const valueTag = bytesTag(2);

/** Reads the attributes of one request's spans and resources. A value is looked at only when its name is kept. */
export class ProtobufAttributes {
  readonly #reader: ProtobufReader;
  readonly #keys: NameTable<KeptKey>;
  readonly #values: ProtobufValues;
  readonly #problems: Problems;
  #lastKey: NameSlot<KeptKey>;

  constructor(reader: ProtobufReader, keys: NameTable<KeptKey>, problems: Problems) {
    this.#reader = reader;
    this.#keys = keys;
    this.#values = new ProtobufValues(reader, problems);
    this.#problems = problems;
    this.#lastKey = keys.nothing;
  }

  /** Reads the `KeyValue` that comes next into `attributes`, and those after it that have `tag` too. */
  readAll(tag: number, attributes: WireAttributes): void {
    if (this.#readPlain(tag, attributes)) return;
    const reader = this.#reader;
    const start = reader.field();
    this.#readAny(attributes, start, reader.position);
  }

  /**
   * Reads `KeyValue` after `KeyValue` for as long as they are as every exporter writes them: a key, a value of one field,
   * nothing else, and no more than 16 KiB. `false` where the first one is not; the reader is then where it was.
   *
   * This is where a receiver spends most of its time: one loop over local variables, that looks at each byte of a key
   * and at none of a value that is not kept.
   */
  #readPlain(tag: number, attributes: WireAttributes): boolean {
    const reader = this.#reader;
    const keys = this.#keys;
    const { bytes, end } = reader;
    let slot = this.#lastKey;
    let done = reader.position;
    let position = done;
    for (;;) {
      let at = position + 1;
      let length = bytes[position] as number;
      if (length >= 0x80) {
        const more = bytes[at] as number;
        if (more >= 0x80) break;
        length = (length & 0x7f) | (more << 7);
        at += 1;
      }
      const attributeEnd = at + length;
      const keyLength = bytes[at + 1] as number;
      const keyEnd = at + 2 + keyLength;
      if (attributeEnd > end || keyEnd + 2 > attributeEnd || keyLength >= 0x80) break;
      if (bytes[at] !== keyTag || bytes[keyEnd] !== valueTag) break;
      let valueStart = keyEnd + 2;
      length = bytes[keyEnd + 1] as number;
      if (length >= 0x80) {
        const more = bytes[valueStart] as number;
        if (more >= 0x80) break;
        length = (length & 0x7f) | (more << 7);
        valueStart += 1;
      }
      if (valueStart + length !== attributeEnd) break;
      slot = keys.after(slot, reader, at + 2, keyLength);
      const key = slot.known;
      if (key !== undefined && !putPlain(bytes, attributes, key, valueStart, attributeEnd)) break;
      done = attributeEnd;
      if (done >= end || bytes[done] !== tag) break;
      position = done + 1;
    }
    this.#lastKey = slot;
    const any = done > reader.position;
    reader.position = done;
    return any;
  }

  /** A `KeyValue` whose fields come in any order, more than once, or with others between. */
  #readAny(attributes: WireAttributes, start: number, end: number): void {
    const reader = this.#reader;
    const outerEnd = reader.end;
    reader.position = start;
    reader.end = end;
    let key: KeptKey | undefined;
    let valueStart = -1;
    let valueEnd = -1;
    let earlierParts: Uint8Array | undefined;
    while (reader.more()) {
      const tag = reader.tag();
      if (tag === keyTag) {
        const keyStart = reader.field();
        key = this.#keys.find(reader, keyStart, reader.position);
      } else if (tag === valueTag) {
        if (valueStart >= 0) earlierParts = joined(earlierParts, reader, valueStart, valueEnd);
        valueStart = reader.field();
        valueEnd = reader.position;
      } else {
        reader.skip(tag);
      }
    }
    reader.end = outerEnd;
    if (key === undefined) return;
    if (valueStart < 0) this.#check(attributes.putValue(key, undefined));
    else if (earlierParts === undefined) this.#put(attributes, key, valueStart, valueEnd);
    else this.#putParts(attributes, key, joined(earlierParts, reader, valueStart, valueEnd));
  }

  /** Puts the `AnyValue` that stands from `start` to `end`. */
  #put(attributes: WireAttributes, key: KeptKey, start: number, end: number): void {
    const reader = this.#reader;
    const outerEnd = reader.end;
    const after = reader.position;
    reader.position = start;
    reader.end = end;
    const value = this.#values.read(key.name);
    reader.position = after;
    reader.end = outerEnd;
    this.#check(attributes.putValue(key, value));
  }

  /** A message that comes in parts is the message of the joined parts. It is allowed, and nobody does it. */
  #putParts(attributes: WireAttributes, key: KeptKey, bytes: Uint8Array): void {
    const values = new ProtobufValues(new ProtobufReader(bytes), this.#problems);
    this.#check(attributes.putValue(key, values.read(key.name)));
  }

  #check(hadRoom: boolean): void {
    if (hadRoom) return;
    this.#problems.warn(
      `attributes after number ${limits.attributesPerSpan} dropped`,
      this.#reader.place(),
    );
  }
}

function joined(
  before: Uint8Array | undefined,
  reader: ProtobufReader,
  start: number,
  end: number,
): Uint8Array {
  return Buffer.concat([before ?? new Uint8Array(), reader.bytes.subarray(start, end)]);
}

/** Puts the `AnyValue` from `start` to `end` if it is a text or a small integer and nothing else; else `false`. */
function putPlain(
  bytes: Buffer,
  attributes: WireAttributes,
  key: KeptKey,
  start: number,
  end: number,
): boolean {
  const tag = bytes[start];
  let at = start + 2;
  let first = bytes[start + 1] as number;
  if (tag === anyValue.string) {
    if (first >= 0x80 && at < end) {
      const more = bytes[at] as number;
      if (more >= 0x80) return false;
      first = (first & 0x7f) | (more << 7);
      at += 1;
    }
    return at + first === end && attributes.putText(key, at, end);
  }
  if (tag !== anyValue.int) return false;
  let value = first & 0x7f;
  for (let shift = 7; first >= 0x80 && at < end && shift < 28; shift += 7, at += 1) {
    first = bytes[at] as number;
    value |= (first & 0x7f) << shift;
  }
  return first < 0x80 && at === end && attributes.putNumber(key, value);
}
