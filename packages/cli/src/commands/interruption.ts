/** Ctrl-C while something is being done bit by bit. A second one ends the process at once, as it always does. */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  readonly #onInterrupt = () => this.#controller.abort();

  constructor() {
    process.once("SIGINT", this.#onInterrupt);
  }

  get happened(): boolean {
    return this.#controller.signal.aborted;
  }

  /** What `answer` gives; `undefined` where it is not waited for any longer. */
  async orAnswer<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
    answer.catch(() => undefined);
    if (this.happened) return undefined;
    const { signal } = this.#controller;
    let stop = () => {};
    // One for each answer: a promise that outlives them would hold every answer that it was raced with.
    const interrupted = new Promise<undefined>((resolve) => {
      stop = () => resolve(undefined);
    });
    signal.addEventListener("abort", stop);
    try {
      return await Promise.race([answer, interrupted]);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** What `items` gives, as long as it is waited for. */
  async *until<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item, void> {
    const iterator = items[Symbol.asyncIterator]();
    for (;;) {
      const step = await this.orAnswer(iterator.next());
      if (step === undefined || step.done === true) return;
      yield step.value;
    }
  }

  [Symbol.dispose](): void {
    process.off("SIGINT", this.#onInterrupt);
  }
}
