/**
 * Lets many pass together, or one alone.
 *
 * Writers of the database pass together; who copies its file passes alone. Who wants to be alone is not
 * overtaken: those who come later wait until it is through.
 */
export class SharedLock {
  #inside = 0;
  readonly #waiting: { readonly exclusive: boolean; readonly enter: () => void }[] = [];
  #isExclusive = false;

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
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const mayEnter = next.exclusive ? this.#inside === 0 : !this.#isExclusive;
      if (!mayEnter) return;
      this.#waiting.shift();
      this.#inside += 1;
      this.#isExclusive = next.exclusive;
      next.enter();
    }
  }
}
