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

/** Where there are no more pairs for each member, each pair has a place of its own: that is looked up sooner than in a map. */
const placesPerMember = 64;

function together(known: Int32Array, column: Int32Array): Int32Array {
  const wide = numberCount(column);
  const places = numberCount(known) * wide;
  if (places <= placesPerMember * known.length) return byPlace(known, column, wide, places);
  const pairs = new Numbering<number>();
  // Below 2^53, as there are fewer than 2^26 members and values.
  return known.map((number, member) => pairs.of(number * 2 ** 26 + (column[member] ?? 0)));
}

/** One more than the largest of numbers from 0 on: how many there are, where none is left out. */
export function numberCount(numbers: Int32Array): number {
  let count = 0;
  for (let member = 0; member < numbers.length; member += 1) {
    count = Math.max(count, (numbers[member] ?? 0) + 1);
  }
  return count;
}

function byPlace(known: Int32Array, column: Int32Array, wide: number, places: number): Int32Array {
  const numbers = new Int32Array(places).fill(-1);
  const result = new Int32Array(known.length);
  let count = 0;
  for (let member = 0; member < known.length; member += 1) {
    const place = (known[member] ?? 0) * wide + (column[member] ?? 0);
    if ((numbers[place] ?? -1) < 0) numbers[place] = count++;
    result[member] = numbers[place] ?? 0;
  }
  return result;
}
