import type { Rows } from "@spancost/store";
import { keyOf } from "../reading/cells.ts";
import type { Reader, Variables } from "../reading/reader.ts";

/** An answer, with what was asked. */
export interface Remembered {
  readonly name: string;
  readonly variables: Variables;
  readonly rows: Promise<Rows>;
}

/** Asks each question once, so that all parts of a report are made of the same rows. */
export class RememberingReader implements Reader {
  readonly #reader: Reader;
  readonly #answers = new Map<string, Remembered>();

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  ask(name: string, variables: Variables): Promise<Rows> {
    const sorted = Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = keyOf([name, ...sorted.flat()]);
    const known = this.#answers.get(key);
    if (known) return known.rows;
    const rows = this.#reader.ask(name, variables);
    this.#answers.set(key, { name, variables, rows });
    return rows;
  }

  /** The first answer to a query, whatever it was asked with. */
  first(name: string): Remembered | undefined {
    return [...this.#answers.values()].find((one) => one.name === name);
  }
}
