import type { DuckDBDataChunk } from "@duckdb/node-api";
import { duckdb } from "./bindings.ts";

/** Rows in one data chunk: a vector of DuckDB holds no more. */
export const chunkRows = duckdb.vector_size();

/** One column of a data chunk, in DuckDB's memory. */
export type Vector = ReturnType<typeof duckdb.data_chunk_get_vector>;

/**
 * Fills a vector: value by value, NULL where it is `undefined`. At most `chunkRows` values.
 *
 * Through typed arrays and few copies: `DuckDBDataChunk.setColumns` takes eight times as long.
 */
export type VectorWriter<Value> = (
  vector: Vector,
  values: readonly (Value | undefined)[],
  count: number,
) => void;

export function vectorOf(chunk: DuckDBDataChunk, column: number): Vector {
  return duckdb.data_chunk_get_vector(chunk.chunk, column);
}

/** Copies the first `bytes` of `source` to the start of a vector's values. */
export function copyValues(vector: Vector, source: ArrayBufferView, bytes: number): void {
  duckdb.copy_data_to_vector(vector, 0, source.buffer as ArrayBuffer, source.byteOffset, bytes);
}

/** The first words of 4 bytes of a vector's values, such as INTEGERs; valid as long as its chunk is. */
export function wordsOf(vector: Vector, count: number): Int32Array {
  const { buffer, byteOffset } = duckdb.vector_get_data(vector, count * 4);
  return new Int32Array(buffer, byteOffset, count);
}

/** A bit for each row of a chunk: whether it has a value. */
const validity = new Uint8Array(chunkRows / 8);

/**
 * Marks the rows that have no value.
 *
 * @returns whether there is any row that has one
 */
export function writeNulls(vector: Vector, values: readonly unknown[], count: number): boolean {
  validity.fill(0xff);
  let nulls = 0;
  for (let row = 0; row < count; row++) {
    if (values[row] !== undefined) continue;
    nulls += 1;
    validity[row >> 3] = (validity[row >> 3] ?? 0) & ~(1 << (row & 7));
  }
  if (nulls > 0) writeValidity(vector, validity, count);
  return nulls < count;
}

/** Says which of the first `count` rows have a value: a bit for each, of 64 at a time. */
export function writeValidity(vector: Vector, bits: Uint8Array<ArrayBuffer>, count: number): void {
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(
    vector,
    0,
    bits.buffer,
    bits.byteOffset,
    Math.ceil(count / 64) * 8,
  );
}

/** Which rows of a vector have a value, a bit for each; `undefined` where all have. */
export function presenceOf(vector: Vector, count: number): Uint8Array | undefined {
  // None where nothing was ever marked, whatever the types of the client say.
  return duckdb.vector_get_validity(vector, Math.ceil(count / 64) * 8) ?? undefined;
}

export function isPresent(presence: Uint8Array | undefined, row: number): boolean {
  return presence === undefined || ((presence[row >> 3] as number) & (1 << (row & 7))) !== 0;
}
