import { Present } from "./present.ts";
import { inlineBytes, pointToHeap, textBytes } from "./texts.ts";
import { chunkRows, copyValues, type Vector } from "./vector.ts";

/** Places of texts that are remembered for one column; a power of 2. A service has few models, and few features. */
const remembered = 16;

/** The bytes that texts stand in, also as numbers. */
export interface TextSource {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** The first bytes of a word, by their number. */
const firstBytes = [0, 0xff, 0xffff, 0xffffff] as const;

/** The two digits of each byte. */
const digits = Uint8Array.from({ length: 512 }, (_, at) =>
  (((at >> 1) >> (at % 2 === 0 ? 4 : 0)) & 0xf).toString(16).charCodeAt(0),
);

/** The texts of one column, put together from the bytes of a frame: no string is made of them. */
export class TextColumn {
  readonly #present = new Present();
  /** DuckDB's entries, as `vectors/texts.ts` tells of them. */
  readonly #entries = new Uint8Array(chunkRows * textBytes);
  readonly #words = new Uint32Array(this.#entries.buffer);
  #heap = new Uint8Array(1 << 14);
  #used = 0;
  /** For numbers of texts in the frame, where in the heap they stand. */
  readonly #numbers = new Int32Array(remembered).fill(-1);
  readonly #places = new Int32Array(remembered);

  /** The UTF-8 from `start` on, which is the frame's text of that number. */
  putKnown(row: number, number: number, source: TextSource, start: number, length: number): void {
    if (length <= inlineBytes) {
      this.put(row, source, start, length);
      return;
    }
    const at = number & (remembered - 1);
    if (this.#numbers[at] !== number) {
      this.#numbers[at] = number;
      this.#places[at] = this.#used;
      this.#copy(source.bytes, start, length);
    }
    this.#point(row, this.#places[at] as number, length);
  }

  /** The UTF-8 from `start` on. */
  put(row: number, { bytes, view }: TextSource, start: number, length: number): void {
    if (length > inlineBytes) {
      const place = this.#used;
      this.#copy(bytes, start, length);
      this.#point(row, place, length);
      return;
    }
    this.#present.mark(row);
    this.#words[row * 4] = length;
    for (let word = 0; word < inlineBytes / 4; word++) {
      this.#words[row * 4 + 1 + word] = wordAt(bytes, view, start + word * 4, length - word * 4);
    }
  }

  /** The same in hexadecimal, of which the text of that number is made. */
  putHexKnown(row: number, number: number, bytes: Uint8Array, start: number, length: number): void {
    const at = number & (remembered - 1);
    if (this.#numbers[at] === number) {
      this.#point(row, this.#places[at] as number, length * 2);
      return;
    }
    this.#numbers[at] = number;
    this.#places[at] = this.#used;
    this.putHex(row, bytes, start, length);
  }

  /** `length` bytes from `start` on in hexadecimal: more than 12 digits. */
  putHex(row: number, bytes: Uint8Array, start: number, length: number): void {
    const place = this.#used;
    this.#room(length * 2);
    let at = place;
    for (let byte = start; byte < start + length; byte++) {
      const digit = (bytes[byte] as number) * 2;
      this.#heap[at++] = digits[digit] as number;
      this.#heap[at++] = digits[digit + 1] as number;
    }
    this.#used = at;
    this.#point(row, place, length * 2);
  }

  unput(row: number): void {
    this.#present.unmark(row);
  }

  /** Numbers of texts are those of another frame from now on. */
  forgetNumbers(): void {
    this.#numbers.fill(-1);
  }

  /** Fills a vector with the first `count` rows, and begins anew. */
  flush(vector: Vector, count: number): void {
    if (this.#present.write(vector, count)) {
      for (let row = 0; row < count; row++) if (!this.#present.has(row)) this.#words[row * 4] = 0;
      if (this.#used > 0) {
        pointToHeap(vector, this.#words, count, this.#heap.subarray(0, this.#used));
      }
      copyValues(vector, this.#entries, count * textBytes);
    }
    this.clear();
  }

  clear(): void {
    this.#present.clear();
    this.forgetNumbers();
    this.#used = 0;
  }

  #point(row: number, place: number, length: number): void {
    const word = row * 4;
    const heap = this.#heap;
    this.#present.mark(row);
    this.#words[word] = length;
    this.#words[word + 1] =
      (heap[place] as number) |
      ((heap[place + 1] as number) << 8) |
      ((heap[place + 2] as number) << 16) |
      ((heap[place + 3] as number) << 24);
    this.#words[word + 2] = place;
  }

  #copy(bytes: Uint8Array, start: number, length: number): void {
    this.#room(length);
    const to = this.#used;
    for (let byte = 0; byte < length; byte++) this.#heap[to + byte] = bytes[start + byte] as number;
    this.#used = to + length;
  }

  #room(bytes: number): void {
    if (this.#used + bytes <= this.#heap.length) return;
    const grown = new Uint8Array((this.#used + bytes) * 2);
    grown.set(this.#heap);
    this.#heap = grown;
  }
}

/** Up to four bytes as a word, the first of them lowest. */
function wordAt(bytes: Uint8Array, view: DataView, start: number, length: number): number {
  if (length <= 0) return 0;
  if (start + 4 <= bytes.byteLength) {
    const word = view.getUint32(start, true);
    return length >= 4 ? word : word & (firstBytes[length] as number);
  }
  let word = 0;
  for (let byte = 0; byte < length; byte++) word |= (bytes[start + byte] as number) << (byte * 8);
  return word;
}
