/**
 * A memo that forgets what was not asked for lately, and never holds more than twice its size.
 *
 * Two generations: what is asked for moves to the young one; when that is full, the old one is dropped. A
 * hit costs one look-up, and a flood of names that never come again does not push out those in use.
 */
export class BoundedMemo<Value> {
  readonly #size: number;
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();

  constructor(size: number) {
    this.#size = size;
  }

  get(key: string): Value | undefined {
    const value = this.#young.get(key);
    if (value !== undefined) return value;
    const older = this.#old.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  set(key: string, value: Value): void {
    if (this.#young.size >= this.#size) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }

  /** How many entries are held in memory, of which some may be there twice. */
  get held(): number {
    return this.#young.size + this.#old.size;
  }
}
