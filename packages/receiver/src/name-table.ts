import { hashAt, isAt, type WordBytes, wordsAt } from "./byte-words.ts";
import { limits } from "./limits.ts";

/** A name's place in the table, with what is known of the name. */
export interface NameSlot<Known> {
  readonly length: number;
  readonly words: Int32Array;
  readonly known: Known | undefined;
  /** The name that came after this one when it was last seen. */
  next: NameSlot<Known> | undefined;
}

/** Pairs of slots; a power of 2. Services use some hundred names, and flattened prompts some thousand. */
const pairs = 2048;

/**
 * Names of attributes by their bytes, with what is known of each.
 *
 * A span's attributes are mostly prompt text under names seen before: their name is found here without
 * making a string of it. It is a cache of fixed size: a sender of ever new names only makes it slower.
 */
export class NameTable<Known> {
  readonly #knownOf: (name: string) => Known | undefined;
  readonly #slots: (NameSlot<Known> | undefined)[] = new Array(pairs * 2).fill(undefined);
  /** Of a name that is empty or too long; and before the first. */
  readonly nothing: NameSlot<Known> = {
    length: 0,
    words: new Int32Array(1),
    known: undefined,
    next: undefined,
  };
  #last = this.nothing;

  /** @param knownOf what `find` finds for a name; `undefined` for one whose attributes are of no interest */
  constructor(knownOf: (name: string) => Known | undefined) {
    this.#knownOf = knownOf;
  }

  /** What is known of the name in `source` from `start` to `end`: nothing of the empty one, and of those over 256 bytes. */
  find(source: WordBytes, start: number, end: number): Known | undefined {
    this.#last = this.after(this.#last, source, start, end - start);
    return this.#last.known;
  }

  /** The slot of the name that stands in `source`, `last` being that of the name before it. */
  after(last: NameSlot<Known>, source: WordBytes, start: number, length: number): NameSlot<Known> {
    // Spans of one kind have their attributes in one order, so the name is mostly the one that came next last time.
    const guess = last.next;
    if (guess !== undefined && isIn(guess, source, start, length)) return guess;
    if (length === 0 || length > limits.keyBytes) return this.nothing;
    const found = this.#lookUp(source, start, length);
    last.next = found;
    return found;
  }

  /** The slot that holds the name; it is put there when it is new. */
  #lookUp(source: WordBytes, start: number, length: number): NameSlot<Known> {
    const first = (hashAt(source, start, length) & (pairs - 1)) * 2;
    const a = this.#slots[first];
    if (a !== undefined && isIn(a, source, start, length)) return a;
    const b = this.#slots[first + 1];
    if (b !== undefined && isIn(b, source, start, length)) return b;
    // The older of the two goes, so that two names in use do not displace each other.
    this.#slots[first + 1] = a;
    const slot = this.#slotOf(source, start, length);
    this.#slots[first] = slot;
    return slot;
  }

  #slotOf(source: WordBytes, start: number, length: number): NameSlot<Known> {
    const name = source.bytes.toString("utf8", start, start + length);
    return {
      length,
      words: wordsAt(source, start, length),
      known: this.#knownOf(name),
      next: undefined,
    };
  }
}

function isIn(slot: NameSlot<unknown>, source: WordBytes, start: number, length: number): boolean {
  return slot.length === length && isAt(slot.words, 0, source, start, length);
}
