import { Present } from "./present.ts";
import { chunkRows, copyValues, type Vector } from "./vector.ts";

/** 10^18 in its upper 32 bits; with these, the others have to be looked at. */
const upperLimit = 0x0de0b6b3;
const decimalLimit = 10n ** 18n;

/** A column of DECIMAL(18, s), put together from 64-bit integers of values times 10^s. */
export class MoneyColumn {
  readonly #present = new Present();
  readonly #words = new Int32Array(chunkRows * 2);

  /** @throws RangeError where the integer at `start` has more than 18 digits */
  put(row: number, view: DataView, start: number): void {
    const high = view.getInt32(start + 4, true);
    if (high >= upperLimit || high < -upperLimit) check(view.getBigInt64(start, true));
    this.#present.mark(row);
    this.#words[row * 2] = view.getInt32(start, true);
    this.#words[row * 2 + 1] = high;
  }

  unput(row: number): void {
    this.#present.unmark(row);
  }

  /** Fills a vector with the first `count` rows, and begins anew. */
  flush(vector: Vector, count: number): void {
    if (this.#present.write(vector, count)) copyValues(vector, this.#words, count * 8);
    this.clear();
  }

  clear(): void {
    this.#present.clear();
  }
}

function check(value: bigint): void {
  if (value >= decimalLimit || value <= -decimalLimit) {
    throw new RangeError(`${value} has more than 18 digits`);
  }
}
