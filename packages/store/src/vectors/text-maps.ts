import { duckdb } from "./bindings.ts";
import { writeEntries } from "./texts.ts";
import { chunkRows, copyValues, type VectorWriter, writeNulls } from "./vector.ts";

/** Where in the keys and values a row's begin, and how many they are: two numbers of 8 bytes, in words of 4. */
const ranges = new Uint32Array(chunkRows * 4);

/** MAP(VARCHAR, VARCHAR): to DuckDB a list of pairs. */
export const writeTextMaps: VectorWriter<ReadonlyMap<string, string>> = (vector, values, count) => {
  if (!writeNulls(vector, values, count)) return;
  const keys: string[] = [];
  const texts: string[] = [];
  for (let row = 0; row < count; row++) {
    const map = wellFormed(values[row]);
    ranges[row * 4] = keys.length;
    ranges[row * 4 + 2] = map?.size ?? 0;
    if (map === undefined) continue;
    for (const [key, text] of map) {
      keys.push(key);
      texts.push(text);
    }
  }
  duckdb.list_vector_reserve(vector, keys.length);
  duckdb.list_vector_set_size(vector, keys.length);
  const pairs = duckdb.list_vector_get_child(vector);
  writeEntries(duckdb.struct_vector_get_child(pairs, 0), keys, keys.length);
  writeEntries(duckdb.struct_vector_get_child(pairs, 1), texts, texts.length);
  copyValues(vector, ranges, count * 16);
};

/** Keys that differ only in halves of surrogate pairs would be one key twice, which DuckDB refuses to merge. */
function wellFormed(
  map: ReadonlyMap<string, string> | undefined,
): ReadonlyMap<string, string> | undefined {
  if (map === undefined || [...map.keys()].every((key) => key.isWellFormed())) return map;
  return new Map([...map].map(([key, text]) => [key.toWellFormed(), text]));
}
