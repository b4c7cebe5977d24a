import type { Keeper } from "./keeper.ts";
import { settle } from "./settle.ts";
import type { SharedLock } from "./shared-lock.ts";

/** Settles one turn after the other. */
export class Settler {
  readonly #keeper: Keeper;
  readonly #writing: SharedLock;
  #last: Promise<unknown> = Promise.resolve();
  #next: Promise<number> | undefined;

  constructor(keeper: Keeper, writing: SharedLock) {
    this.#keeper = keeper;
    this.#writing = writing;
  }

  /**
   * Works out calls and roles of all traces that changed.
   *
   * Whoever asks while it is being done shares the next turn: it sees all that was in the database before.
   * @returns how many traces there were
   */
  settle(): Promise<number> {
    this.#next ??= this.#last.then(() => {
      this.#next = undefined;
      const done = this.#turn({ patient: false });
      this.#last = done.catch(() => undefined);
      return done;
    });
    return this.#next;
  }

  /**
   * The same in the background: a large trace that grew by little waits until it grew by more, or somebody asks.
   */
  settleInBackground(): Promise<number> {
    const done = this.#last.then(() => this.#turn({ patient: true }));
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Resolves once nothing is being settled, and nobody waits for it. */
  async idle(): Promise<void> {
    await this.#next?.catch(() => 0);
    await this.#last;
  }

  #turn(options: { readonly patient: boolean }): Promise<number> {
    // With a connection of its own: its temporary tables, which are large, go with it.
    return this.#keeper.use((database) =>
      this.#writing.shared(() => database.connected((settler) => settle(settler, options))),
    );
  }
}
