/** Numbers things from 0 on, the same thing by the same number. */
export class Numbering<Thing> {
  readonly #numbers = new Map<Thing, number>();
  readonly things: Thing[] = [];

  of(thing: Thing): number {
    const known = this.#numbers.get(thing);
    if (known !== undefined) return known;
    this.#numbers.set(thing, this.things.length);
    return this.things.push(thing) - 1;
  }

  get(thing: Thing): number | undefined {
    return this.#numbers.get(thing);
  }
}

/** Numbers that say the same of each member as several columns together; no columns give 0 for all. */
export function combined(columns: readonly Int32Array[], length: number): Int32Array {
  return columns.reduce(together, new Int32Array(length));
}

function together(known: Int32Array, column: Int32Array): Int32Array {
  const pairs = new Numbering<number>();
  // Below 2^53, as there are fewer than 2^26 members and values.
  return known.map((number, member) => pairs.of(number * 2 ** 26 + (column[member] ?? 0)));
}
