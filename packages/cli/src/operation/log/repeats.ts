/** Milliseconds in which the same is said once. */
const pauseMs = 60_000;
/** Things that are told apart; more are told apart by their group only. */
const mostKeys = 256;

/** What was said last of one kind. */
interface Said {
  at: number;
  /** Not said since. */
  swallowed: number;
  /** Says the last one that was swallowed. */
  say: (repeated: number) => void;
  timer: NodeJS.Timeout | undefined;
}

/** Lets the same thing be said once a minute, and how often it was not said, also where it does not come again. */
export class Repeats {
  readonly #said = new Map<string, Said>();

  /**
   * @param group what `key` is one of: a name of which there are few
   * @param say says it; it is given how often it was not said before
   */
  offer(group: string, key: string, say: (repeated: number) => void): void {
    const name = this.#nameOf(group, key);
    const now = performance.now();
    const said = this.#said.get(name);
    if (said === undefined || now - said.at >= pauseMs) {
      clearTimeout(said?.timer);
      this.#said.set(name, { at: now, swallowed: 0, say, timer: undefined });
      say(said?.swallowed ?? 0);
      return;
    }
    said.swallowed += 1;
    said.say = say;
    said.timer ??= setTimeout(() => this.#settle(name), said.at + pauseMs - now).unref();
  }

  /** Says at once what was swallowed. */
  close(): void {
    for (const name of [...this.#said.keys()]) this.#settle(name);
  }

  #settle(name: string): void {
    const said = this.#said.get(name);
    if (said === undefined) return;
    clearTimeout(said.timer);
    const { swallowed, say } = said;
    if (swallowed === 0) this.#said.delete(name);
    else this.#said.set(name, { at: performance.now(), swallowed: 0, say, timer: undefined });
    if (swallowed > 0) say(swallowed);
  }

  #nameOf(group: string, key: string): string {
    const name = `${group}\0${key}`;
    if (this.#said.has(name)) return name;
    if (this.#said.size >= mostKeys) this.#forgetOld();
    return this.#said.size >= mostKeys ? group : name;
  }

  #forgetOld(): void {
    const now = performance.now();
    for (const [name, { at, swallowed }] of this.#said) {
      if (swallowed === 0 && now - at >= pauseMs) this.#said.delete(name);
    }
  }
}
