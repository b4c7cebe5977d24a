/** A number of bytes that all who hold some share: requests in memory. */
export class ByteBudget {
  readonly #max: number;
  readonly #held = new Map<object, number>();
  #sum = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Gives `holder` `bytes` more; `false`, and gives nothing, where that is more than there is. */
  take(holder: object, bytes: number): boolean {
    if (this.#sum + bytes > this.#max) return false;
    this.#sum += bytes;
    this.#held.set(holder, (this.#held.get(holder) ?? 0) + bytes);
    return true;
  }

  /** Takes back all that `holder` has. */
  release(holder: object): void {
    this.#sum -= this.#held.get(holder) ?? 0;
    this.#held.delete(holder);
  }
}
