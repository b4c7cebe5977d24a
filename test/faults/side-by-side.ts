import { availableParallelism } from "node:os";

/** Does things side by side, as many at once as there are cores: each waits more than it works. */
export class SideBySide {
  readonly #going = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  /** Begins `act` as soon as there is room for it, and resolves then. @throws what an earlier one threw */
  async begin(act: () => Promise<void>): Promise<void> {
    while (this.#going.size >= availableParallelism()) await Promise.race(this.#going);
    this.#rethrow();
    const going = act()
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#going.delete(going));
    this.#going.add(going);
  }

  /** Resolves once all are over. @throws what one of them threw */
  async over(): Promise<void> {
    await Promise.all(this.#going);
    this.#rethrow();
  }

  #rethrow(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
