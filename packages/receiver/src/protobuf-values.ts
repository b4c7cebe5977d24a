import type { AttributeValue } from "@spancost/semconv";
import { limits } from "./limits.ts";
import type { Problems } from "./problems.ts";
import { bytesTag, fixed64Tag, type ProtobufReader, varintTag } from "./protobuf-reader.ts";

// Source: opentelemetry-proto, opentelemetry/proto/common/v1/common.proto
export const anyValue = {
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

/** Reads an `AnyValue` of whatever form: arrays, fields that come twice, fields that nobody knows. */
export class ProtobufValues {
  readonly #reader: ProtobufReader;
  readonly #problems: Problems;
  #entriesLeft = 0;

  constructor(reader: ProtobufReader, problems: Problems) {
    this.#reader = reader;
    this.#problems = problems;
  }

  /** The value that stands from the reader's position to its end; `key` is its attribute's name. */
  read(key: string): AttributeValue {
    this.#entriesLeft = limits.arrayEntries;
    return this.#value(key, 0);
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
      reader.place(),
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
  if (high === 0) return low;
  const value = (high | 0) * 2 ** 32 + low;
  return Number.isSafeInteger(value) ? value : (BigInt(high | 0) << 32n) | BigInt(low);
}
