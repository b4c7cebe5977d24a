/**
 * Lets many pass together, or one alone.
 *
 * Writers of the database pass together; who changes its file passes alone. Who wants to be alone is not overtaken: those who
 * come later wait until it is through.
 */
export class SharedLock {
  #inside = 0;
  readonly #waiting: { readonly exclusive: boolean; readonly enter: () => void }[] = [];
  #isExclusive = false;
  #isKept = false;

  /** Somebody passes in `aloneThenBeside` who was alone and is not any more. Who wants to be alone waits for that. */
  get isKept(): boolean {
    return this.#isKept;
  }

  /** Runs `act` beside others. */
  async shared<Result>(act: () => Promise<Result>): Promise<Result> {
    await this.#enter(false);
    return this.#run(act);
  }

  /** Runs `act` while nobody else is inside. */
  async exclusive<Result>(act: () => Promise<Result>): Promise<Result> {
    await this.#enter(true);
    return this.#run(act);
  }

  /**
   * Runs `alone` while nobody else is inside, and with what it gives `beside`, while only those are inside who pass together. They
   * overtake then who waits to be alone: it may take long.
   */
  async aloneThenBeside<Found, Result>(
    alone: () => Promise<Found>,
    beside: (found: Found) => Promise<Result>,
  ): Promise<Result> {
    await this.#enter(true);
    return this.#run(async () => {
      const found = await alone();
      this.#isExclusive = false;
      this.#isKept = true;
      this.#admit();
      try {
        return await beside(found);
      } finally {
        this.#isKept = false;
      }
    });
  }

  async #run<Result>(act: () => Promise<Result>): Promise<Result> {
    try {
      return await act();
    } finally {
      this.#inside -= 1;
      this.#isExclusive = false;
      this.#admit();
    }
  }

  #enter(exclusive: boolean): Promise<void> {
    return new Promise((enter) => {
      this.#waiting.push({ exclusive, enter });
      this.#admit();
    });
  }

  #admit(): void {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      this.#inside += 1;
      this.#isExclusive = next.exclusive;
      next.enter();
    }
  }

  /** Takes who may enter now out of those who wait. */
  #next(): { readonly exclusive: boolean; readonly enter: () => void } | undefined {
    if (this.#isExclusive) return undefined;
    if (this.#isKept) {
      const first = this.#waiting.findIndex(({ exclusive }) => !exclusive);
      return first < 0 ? undefined : this.#waiting.splice(first, 1)[0];
    }
    if (this.#waiting[0]?.exclusive && this.#inside > 0) return undefined;
    return this.#waiting.shift();
  }
}
