import type { Resource } from "@spancost/records";
import type { AttributeSource, AttributeValue } from "@spancost/semconv";
import { numberedKeys, numberOfKey } from "@spancost/semconv";
import { hashAt, type WordBytes } from "./byte-words.ts";
import type { WireAttributes } from "./wire-attributes.ts";

/** Resources that are remembered; a power of 2. */
const slots = 256;
/** Of 12 to 40 attributes with some 30 bytes each. */
const longest = 4096;

interface Slot {
  readonly bytes: Buffer;
  readonly resource: Resource;
}

/**
 * Resources by their bytes: a service sends the same one with each of its requests.
 *
 * It is a cache of fixed size: a sender of ever new resources only makes it slower.
 */
export class ResourceTable {
  readonly #slots: (Slot | undefined)[] = new Array(slots).fill(undefined);

  /** The resource whose fields stand in `source` from `start` to `end`, if it is known. */
  find(source: WordBytes, start: number, end: number): Resource | undefined {
    if (end - start > longest) return undefined;
    const slot = this.#slots[hashAt(source, start, end - start) & (slots - 1)];
    if (slot === undefined || slot.bytes.byteLength !== end - start) return undefined;
    return slot.bytes.compare(source.bytes, start, end) === 0 ? slot.resource : undefined;
  }

  put(source: WordBytes, start: number, end: number, resource: Resource): void {
    if (end - start > longest) return;
    const bytes = Buffer.from(source.bytes.subarray(start, end));
    this.#slots[hashAt(source, start, end - start) & (slots - 1)] = { bytes, resource };
  }
}

/** The attributes of a resource: few, made once, and asked for with every span. */
export class ResourceAttributes implements AttributeSource {
  readonly #values = new Map<string, AttributeValue>();
  /** At the number of each key; most have none. */
  readonly #byNumber: AttributeValue[] = new Array(numberedKeys().length).fill(undefined);

  constructor(attributes: WireAttributes) {
    for (const key of attributes.keys()) {
      const value = attributes.get(key);
      if (value === undefined) continue;
      this.#values.set(key, value);
      const number = numberOfKey(key);
      if (number !== undefined) this.#byNumber[number] = value;
    }
  }

  get(key: string): AttributeValue {
    return this.#values.get(key);
  }

  keys(): Iterable<string> {
    return this.#values.keys();
  }

  at(number: number): AttributeValue {
    return this.#byNumber[number];
  }
}
