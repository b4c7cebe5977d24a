import { failureOf } from "./failures.ts";
import type { Keeper } from "./keeper.ts";
import { type SettleOptions, settle } from "./settle.ts";
import type { SharedLock } from "./shared-lock.ts";

/** Milliseconds for which nobody who asks tries again what a full disk has just refused. */
const vainMs = 5_000;

/** In the background so few spans wait for more, and no longer than so many milliseconds. */
const fewSpans = 2_000;
const patienceMs = 30_000;

/** Settles one turn after the other. */
export class Settler {
  readonly #keeper: Keeper;
  readonly #writing: SharedLock;
  #last: Promise<unknown> = Promise.resolve();
  #next: Promise<number> | undefined;
  #settledAt = Number.NEGATIVE_INFINITY;
  #refused: { readonly error: unknown; readonly at: number } | undefined;

  constructor(keeper: Keeper, writing: SharedLock) {
    this.#keeper = keeper;
    this.#writing = writing;
  }

  /**
   * Works out calls and roles of all traces that changed.
   *
   * Whoever asks while it is being done shares the next turn: it sees all that was in the database before. Where a full disk
   * has just refused a turn, it is not tried again for whoever asks, only in the background.
   * @returns how many traces there were
   */
  settle(): Promise<number> {
    this.#next ??= this.#after(() => {
      this.#next = undefined;
      const refused = this.#refused;
      if (refused !== undefined && performance.now() - refused.at < vainMs) throw refused.error;
      return this.#turn({ patient: false });
    });
    return this.#next;
  }

  /**
   * The same in the background: a few spans wait for more, and a large trace that grew by little until it grew by more, or
   * somebody asks.
   */
  settleInBackground(): Promise<number> {
    return this.#after(() => {
      const isLong = performance.now() - this.#settledAt >= patienceMs;
      return this.#turn({ patient: true, leastSpans: isLong ? 0 : fewSpans });
    });
  }

  /** Resolves once nothing is being settled, and nobody waits for it. */
  async idle(): Promise<void> {
    await this.#last;
  }

  /** Two turns at once would both take the marks off the same traces, which DuckDB refuses one of them. */
  #after(act: () => Promise<number>): Promise<number> {
    const done = this.#last.then(act);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #turn(options: SettleOptions): Promise<number> {
    try {
      // With a connection of its own: its temporary tables, which are large, go with it.
      const settled = await this.#keeper.use((database) =>
        this.#writing.shared(() =>
          database.connected((settler) =>
            database.withEnough(settler, () => settle(settler, options)),
          ),
        ),
      );
      this.#refused = undefined;
      if (settled > 0) this.#settledAt = performance.now();
      return settled;
    } catch (error) {
      if (failureOf(error) === "disk") this.#refused = { error, at: performance.now() };
      throw error;
    }
  }
}
