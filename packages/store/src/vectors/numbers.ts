import { chunkRows, copyValues, type VectorWriter, writeNulls } from "./vector.ts";

type Numbers = Int32Array | Uint16Array | Uint8Array | Float64Array;

/** DOUBLE. */
export const writeDoubles = numbers(new Float64Array(chunkRows));
/** INTEGER. */
export const writeIntegers = numbers(new Int32Array(chunkRows), -(2 ** 31), 2 ** 31 - 1);
/** USMALLINT. */
export const writeUnsignedShorts = numbers(new Uint16Array(chunkRows), 0, 2 ** 16 - 1);
/** UTINYINT. */
export const writeUnsignedBytes = numbers(new Uint8Array(chunkRows), 0, 2 ** 8 - 1);

const booleans = new Uint8Array(chunkRows);

/** BOOLEAN. */
export const writeBooleans: VectorWriter<boolean> = (vector, values, count) => {
  if (!writeNulls(vector, values, count)) return;
  for (let row = 0; row < count; row++) booleans[row] = values[row] ? 1 : 0;
  copyValues(vector, booleans, count);
};

const words = new Int32Array(chunkRows * 2);

/** BIGINT, and TIMESTAMP in microseconds, of whole numbers that a double holds exactly. */
export const writeWholeNumbers: VectorWriter<number> = (vector, values, count) => {
  if (!writeNulls(vector, values, count)) return;
  for (let row = 0; row < count; row++) {
    const value = values[row];
    if (value === undefined) continue;
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no exact whole number`);
    // Two's complement, the lower half first: typed arrays are little-endian where DuckDB runs.
    words[row * 2] = value % 2 ** 32;
    words[row * 2 + 1] = Math.floor(value / 2 ** 32);
  }
  copyValues(vector, words, count * 8);
};

const scaled = new BigInt64Array(chunkRows);
const decimalLimit = 10n ** 18n;

/** DECIMAL(18, s) of values times 10^s. */
export const writeDecimals: VectorWriter<bigint> = (vector, values, count) => {
  if (!writeNulls(vector, values, count)) return;
  for (let row = 0; row < count; row++) {
    const value = values[row];
    if (value === undefined) continue;
    if (value >= decimalLimit || value <= -decimalLimit) {
      throw new RangeError(`${value} has more than 18 digits`);
    }
    scaled[row] = value;
  }
  copyValues(vector, scaled, count * 8);
};

function numbers(array: Numbers, least = -Infinity, most = Infinity): VectorWriter<number> {
  const whole = Number.isFinite(most);
  return (vector, values, count) => {
    if (!writeNulls(vector, values, count)) return;
    for (let row = 0; row < count; row++) {
      const value = values[row];
      if (value === undefined) continue;
      if (whole && !(Number.isInteger(value) && value >= least && value <= most)) {
        throw new RangeError(`${value} is no whole number from ${least} to ${most}`);
      }
      array[row] = value;
    }
    copyValues(vector, array, count * array.BYTES_PER_ELEMENT);
  };
}
