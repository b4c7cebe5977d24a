/**
 * A sender may hold at most this many times what it leaves free: alone three quarters of all, and n of them
 * 3 / (3n + 1) each. So there is always room for one more, however hard the others push.
 *
 * Source: dynamic thresholds of shared buffers, Choudhury and Hahne, https://doi.org/10.1109/90.664262
 */
const timesFree = 3;

/** A number of bytes that all who hold some share, fairly between senders: requests in memory. */
export class ByteBudget {
  readonly #max: number;
  readonly #bySender = new Map<string, number>();
  #sum = 0;

  /** @param max bytes that all senders together may hold */
  constructor(max: number) {
    this.#max = max;
  }

  /** Bytes that are held. */
  get held(): number {
    return this.#sum;
  }

  /** Gives `sender` `bytes` more; `false`, and gives nothing, where that is more than its share of what is free. */
  take(sender: string, bytes: number): boolean {
    const sum = this.#sum + bytes;
    const own = (this.#bySender.get(sender) ?? 0) + bytes;
    if (sum > this.#max || own > timesFree * (this.#max - sum)) return false;
    this.#sum = sum;
    this.#bySender.set(sender, own);
    return true;
  }

  /** Takes back `bytes` of those that `sender` has. */
  giveBack(sender: string, bytes: number): void {
    this.#sum -= bytes;
    const own = (this.#bySender.get(sender) ?? 0) - bytes;
    if (own > 0) this.#bySender.set(sender, own);
    else this.#bySender.delete(sender);
  }
}
