import type { AttributeValue } from "@spancost/semconv";
import type { KeyTable } from "./key-table.ts";
import { limits } from "./limits.ts";
import type { Problems } from "./problems.ts";
import { bytesTag, fixed64Tag, ProtobufReader, varintTag } from "./protobuf-reader.ts";

// Source: opentelemetry-proto, opentelemetry/proto/common/v1/common.proto
const keyValue = { key: bytesTag(1), value: bytesTag(2) } as const;
const anyValue = {
  string: bytesTag(1),
  bool: varintTag(2),
  int: varintTag(3),
  double: fixed64Tag(4),
  array: bytesTag(5),
  map: bytesTag(6),
  bytes: bytesTag(7),
  stringIndex: varintTag(8),
} as const;
const arrayValues = bytesTag(1);

/** Attributes by name while they are being read. */
export type Attributes = Map<string, AttributeValue>;

/** What all spans and resources without attributes share. */
export const noAttributes: ReadonlyMap<string, AttributeValue> = new Map();

/** Reads the attributes of one request's spans and resources. A value is decoded only when its name is kept. */
export class ProtobufAttributes {
  readonly #reader: ProtobufReader;
  readonly #keys: KeyTable;
  readonly #problems: Problems;
  #entriesLeft = 0;

  constructor(reader: ProtobufReader, keys: KeyTable, problems: Problems) {
    this.#reader = reader;
    this.#keys = keys;
    this.#problems = problems;
  }

  /** Reads the `KeyValue` that comes next into `attributes`, which is made when the first one is kept. */
  readInto(attributes: Attributes | undefined): Attributes | undefined {
    const reader = this.#reader;
    const outerEnd = reader.enter();
    let key: string | undefined;
    let valueStart = -1;
    let valueEnd = -1;
    let earlierParts: Uint8Array | undefined;
    while (reader.more()) {
      const tag = reader.tag();
      if (tag === keyValue.key) {
        const start = reader.field();
        key = this.#keys.find(reader, start, reader.position);
      } else if (tag === keyValue.value) {
        if (valueStart >= 0) earlierParts = joined(earlierParts, reader, valueStart, valueEnd);
        valueStart = reader.field();
        valueEnd = reader.position;
      } else {
        reader.skip(tag);
      }
    }
    reader.leave(outerEnd);
    if (key === undefined) return attributes;
    const after = reader.position;
    const value =
      earlierParts === undefined
        ? this.#valueBetween(key, valueStart, valueEnd)
        : this.#valueOfParts(key, joined(earlierParts, reader, valueStart, valueEnd));
    reader.position = after;
    reader.end = outerEnd;
    return this.#set(attributes ?? new Map(), key, value);
  }

  /** The last attribute of a name wins, also when its value is of a kind that is not kept. */
  #set(attributes: Attributes, key: string, value: AttributeValue): Attributes {
    if (value === undefined) attributes.delete(key);
    else if (attributes.size < limits.attributesPerSpan || attributes.has(key))
      attributes.set(key, value);
    else
      this.#problems.warn(
        `attributes after number ${limits.attributesPerSpan} dropped`,
        this.#reader.place(),
      );
    return attributes;
  }

  #valueBetween(key: string, start: number, end: number): AttributeValue {
    if (start < 0) return undefined;
    this.#reader.position = start;
    this.#reader.end = end;
    this.#entriesLeft = limits.arrayEntries;
    return this.#value(key, 0);
  }

  /** A message that comes in parts is the message of the joined parts. It is allowed, and nobody does it. */
  #valueOfParts(key: string, bytes: Uint8Array): AttributeValue {
    const parts = new ProtobufAttributes(new ProtobufReader(bytes), this.#keys, this.#problems);
    return parts.#valueBetween(key, 0, bytes.byteLength);
  }

  #value(key: string, depth: number): AttributeValue {
    const reader = this.#reader;
    let value: AttributeValue;
    while (reader.more()) {
      const tag = reader.tag();
      switch (tag) {
        case anyValue.string:
          value = this.#string(key);
          break;
        case anyValue.int:
          reader.varint();
          value = signed(reader.low, reader.high);
          break;
        case anyValue.double:
          value = reader.double();
          break;
        case anyValue.bool:
          reader.varint();
          value = reader.low !== 0 || reader.high !== 0;
          break;
        case anyValue.array:
          value = this.#array(key, depth, Array.isArray(value) ? value : []);
          break;
        case anyValue.map:
        case anyValue.bytes:
        case anyValue.stringIndex:
          reader.skip(tag);
          value = undefined;
          break;
        default:
          reader.skip(tag);
      }
    }
    return value;
  }

  #string(key: string): string | undefined {
    const reader = this.#reader;
    const start = reader.field();
    const end = reader.position;
    if (end - start <= limits.valueBytes) return reader.bytes.toString("utf8", start, end);
    this.#problems.warn(
      `attribute ${JSON.stringify(key)} dropped: longer than ${limits.valueBytes} bytes`,
      this.#reader.place(),
    );
    return undefined;
  }

  #array(key: string, depth: number, entries: AttributeValue[]): AttributeValue {
    const reader = this.#reader;
    if (depth === limits.arrayDepth) {
      reader.field();
      return undefined;
    }
    const outerEnd = reader.enter();
    while (reader.more()) {
      const tag = reader.tag();
      if (tag === arrayValues && this.#entriesLeft > 0) {
        this.#entriesLeft -= 1;
        const arrayEnd = reader.enter();
        entries.push(this.#value(key, depth + 1));
        reader.leave(arrayEnd);
      } else {
        reader.skip(tag);
      }
    }
    reader.leave(outerEnd);
    return entries;
  }
}

/** Two halves of a 64-bit integer as a number where it is exact, else as a BigInt. */
function signed(low: number, high: number): number | bigint {
  const value = (high | 0) * 2 ** 32 + low;
  return Number.isSafeInteger(value) ? value : (BigInt(high | 0) << 32n) | BigInt(low);
}

function joined(
  before: Uint8Array | undefined,
  reader: ProtobufReader,
  start: number,
  end: number,
): Uint8Array {
  return Buffer.concat([before ?? new Uint8Array(), reader.bytes.subarray(start, end)]);
}
