import { limits } from "./limits.ts";

/** Bytes that can be read one by one and four by four; a `ProtobufReader` is one. */
export interface KeyBytes {
  readonly bytes: Buffer;
  readonly view: DataView;
}

interface Slot {
  readonly length: number;
  /** The bytes four by four, as `wordAt` reads them. */
  readonly words: Int32Array;
  /** `undefined` for a name whose attributes are not kept. */
  readonly name: string | undefined;
}

/** Pairs of slots; a power of 2. Services use some hundred names, and flattened prompts some thousand. */
const pairs = 2048;

/**
 * Names of attributes by their bytes, with whether they are kept.
 *
 * A span's attributes are mostly prompt text under names seen before: their name is found here without
 * making a string of it. It is a cache of fixed size: a sender of ever new names only makes it slower.
 */
export class KeyTable {
  readonly #keep: (key: string) => boolean;
  readonly #slots: (Slot | undefined)[] = new Array(pairs * 2).fill(undefined);
  /** For each slot, the slot of the name that came next when it was last seen. */
  readonly #next = new Uint16Array(pairs * 2);
  #last = 0;

  constructor(keep: (key: string) => boolean) {
    this.#keep = keep;
  }

  /** The name in `source` from `start` to `end`, or `undefined` where its attributes are not kept. */
  find(source: KeyBytes, start: number, end: number): string | undefined {
    const length = end - start;
    if (length === 0 || length > limits.keyBytes) return undefined;
    // Spans of one kind have their attributes in one order, so the name is mostly the one that came next last time.
    const guess = this.#next[this.#last] as number;
    const guessed = this.#slots[guess];
    if (guessed !== undefined && isAt(guessed, source, start, length)) {
      this.#last = guess;
      return guessed.name;
    }
    const index = this.#lookUp(source, start, length);
    this.#next[this.#last] = index;
    this.#last = index;
    return this.#slots[index]?.name;
  }

  /** The index of the slot that holds the name; it is put there when it is new. */
  #lookUp(source: KeyBytes, start: number, length: number): number {
    const first = hash(source, start, length) * 2;
    const a = this.#slots[first];
    if (a !== undefined && isAt(a, source, start, length)) return first;
    const b = this.#slots[first + 1];
    if (b !== undefined && isAt(b, source, start, length)) return first + 1;
    // The older of the two goes, so that two names in use do not displace each other.
    this.#slots[first + 1] = a;
    this.#slots[first] = this.#slotOf(source, start, length);
    return first;
  }

  #slotOf(source: KeyBytes, start: number, length: number): Slot {
    const text = source.bytes.toString("utf8", start, start + length);
    const words = new Int32Array(Math.ceil(length / 4));
    for (let i = 0; i < words.length; i += 1) words[i] = wordAt(source, start, length, i);
    return { length, words, name: this.#keep(text) ? text : undefined };
  }
}

/** Four bytes of a key as one integer. The last four overlap those before; a key below four bytes is one word. */
function wordAt({ bytes, view }: KeyBytes, start: number, length: number, index: number): number {
  if (length >= 4) return view.getInt32(start + Math.min(index * 4, length - 4), true);
  let word = 0;
  for (let i = 0; i < length; i += 1) word = (word << 8) | (bytes[start + i] as number);
  return word;
}

/** FNV-1a over the words, folded to the number of pairs. */
function hash(source: KeyBytes, start: number, length: number): number {
  let sum = 0x811c9dc5 ^ length;
  for (let i = 0; i * 4 < length; i += 1) {
    sum = Math.imul(sum ^ wordAt(source, start, length, i), 0x01000193);
  }
  return (sum ^ (sum >>> 15)) & (pairs - 1);
}

function isAt(slot: Slot, source: KeyBytes, start: number, length: number): boolean {
  if (slot.length !== length) return false;
  const { words } = slot;
  for (let i = 0; i < words.length; i += 1) {
    if (words[i] !== wordAt(source, start, length, i)) return false;
  }
  return true;
}
