/**
 * Keeps the number of different names on a metric small, whatever a service sends: the first ones stay, all others are
 * "other".
 */
export class BoundedNames {
  readonly #max: number;
  readonly #known = new Set<string>();

  constructor(max: number) {
    this.#max = max;
  }

  of(name: string): string {
    if (this.#known.has(name)) return name;
    if (this.#known.size >= this.#max) return "other";
    this.#known.add(name);
    return name;
  }
}
