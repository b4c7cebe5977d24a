import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "./database.ts";
import { failureOf } from "./failures.ts";

/** Milliseconds between two tries to open a database whose disk is full. */
const retryMs = 500;

/** Tries that one use of the database has: its instance may break more than once. */
const mostTries = 3;

/**
 * Keeps the database open: where its instance breaks or its file is damaged, it is opened anew, once for all who
 * use it, and what they did is done again.
 */
export class Keeper {
  readonly #open: (fault: Error | undefined) => Promise<Database>;
  readonly #warn: (sentence: string) => void;
  #current: Promise<Database>;
  /** Acts that `use` runs now. */
  #uses = 0;
  #closed = false;

  /** @param open opens the database, or makes it anew where its file is damaged for that reason */
  constructor(
    open: (fault: Error | undefined) => Promise<Database>,
    warn: (sentence: string) => void,
  ) {
    this.#open = open;
    this.#warn = warn;
    this.#current = open(undefined);
    this.#current.catch(() => undefined);
  }

  /** The database that is open; rejects where it cannot be opened. */
  get current(): Promise<Database> {
    return this.#current;
  }

  /** Runs `act` with the database, again where it broke and could be mended. */
  async use<Result>(act: (database: Database) => Promise<Result>): Promise<Result> {
    for (let nth = 1; ; nth++) {
      const current = this.#current;
      try {
        const database = await current;
        // Replaced meanwhile: that one may be closed at any moment.
        if (this.#current !== current) continue;
        return await this.#using(database, act);
      } catch (error) {
        if (nth >= mostTries || this.#closed || !(await this.heal(current, error))) throw error;
      }
    }
  }

  async #using<Result>(
    database: Database,
    act: (database: Database) => Promise<Result>,
  ): Promise<Result> {
    this.#uses += 1;
    try {
      return await database.use(act);
    } finally {
      this.#uses -= 1;
    }
  }

  /**
   * Opens the database anew where `error` says that it must be.
   *
   * @param broken what was used when it came; where another one is open by now, that one is
   * @returns whether it makes sense to try again
   */
  async heal(broken: Promise<Database>, error: unknown): Promise<boolean> {
    const failure = failureOf(error);
    const isReplaced = this.#current !== broken;
    if (!isReplaced && failure !== "instance" && failure !== "file") return false;
    if (!isReplaced && !this.#closed) {
      const fault = failure === "file" ? asError(error) : undefined;
      // Of a damaged file whoever opens it tells, once it is known what it can be made anew from, if anything.
      if (fault === undefined) this.#warn(`the database is opened anew: ${asError(error).message}`);
      this.#current = broken.then(
        (database) => this.#reopen(database, fault),
        // It was never open: its file is damaged where opening it reads.
        () => this.#openAgain(fault),
      );
      this.#current.catch(() => undefined);
    }
    await this.#current;
    return true;
  }

  /**
   * Has `exchange` put another file in the place of the database while nobody uses it. Who wants to meanwhile waits
   * for the new one; nobody is broken off.
   *
   * @param exchange calls `close` before it touches the file; where it does not, all stays as it was
   * @returns false where the database was in use for `patienceMs`: nothing was done then
   */
  async replace(
    exchange: (database: Database, close: () => Promise<void>) => Promise<void>,
    patienceMs: number,
  ): Promise<boolean> {
    const current = this.#current;
    const database = await current;
    if (this.#current !== current) return this.replace(exchange, patienceMs);
    let closed = false;
    const close = () => {
      closed = true;
      return database.close();
    };
    const exchanged = this.#unused(patienceMs).then(async (unused) => {
      if (unused && !this.#closed) await exchange(database, close);
      return unused;
    });
    this.#current = exchanged
      .catch(() => false)
      .then(() => (closed ? this.#openAgain(undefined) : database));
    this.#current.catch(() => undefined);
    await this.#current;
    return exchanged;
  }

  /** Resolves with true once nobody uses the database, with false where somebody does for too long. */
  async #unused(patienceMs: number): Promise<boolean> {
    const until = performance.now() + patienceMs;
    while (this.#uses > 0) {
      if (performance.now() > until || this.#closed) return false;
      await delay(5);
    }
    return true;
  }

  async #reopen(database: Database, fault: Error | undefined): Promise<Database> {
    await database.close();
    return this.#openAgain(fault);
  }

  async #openAgain(fault: Error | undefined): Promise<Database> {
    for (;;) {
      try {
        return await this.#open(fault);
      } catch (error) {
        if (failureOf(error) !== "disk" || this.#closed) throw error;
        await delay(retryMs);
      }
    }
  }

  /** From now on nothing is opened anew, and nobody waits for a disk that has no space for that. */
  stopHealing(): void {
    this.#closed = true;
  }

  /** @returns whether there was a database to close: it may never have been open */
  async close(): Promise<boolean> {
    this.stopHealing();
    const database = await this.#current.catch(() => undefined);
    await database?.close();
    return database !== undefined;
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
