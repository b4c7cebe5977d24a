interface Account {
  /** Bytes that may be sent at once; below 0 after a body larger than was left. */
  balance: number;
  /** When `balance` was last reckoned, in milliseconds. */
  reckonedAt: number;
}

/**
 * How fast each sender sends, and whether it may send more.
 *
 * A body is charged once it is inflated, for only then is its size known; a sender that thereby owes bytes is
 * refused before the next body is read, until it no longer does. It may save up one second.
 */
export class RateLimits {
  readonly #accounts = new Map<string, Account>();

  /** Whether `sender` may send, at `now` in milliseconds. */
  admits(sender: string, bytesPerSecond: number, now: number): boolean {
    return this.#account(sender, bytesPerSecond, now).balance > 0;
  }

  /** Charges `sender` `bytes`. */
  charge(sender: string, bytesPerSecond: number, bytes: number, now: number): void {
    this.#account(sender, bytesPerSecond, now).balance -= bytes;
  }

  #account(sender: string, bytesPerSecond: number, now: number): Account {
    const known = this.#accounts.get(sender);
    if (known === undefined) {
      const account = { balance: bytesPerSecond, reckonedAt: now };
      this.#accounts.set(sender, account);
      return account;
    }
    const earned = (Math.max(0, now - known.reckonedAt) / 1000) * bytesPerSecond;
    known.balance = Math.min(bytesPerSecond, known.balance + earned);
    known.reckonedAt = now;
    return known;
  }
}
