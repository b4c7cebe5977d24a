import { chunkRows, isPresent, type Vector, writeValidity } from "./vector.ts";

/** Which rows of a column have a value. */
export class Present {
  readonly #bits = new Uint8Array(chunkRows / 8);
  #rows = 0;

  mark(row: number): void {
    this.#bits[row >> 3] = (this.#bits[row >> 3] as number) | (1 << (row & 7));
    this.#rows += 1;
  }

  unmark(row: number): void {
    if (!this.has(row)) return;
    this.#bits[row >> 3] = (this.#bits[row >> 3] as number) & ~(1 << (row & 7));
    this.#rows -= 1;
  }

  has(row: number): boolean {
    return isPresent(this.#bits, row);
  }

  /** @returns whether any row has a value */
  write(vector: Vector, count: number): boolean {
    if (this.#rows < count) writeValidity(vector, this.#bits, count);
    return this.#rows > 0;
  }

  clear(): void {
    if (this.#rows > 0) this.#bits.fill(0);
    this.#rows = 0;
  }
}
