import { hashAt, isAsciiAt, isAt, type WordBytes, wordsAt } from "./byte-words.ts";

/** Texts that are remembered; a power of 2. */
const slots = 1024;
/** Longer texts are made anew each time. Models, services, users and span names are shorter. */
const longest = 64;
const wordsPerSlot = longest / 4;
/** Largest `use` but one. */
const uses = 4096;

/** Uses of texts that are not attributes. */
export const Use = {
  spanName: uses - 1,
  eventName: uses - 2,
  scope: uses - 3,
  other: uses - 4,
} as const;

/**
 * Texts by their bytes: one that comes again and again, such as the name of a model, is made once.
 *
 * It is a cache of fixed size. What comes only once, such as the id of a response, never gets in: that takes being
 * seen twice with nothing else of the same slot in between.
 */
export class TextTable {
  readonly #texts: string[] = new Array(slots).fill("");
  readonly #lengths = new Uint8Array(slots);
  readonly #words = new Int32Array(slots * wordsPerSlot);
  /** For each slot, the hash of what looked for a place there last. */
  readonly #seen = new Int32Array(slots);
  /** For each place of use, the slot that had its text last. */
  readonly #last = new Uint16Array(uses);

  /**
   * The text in `source` from `start` to `end`. Bytes that are not UTF-8 become U+FFFD.
   *
   * @param use a small number for what the text is used for, such as that of a key: what has the same use is often the
   * same text
   */
  at(source: WordBytes, start: number, end: number, use: number): string {
    const length = end - start;
    if (length === 0) return "";
    if (length > longest) return source.bytes.toString("utf8", start, end);
    const last = this.#last[use] as number;
    if (this.#isIn(last, source, start, length)) return this.#texts[last] as string;
    const hash = hashAt(source, start, length);
    const slot = hash & (slots - 1);
    if (this.#isIn(slot, source, start, length)) {
      this.#last[use] = slot;
      return this.#texts[slot] as string;
    }
    // As Latin-1 it is made in half the time.
    const encoding = isAsciiAt(source, start, length) ? "latin1" : "utf8";
    const text = source.bytes.toString(encoding, start, end);
    if (this.#seen[slot] === hash) {
      this.#texts[slot] = text;
      this.#lengths[slot] = length;
      this.#words.set(wordsAt(source, start, length), slot * wordsPerSlot);
    } else this.#seen[slot] = hash;
    return text;
  }

  #isIn(slot: number, source: WordBytes, start: number, length: number): boolean {
    return (
      this.#lengths[slot] === length &&
      isAt(this.#words, slot * wordsPerSlot, source, start, length)
    );
  }
}
