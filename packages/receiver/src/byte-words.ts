/** Bytes that can be read one by one and four by four; a `ProtobufReader` is one. */
export interface WordBytes {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/**
 * `length` bytes as words of four, to be compared with others later.
 *
 * The last word overlaps the one before it where that is needed; less than four bytes are one word.
 */
export function wordsAt({ bytes, view }: WordBytes, start: number, length: number): Int32Array {
  if (length < 4) return Int32Array.of(shortWord(bytes, start, length));
  const words = new Int32Array(Math.ceil(length / 4));
  const last = words.length - 1;
  for (let i = 0; i < last; i += 1) words[i] = view.getInt32(start + i * 4, true);
  words[last] = view.getInt32(start + length - 4, true);
  return words;
}

/** Whether the `length` bytes from `start` are those that `words` were made of, from `first` on. */
export function isAt(
  words: Int32Array,
  first: number,
  { bytes, view }: WordBytes,
  start: number,
  length: number,
): boolean {
  if (length < 4) return words[first] === shortWord(bytes, start, length);
  const lastStart = start + length - 4;
  let i = first;
  for (let at = start; at < lastStart; at += 4, i += 1) {
    if (words[i] !== view.getInt32(at, true)) return false;
  }
  return words[i] === view.getInt32(lastStart, true);
}

/** FNV-1a over the words of `length` bytes, its upper half mixed into the lower. */
export function hashAt({ bytes, view }: WordBytes, start: number, length: number): number {
  let sum = 0x811c9dc5 ^ length;
  if (length < 4) sum = Math.imul(sum ^ shortWord(bytes, start, length), 0x01000193);
  else {
    const lastStart = start + length - 4;
    for (let at = start; at < lastStart; at += 4) {
      sum = Math.imul(sum ^ view.getInt32(at, true), 0x01000193);
    }
    sum = Math.imul(sum ^ view.getInt32(lastStart, true), 0x01000193);
  }
  return sum ^ (sum >>> 15);
}

/** Whether all of `length` bytes are ASCII. */
export function isAsciiAt({ bytes, view }: WordBytes, start: number, length: number): boolean {
  if (length < 4) return (shortWord(bytes, start, length) & 0x80808080) === 0;
  const lastStart = start + length - 4;
  let any = view.getInt32(lastStart, true);
  for (let at = start; at < lastStart; at += 4) any |= view.getInt32(at, true);
  return (any & 0x80808080) === 0;
}

function shortWord(bytes: Buffer, start: number, length: number): number {
  let word = 0;
  for (let i = 0; i < length; i += 1) word = (word << 8) | (bytes[start + i] as number);
  return word;
}
