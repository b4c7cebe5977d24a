const quietMs = 60_000;

/** Says what goes wrong, and not the same for each request: at most a line a minute, and what the pause swallowed. */
export class Complaints {
  readonly #say: (message: string) => void;
  readonly #now: () => number;
  #saidAt = Number.NEGATIVE_INFINITY;
  #swallowed = 0;

  constructor(say: (message: string) => void, now: () => number = () => performance.now()) {
    this.#say = say;
    this.#now = now;
  }

  say(message: string): void {
    const now = this.#now();
    if (now - this.#saidAt < quietMs) {
      this.#swallowed += 1;
      return;
    }
    const more = this.#swallowed === 0 ? "" : ` (and ${this.#swallowed} more times since)`;
    this.#saidAt = now;
    this.#swallowed = 0;
    this.#say(message + more);
  }

  /** Says `message` whatever was said before; the next complaint is news again. */
  always(message: string): void {
    this.#saidAt = Number.NEGATIVE_INFINITY;
    this.#swallowed = 0;
    this.#say(message);
  }
}
