import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { Database } from "./database.ts";
import type { SharedLock } from "./shared-lock.ts";

/** Bytes in the write-ahead log from which on it is put into the file: reading it at a start takes a second. */
const logBytes = 48 * 1024 * 1024;
/** Milliseconds between two looks. */
const lookMs = 1_000;
/** Free space that a checkpoint must leave. */
const reservedBytes = 32 * 1024 * 1024;

/**
 * Puts DuckDB's write-ahead log into its file now and then, where there is space.
 *
 * DuckDB would do so at a commit, and on a full disk break off: then nothing can be read either until it is
 * opened anew. Without space the log only grows, as long as there is room for that.
 */
export class Checkpoints {
  readonly #writing: SharedLock;
  #lookedAt = 0;

  constructor(writing: SharedLock) {
    this.#writing = writing;
  }

  /** Does so where the log is large. */
  async whereDue(database: Database): Promise<void> {
    if (performance.now() - this.#lookedAt < lookMs) return;
    // It would wait until the file is copied, and what comes in with it.
    if (this.#writing.isKept) return;
    this.#lookedAt = performance.now();
    const log = await database.logBytes();
    if (log < logBytes || (await freeBytes(database.file)) < log / 2 + reservedBytes) return;
    await this.#writing.exclusive(() => database.use(() => database.checkpoint()));
  }
}

/** Space left on the disk of `file`. */
export async function freeBytes(file: string): Promise<number> {
  const { bavail, bsize } = await statfs(dirname(file));
  return bavail * bsize;
}
