import { duckdb } from "./bindings.ts";
import { inlineBytes, textBytes } from "./texts.ts";
import { isPresent, presenceOf, type Vector, wordsOf } from "./vector.ts";

const decoder = new TextDecoder();

/** The first `count` texts of a VARCHAR vector, whose entries `texts.ts` tells of. */
export function readTexts(vector: Vector, count: number): (string | null)[] {
  const words = wordsOf(vector, count * 4);
  const bytes = new Uint8Array(words.buffer, words.byteOffset, count * textBytes);
  const presence = presenceOf(vector, count);
  const texts: (string | null)[] = [];
  let last = "";
  let lastRow = -1;
  for (let row = 0; row < count; row++) {
    if (!isPresent(presence, row)) {
      texts.push(null);
      continue;
    }
    // The same entry is the same text, be it in the entry or at the address that the entry has.
    if (lastRow === -1 || !areSame(words, row, lastRow)) last = textAt(bytes, words, row);
    lastRow = row;
    texts.push(last);
  }
  return texts;
}

function areSame(words: Int32Array, row: number, other: number): boolean {
  for (let word = 0; word < 4; word++) {
    if (words[row * 4 + word] !== words[other * 4 + word]) return false;
  }
  return true;
}

function textAt(bytes: Uint8Array, words: Int32Array, row: number): string {
  const length = words[row * 4] as number;
  const start = row * textBytes + 4;
  if (length > inlineBytes) {
    const place = bytes.byteOffset + row * textBytes + 8;
    return decoder.decode(duckdb.get_data_from_pointer(bytes.buffer as ArrayBuffer, place, length));
  }
  let text = "";
  for (let at = start; at < start + length; at++) {
    const byte = bytes[at] as number;
    if (byte >= 0x80) return decoder.decode(bytes.subarray(start, start + length));
    text += String.fromCharCode(byte);
  }
  return text;
}
