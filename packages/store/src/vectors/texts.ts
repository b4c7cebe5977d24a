import { duckdb } from "./bindings.ts";
import { chunkRows, copyValues, type Vector, type VectorWriter, writeNulls } from "./vector.ts";

/**
 * A text as DuckDB's vectors hold it, `duckdb_string_t` in
 * https://github.com/duckdb/duckdb/blob/main/src/include/duckdb.h: the length in 4 bytes, then up to 12 bytes of
 * UTF-8; of longer texts the first 4 bytes and a pointer to all of them.
 */
export const textBytes = 16;
export const inlineBytes = 12;

const encoder = new TextEncoder();

/** Entries, as long as their vector; in bytes and in words of 4. */
let entries = new Uint8Array(chunkRows * textBytes);
let words = new Uint32Array(entries.buffer);

/** All longer texts of a vector, one after the other. */
let heap = new Uint8Array(1 << 16);
let heapUsed = 0;

/** VARCHAR. Halves of surrogate pairs, which no UTF-8 has, become U+FFFD. */
export const writeTexts: VectorWriter<string> = (vector, values, count) => {
  if (writeNulls(vector, values, count)) writeEntries(vector, values, count);
};

/** The texts of a vector without NULLs, which may be longer than a chunk. */
export function writeEntries(
  vector: Vector,
  values: readonly (string | undefined)[],
  count: number,
): void {
  if (count * textBytes > entries.length) {
    entries = new Uint8Array(count * textBytes * 2);
    words = new Uint32Array(entries.buffer);
  }
  heapUsed = 0;
  let last: string | undefined;
  let lastRow = 0;
  for (let row = 0; row < count; row++) {
    const value = values[row];
    if (value === undefined) {
      words[row * 4] = 0;
      continue;
    }
    // Spans come in traces and from services: often the value is that of the row before.
    if (value === last) copyEntry(lastRow, row);
    else writeEntry(row, value);
    last = value;
    lastRow = row;
  }
  if (heapUsed > 0) pointToHeap(vector, words, count, heap.subarray(0, heapUsed));
  copyValues(vector, entries, count * textBytes);
}

function copyEntry(from: number, to: number): void {
  for (let word = 0; word < 4; word++) words[to * 4 + word] = words[from * 4 + word] ?? 0;
}

function writeEntry(row: number, text: string): void {
  const start = heapUsed;
  const length = writeUtf8(text, start);
  const entry = row * textBytes;
  words[row * 4] = length;
  if (length <= inlineBytes) {
    words[row * 4 + 1] = 0;
    words[row * 4 + 2] = 0;
    words[row * 4 + 3] = 0;
    for (let byte = 0; byte < length; byte++) entries[entry + 4 + byte] = heap[start + byte] ?? 0;
    return;
  }
  for (let byte = 0; byte < 4; byte++) entries[entry + 4 + byte] = heap[start + byte] ?? 0;
  // Where in the heap it is, until it is known where the heap is.
  words[row * 4 + 2] = start;
  heapUsed = start + length;
}

/** @returns the number of bytes */
function writeUtf8(text: string, start: number): number {
  const { length } = text;
  if (start + length * 3 > heap.length) {
    const grown = new Uint8Array((start + length * 3) * 2);
    grown.set(heap);
    heap = grown;
  }
  for (let at = 0; at < length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 0x7f) return encoder.encodeInto(text, heap.subarray(start)).written;
    heap[start + at] = unit;
  }
  return length;
}

/**
 * Gives `heap` to DuckDB as one long text of the vector, and turns places in it into pointers. Of rows without a text the
 * length is 0.
 *
 * The vector owns the text, until it is reset. A call for each text would take most of the time.
 */
export function pointToHeap(
  vector: Vector,
  entryWords: Uint32Array,
  count: number,
  heap: Uint8Array,
): void {
  duckdb.vector_assign_string_element_len(vector, 0, heap);
  const assigned = duckdb.vector_get_data(vector, textBytes);
  const view = new DataView(assigned.buffer, assigned.byteOffset, textBytes);
  if (view.getUint32(0, true) !== heap.byteLength) throw new Error("DuckDB did not take the texts");
  const address = Number(view.getBigUint64(8, true));
  for (let word = 0; word < count * 4; word += 4) {
    if ((entryWords[word] as number) <= inlineBytes) continue;
    const pointer = address + (entryWords[word + 2] as number);
    entryWords[word + 2] = pointer % 2 ** 32;
    entryWords[word + 3] = pointer / 2 ** 32;
  }
}
