import {
  type AttributeSource,
  type AttributeValue,
  numberedKeys,
  numberOfKey,
} from "@spancost/semconv";
import type { WordBytes } from "./byte-words.ts";
import type { KeptKey } from "./kept-key.ts";
import { limits } from "./limits.ts";
import { type TextTable, Use } from "./text-table.ts";

const nowhere: WordBytes = { bytes: Buffer.alloc(0), view: new DataView(new ArrayBuffer(0)) };
const none: readonly string[] = [];

/** How a value is held. */
const Held = {
  /** A text, as the place where it stands in the bytes. */
  text: 0,
  number: 1,
  /** As it is. */
  value: 2,
} as const;

/**
 * The kept attributes of the span that is being read, as places in its bytes.
 *
 * A text is made when it is asked for, and one object serves all spans: of most spans nearly nothing is ever made, and
 * nothing is left behind to be collected.
 */
export class WireAttributes implements AttributeSource {
  readonly #texts: TextTable;
  #source = nowhere;
  #count = 0;
  /** Of each attribute, in the order in which they came, the number of its key, or -1 … */
  readonly #numbers = new Int32Array(limits.attributesPerSpan);
  /** … its value, in one of these … */
  readonly #held = new Uint8Array(limits.attributesPerSpan);
  readonly #starts = new Int32Array(limits.attributesPerSpan);
  readonly #ends = new Int32Array(limits.attributesPerSpan);
  readonly #doubles = new Float64Array(limits.attributesPerSpan);
  readonly #values: AttributeValue[] = [];
  /** For a key's number, which attribute may have it: it does where `#numbers` says so. */
  readonly #byNumber = new Int32Array(numberedKeys().length);
  /** The attributes whose keys have no number. */
  readonly #byName = new Map<string, number>();

  constructor(texts: TextTable) {
    this.#texts = texts;
  }

  /** Forgets all attributes. The next ones stand in `source`. */
  clear(source: WordBytes): void {
    this.#count = 0;
    this.#source = source;
    if (this.#byName.size > 0) this.#byName.clear();
  }

  /** As `clear`, and lets go of all memory that is not its own. */
  release(): void {
    this.clear(nowhere);
    this.#values.length = 0;
  }

  /** Puts the text that stands from `start` to `end`. `false` where there is no room for another name. */
  putText(key: KeptKey, start: number, end: number): boolean {
    const index = this.#place(key);
    if (index < 0) return false;
    this.#held[index] = Held.text;
    this.#starts[index] = start;
    this.#ends[index] = end;
    return true;
  }

  putNumber(key: KeptKey, value: number): boolean {
    const index = this.#place(key);
    if (index < 0) return false;
    this.#held[index] = Held.number;
    this.#doubles[index] = value;
    return true;
  }

  /** Puts any value; `undefined` takes away what the name had. */
  putValue(key: KeptKey, value: AttributeValue): boolean {
    const index = this.#place(key);
    if (index < 0) return false;
    this.#held[index] = Held.value;
    this.#values[index] = value;
    return true;
  }

  get(name: string): AttributeValue {
    const number = numberOfKey(name) ?? this.#byNumber.length;
    if (number < this.#byNumber.length) return this.at(number);
    const index = this.#byName.get(name);
    return index === undefined ? undefined : this.#valueAt(index);
  }

  at(number: number): AttributeValue {
    const index = this.#byNumber[number];
    // A number that was given after this object was made.
    if (index === undefined) return this.get(numberedKeys()[number] ?? "");
    return index < this.#count && this.#numbers[index] === number
      ? this.#valueAt(index)
      : undefined;
  }

  *keys(): Generator<string, void> {
    const numbered = numberedKeys();
    for (let i = 0; i < this.#count; i += 1) {
      const number = this.#numbers[i] as number;
      if (number >= 0) yield numbered[number] as string;
    }
    yield* this.#byName.keys();
  }

  keysWithoutNumber(): Iterable<string> {
    return this.#byName.size === 0 ? none : this.#byName.keys();
  }

  /** Where the attribute of `key` goes: the last one of a name wins. -1 where there are too many. */
  #place(key: KeptKey): number {
    const { number } = key;
    if (number < 0) return this.#placeByName(key.name);
    const known = this.#byNumber[number] as number;
    const count = this.#count;
    if (known < count && this.#numbers[known] === number) return known;
    if (count === limits.attributesPerSpan) return -1;
    this.#count = count + 1;
    this.#numbers[count] = number;
    this.#byNumber[number] = count;
    return count;
  }

  #placeByName(name: string): number {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const index = this.#count;
    if (index === limits.attributesPerSpan) return -1;
    this.#count = index + 1;
    this.#numbers[index] = -1;
    this.#byName.set(name, index);
    return index;
  }

  #valueAt(index: number): AttributeValue {
    const held = this.#held[index];
    if (held === Held.number) return this.#doubles[index];
    if (held === Held.value) return this.#values[index];
    const start = this.#starts[index] as number;
    const number = this.#numbers[index] as number;
    const use = number < 0 ? Use.other : number;
    const text = this.#texts.at(this.#source, start, this.#ends[index] as number, use);
    this.#held[index] = Held.value;
    this.#values[index] = text;
    return text;
  }
}
