import type { Column } from "./table-writer.ts";
import { chunkRows, type Vector, writeValidity } from "./vector.ts";

const noRow = new Uint8Array(chunkRows / 8);

/** A column that is filled row by row, in any order. */
export class ValueColumn {
  readonly #column: Pick<Column<never>, "writeValues">;
  readonly #values: unknown[] = new Array(chunkRows).fill(undefined);
  #isEmpty = true;

  constructor(column: Pick<Column<never>, "writeValues">) {
    this.#column = column;
  }

  put(row: number, value: unknown): void {
    this.#values[row] = value;
    this.#isEmpty = false;
  }

  unput(row: number): void {
    this.#values[row] = undefined;
  }

  /** Fills a vector with the first `count` rows, and begins anew. */
  flush(vector: Vector, count: number): void {
    if (this.#isEmpty) writeValidity(vector, noRow, count);
    else this.#column.writeValues(vector, this.#values, count);
    this.clear();
  }

  clear(): void {
    if (!this.#isEmpty) this.#values.fill(undefined);
    this.#isEmpty = true;
  }
}
