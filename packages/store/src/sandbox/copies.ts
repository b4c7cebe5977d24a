import { readdir, rm, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { inScratch } from "../scratch.ts";
import type { Behind } from "../settled-within.ts";
import { SandboxClosedError } from "./errors.ts";

/** What copies are made of: a store, as far as they need it. */
export interface CopySource {
  /** The database file; `:memory:` for none. */
  readonly file: string;
  /**
   * Waits until all that was stored before is worked out, but no longer than so many milliseconds.
   *
   * @returns what is not, or `undefined` for nothing
   */
  settledWithin(patienceMs: number): Promise<Behind | undefined>;
  /**
   * Waits as well, and writes a consistent copy of what is worked out then to a file that does not exist yet.
   *
   * @param atThatMoment is run, where the database has a file, while the file is as it is copied
   * @returns what is not in it
   */
  copy(
    outFile: string,
    patienceMs: number,
    atThatMoment: () => Promise<void>,
  ): Promise<Behind | undefined>;
}

/** A copy that is kept until it is given back. */
export interface Lease {
  readonly file: string;
  /** Milliseconds since 1970: everything that was stored then is in it, but for what was behind. */
  readonly asOf: number;
  readonly behind: Behind | undefined;
  release(): void;
}

interface Copy {
  readonly file: string;
  /** Milliseconds since 1970: when it was begun, or last found to be as the database is. */
  asOf: number;
  /** What was stored then and is not in it. */
  behind: Behind | undefined;
  readonly madeAt: number;
  readonly tookMillis: number;
  readonly isSmall: boolean;
  /** The state of the database file that was copied; `undefined` where that cannot be told. */
  readonly revision: string | undefined;
  /** How often all copies had been called out of date before it was begun. */
  readonly generation: number;
  leases: number;
  dropped: boolean;
}

/** The part of the time that small copies may take: whoever writes to the database waits meanwhile. */
const smallShare = 1 / 4;
/** The part that others may take. Questions between them are answered from the last. */
const largeShare = 1 / 20;
/** A large copy is good for at least as long. */
const freshMillis = 2_000;

/** Milliseconds to wait until all that was stored is worked out. */
const patienceMs = 5_000;

const prefix = "asked-";
const noLog = "no log";

/** Copies of a database for questions, one at a time, made when one is needed. */
export class Copies {
  readonly #source: CopySource;
  readonly #folder: string;
  readonly #smallBytes: number;
  readonly #cleaned: Promise<void>;
  #copy: Copy | undefined;
  #making: Promise<Copy> | undefined;
  #made = 0;
  #generation = 0;
  #closed = false;

  /**
   * @param folder where they are put: on the disk of the database, so that blocks can be shared
   * @param smallBytes copies up to this size are never older than the question
   */
  constructor(source: CopySource, folder: string, smallBytes: number) {
    this.#source = source;
    this.#smallBytes = smallBytes;
    this.#folder = folder;
    this.#cleaned = this.#removeLeftovers();
  }

  /**
   * The copy that is kept, or a new one where that is too old.
   *
   * @throws the signal's reason; a copy that is being made is made to its end, for the next who asks
   */
  async current(signal: AbortSignal): Promise<Lease> {
    for (;;) {
      const kept = this.#copy;
      if (kept !== undefined) {
        const isGood = await this.#isGood(kept, signal);
        if (isGood && kept === this.#copy) return leaseOf(kept);
      }
      signal.throwIfAborted();
      if (this.#making !== undefined) {
        // It may have been begun before something that this question must see.
        await orAborted(this.#making, signal);
        continue;
      }
      this.#making = this.#make().finally(() => {
        this.#making = undefined;
      });
      const made = await orAborted(this.#making, signal);
      if (made.generation === this.#generation) return leaseOf(made);
    }
  }

  async #isGood(copy: Copy, signal: AbortSignal): Promise<boolean> {
    if (copy.generation !== this.#generation) return false;
    const { madeAt, tookMillis, isSmall } = copy;
    const keptMillis = isSmall ? 0 : Math.max(freshMillis, tookMillis / largeShare);
    if (Date.now() < madeAt + keptMillis) return true;
    const asOf = Date.now();
    const behind = await this.#source.settledWithin(patienceMs);
    if (copy.revision !== undefined && (await this.#revision()) === copy.revision) {
      copy.asOf = asOf;
      copy.behind = behind;
      return true;
    }
    const restMillis = Math.min(freshMillis, tookMillis / smallShare);
    await orAborted(delay(Math.max(0, madeAt + restMillis - Date.now())), signal);
    return false;
  }

  /** Copies that were begun before now are not used any more: something has changed that must be seen. */
  renew(): void {
    this.#generation += 1;
  }

  /** Gives the disk its space back, as soon as nobody reads the copy. */
  drop(): void {
    if (this.#copy === undefined) return;
    this.#copy.dropped = true;
    removeUnused(this.#copy);
    this.#copy = undefined;
  }

  /** Removes everything, read or not. One that is being made is removed when it is done. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#copy = undefined;
    await this.#removeLeftovers();
    await rmdir(this.#folder).catch(() => undefined);
  }

  async #make(): Promise<Copy> {
    await this.#cleaned;
    return inScratch(this.#folder, () => this.#makeThere());
  }

  async #makeThere(): Promise<Copy> {
    this.#made += 1;
    const generation = this.#generation;
    const file = join(this.#folder, `${prefix}${process.pid}-${this.#made}.duckdb`);
    const madeAt = Date.now();
    // What is waited for here is not counted as the work of a copy.
    await this.#source.settledWithin(patienceMs);
    const started = performance.now();
    let revision: string | undefined;
    let behind: Behind | undefined;
    try {
      behind = await this.#source.copy(file, patienceMs, async () => {
        revision = await this.#revision();
      });
      if (this.#closed) throw new SandboxClosedError();
    } catch (error) {
      await removeCopy(file);
      throw error;
    }
    const tookMillis = performance.now() - started;
    const isSmall = (await stat(file)).size <= this.#smallBytes;
    this.drop();
    const found = { asOf: madeAt, behind, madeAt, tookMillis, isSmall };
    this.#copy = { file, ...found, revision, generation, leases: 0, dropped: false };
    return this.#copy;
  }

  /**
   * Something that differs whenever the database does.
   *
   * By `stat` alone: opening the file in the process that owns it, and closing it again, would drop DuckDB's lock.
   */
  async #revision(): Promise<string | undefined> {
    const { file } = this.#source;
    if (file === ":memory:") return undefined;
    const states = [file, `${file}.wal`].map(async (path) => {
      const { size, mtimeNs } = await stat(path, { bigint: true });
      return `${size} ${mtimeNs}`;
    });
    const [database, log] = await Promise.allSettled(states);
    if (database?.status !== "fulfilled") return undefined;
    return `${database.value} ${log?.status === "fulfilled" ? log.value : noLog}`;
  }

  /** What a receiver that was killed has left: nobody else makes files of this name, and one process has the lock. */
  async #removeLeftovers(): Promise<void> {
    const files = await readdir(this.#folder).catch(() => []);
    const ours = files.filter((name) => name.startsWith(prefix));
    await Promise.all(ours.map((name) => rm(join(this.#folder, name), { force: true })));
  }
}

function leaseOf(copy: Copy): Lease {
  copy.leases += 1;
  return {
    file: copy.file,
    asOf: copy.asOf,
    behind: copy.behind,
    release() {
      copy.leases -= 1;
      removeUnused(copy);
    },
  };
}

function removeUnused({ file, leases, dropped }: Copy): void {
  if (!dropped || leases > 0) return;
  // Where it cannot be removed yet, as on Windows while it is open, the next start does.
  removeCopy(file).catch(() => undefined);
}

/** A copy, and the log that may belong to it. */
async function removeCopy(file: string): Promise<void> {
  await Promise.all([file, `${file}.wal`].map((path) => rm(path, { force: true })));
}

/** As `promise`, or rejected with the signal's reason as soon as that is aborted. */
function orAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
