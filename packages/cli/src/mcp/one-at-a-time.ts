/** An answer did not come in time, or too many are waited for. */
export class BusyError extends Error {
  override readonly name = "BusyError";
}

/** Limits of who asks. */
export interface Limits {
  /** For one answer, waiting in line included. */
  readonly millis: number;
  /** Questions that may wait in line. */
  readonly waiting: number;
}

/**
 * Answers one question after the other, each within a time: a database file is opened for each, and one process opens
 * it once.
 */
export class OneAtATime {
  readonly #limits: Limits;
  #last: Promise<unknown> = Promise.resolve();
  #open = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** @throws BusyError; and whatever `ask` does */
  async run<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const { millis, waiting } = this.#limits;
    if (this.#open > waiting) throw new BusyError(`more than ${waiting} questions wait; ask later`);
    this.#open += 1;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isLate = false;
    const answer = this.#last.then(() => (isLate ? undefined : ask()));
    this.#last = answer.then(
      () => this.#close(),
      () => this.#close(),
    );
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        isLate = true;
        reject(new BusyError(`no answer within ${millis / 1000} s; ask for a shorter window`));
      }, millis);
    });
    try {
      return (await Promise.race([answer, late])) as Answer;
    } finally {
      clearTimeout(timer);
    }
  }

  #close(): void {
    this.#open -= 1;
  }
}
