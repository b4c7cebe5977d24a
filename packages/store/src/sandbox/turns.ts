import { SandboxBusyError } from "./errors.ts";
import type { SandboxLimits } from "./limits.ts";

/** Lets so many through at once; others wait a little, in the order in which they came. */
export class Turns {
  readonly #limits: Pick<SandboxLimits, "atOnce" | "waiting" | "waitMillis">;
  readonly #waiting = new Set<() => void>();
  #taken = 0;

  constructor(limits: Pick<SandboxLimits, "atOnce" | "waiting" | "waitMillis">) {
    this.#limits = limits;
  }

  /**
   * Resolves with what gives the turn back.
   *
   * @throws SandboxBusyError, and the signal's reason
   */
  async take(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#taken < this.#limits.atOnce) this.#taken += 1;
    else await this.#passed(signal);
    return () => this.#pass();
  }

  /** Resolves once another's turn is passed on to this one. */
  #passed(signal: AbortSignal): Promise<void> {
    const { atOnce, waiting, waitMillis } = this.#limits;
    if (this.#waiting.size >= waiting) throw new SandboxBusyError(atOnce);
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", giveUp);
        this.#waiting.delete(take);
      };
      const take = () => {
        leave();
        resolve();
      };
      const giveUp = () => {
        leave();
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        leave();
        reject(new SandboxBusyError(atOnce));
      }, waitMillis);
      signal.addEventListener("abort", giveUp);
      this.#waiting.add(take);
    });
  }

  #pass(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#taken -= 1;
    else next();
  }
}
