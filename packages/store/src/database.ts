import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { wantsMemory } from "./failures.ts";
import { openInstance } from "./instance.ts";
import { syncFolder } from "./journal/sync-folder.ts";
import { type Means, MeansAllowed } from "./means-allowed.ts";
import { migrate } from "./migrations.ts";
import { Turns } from "./sandbox/turns.ts";
import { sizeOf } from "./size-of.ts";
import { quoted } from "./sql-text.ts";
import { threadsFor } from "./threads-for.ts";

/** How a database is opened. */
export interface DatabaseOptions {
  readonly file: string;
  /** The one folder that SQL may write into: for unfinished snapshots. */
  readonly scratch: string;
  /**
   * A journal has all that is not in the file yet: its write-ahead log is put into it when `checkpoint` is called
   * and not at a commit, where a full disk would break the database off.
   */
  readonly hasJournal: boolean;
}

/** A database that is open: its instance, and the connection that appends. */
export class Database {
  readonly file: string;
  /** As `DatabaseOptions.hasJournal`. */
  readonly hasJournal: boolean;
  readonly writer: DuckDBConnection;
  readonly #instance: DuckDBInstance;
  readonly #allowed: MeansAllowed;
  readonly #readers = new Set<DuckDBConnection>();
  #users = 0;
  #queries = 0;
  /** There may be more memory in use than there is otherwise. */
  #isRaised = false;
  /** There is as much as there may be: who asked for it may not be done. */
  #isMost = false;
  /** Until then questions may come that read the same. */
  #calming: NodeJS.Timeout | undefined;
  #changed: Promise<void> = Promise.resolve();
  readonly #turns = new Turns(questions);

  private constructor(
    { file, hasJournal }: DatabaseOptions,
    instance: DuckDBInstance,
    writer: DuckDBConnection,
    allowed: MeansAllowed,
  ) {
    this.file = file;
    this.hasJournal = hasJournal;
    this.#instance = instance;
    this.writer = writer;
    this.#allowed = allowed;
  }

  /**
   * Opens or creates the file and brings its schema up to date.
   *
   * @throws StoreInUseError, ForeignDatabaseError, NewerSchemaError, or DuckDB's own error where the file cannot be read
   */
  static async open(options: DatabaseOptions): Promise<Database> {
    const instance = await openInstance(options.file);
    const writer = await instance.connect();
    try {
      const allowed = new MeansAllowed();
      await prepare(writer, options, allowed);
      // Opening it may have put a log into it.
      if (options.hasJournal) await syncFolder(dirname(options.file));
      return new Database(options, instance, writer, allowed);
    } catch (error) {
      writer.closeSync();
      instance.closeSync();
      throw error;
    }
  }

  /** Runs `act`; the database is not closed before it is over. */
  async use<Result>(act: (database: Database) => Promise<Result>): Promise<Result> {
    this.#users += 1;
    try {
      return await act(this);
    } finally {
      this.#users -= 1;
    }
  }

  /** Runs `act` with a connection of its own, which is interrupted when the database closes, or by `signal`. */
  async connected<Result>(
    act: (connection: DuckDBConnection) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    const connection = await this.#instance.connect();
    let again: NodeJS.Timeout | undefined;
    // Again and again: what is between two statements, or waits for a thread, does not notice.
    const interrupt = () => {
      connection.interrupt();
      again = setInterval(() => connection.interrupt(), againMs);
    };
    this.#readers.add(connection);
    signal?.addEventListener("abort", interrupt);
    try {
      signal?.throwIfAborted();
      return await act(connection);
    } finally {
      signal?.removeEventListener("abort", interrupt);
      clearInterval(again);
      await this.#calm(connection);
      this.#readers.delete(connection);
      connection.closeSync();
    }
  }

  /**
   * The same for a query, with more memory, and with threads by the size of the database. `act` may run twice.
   *
   * Few run at once, the others wait: each takes one of the threads that the journal's writes need as well.
   */
  async reading<Result>(
    act: (connection: DuckDBConnection) => Promise<Result>,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<Result> {
    const pass = await this.#turns.take(signal);
    try {
      return await this.#readingInTurn(act, signal);
    } finally {
      pass();
    }
  }

  #readingInTurn<Result>(
    act: (connection: DuckDBConnection) => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result> {
    return this.connected(async (connection) => {
      this.#queries += 1;
      this.#isRaised = true;
      try {
        await this.#change(async () => {
          if (this.#queries > 1) return;
          const threads = threadsFor(await sizeOf(this.file));
          const memory = this.#isMost ? undefined : whileAsked.memory;
          await this.#allowed.allow(connection, { threads, memory });
        });
        return await this.withEnough(connection, () => act(connection));
      } finally {
        this.#queries -= 1;
        this.#calmLater();
        await this.#change(async () => {
          const { threads } = otherwise;
          if (this.#queries === 0) await this.#allowed.allow(connection, { threads });
        }).catch(() => undefined);
      }
    }, signal);
  }

  /**
   * Runs `act`, and once more with as much memory as there may be where it wants more: what most need, and what a few do,
   * are far from each other.
   */
  async withEnough<Result>(
    connection: DuckDBConnection,
    act: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await act();
    } catch (error) {
      if (!wantsMemory(error)) throw error;
      this.#isRaised = true;
      await this.#change(async () => {
        this.#isMost = true;
        await this.#allowed.allow(connection, { memory: mostMemory });
      });
      return act();
    }
  }

  /** Questions come one after the other: what one has read, the next need not read anew. */
  #calmLater(): void {
    clearTimeout(this.#calming);
    this.#calming = setTimeout(() => {
      this.#calming = undefined;
      this.connected(async () => undefined).catch(() => undefined);
    }, calmAfterMs).unref();
  }

  /**
   * Gives back the memory that questions had more, once nobody has any in use: what is being settled would be written to
   * the disk to make room.
   */
  async #calm(connection: DuckDBConnection): Promise<void> {
    if (!this.#isRaised || this.#calming !== undefined || this.#readers.size > 1) return;
    await this.#change(async () => {
      if (this.#queries > 0) return;
      this.#isRaised = false;
      this.#isMost = false;
      await this.#allowed.allow(connection, otherwise);
    }).catch(() => undefined);
  }

  /** One change of what is allowed after the other: the last who asked is right. */
  #change(act: () => Promise<void>): Promise<void> {
    const done = this.#changed.then(act);
    this.#changed = done.catch(() => undefined);
    return done;
  }

  /** Bytes that are not in the file itself yet. */
  async logBytes(): Promise<number> {
    return sizeOf(`${this.file}.wal`);
  }

  /**
   * Puts the log into the file, while nobody writes.
   *
   * DuckDB removes the log and does not make that durable. A log that a power loss brought back is known for what it
   * is by the file that it was put into, and not by a later one: that would take in its rows a second time.
   */
  async checkpoint(): Promise<void> {
    await this.writer.run("checkpoint");
    if (this.file !== ":memory:") await syncFolder(dirname(this.file));
  }

  /** Breaks off what is being read and written: a process that ends waits for the statements that are running. */
  async interrupt(): Promise<void> {
    await this.#brokenOff(() => [this.writer, ...this.#readers]);
  }

  /** Breaks off what is being read, waits for what is being written, and lets the file go. */
  async close(): Promise<void> {
    await this.#brokenOff(() => this.#readers);
    clearTimeout(this.#calming);
    this.writer.closeSync();
    this.#instance.closeSync();
  }

  /** Resolves once nobody uses the database. Again and again: one that is between two statements does not notice. */
  async #brokenOff(connections: () => Iterable<DuckDBConnection>): Promise<void> {
    while (this.#users > 0 || this.#readers.size > 0) {
      for (const connection of connections()) connection.interrupt();
      await delay(againMs);
    }
  }
}

/** Milliseconds between two tries to break something off. */
const againMs = 10;

/** Milliseconds after the last question until the memory is given back that it had more. */
const calmAfterMs = 1000;

/** Questions that are answered in one process at once. The others wait for as long as whoever asks does. */
const questions = { atOnce: 2, waiting: Number.POSITIVE_INFINITY, waitMillis: 2 ** 31 - 1 };

/** Beside settling a question wants more now and then, and has it then. */
const whileAsked: Required<Means> = { threads: availableParallelism(), memory: "256MB" };

const mostMemory = "1GB";

/**
 * A second thread nearly doubles the work of settling, whose steps are small. A turn of it takes some 160 MB; the rest
 * holds blocks that were read, which the system keeps too.
 */
const otherwise: Required<Means> = { threads: 1, memory: "192MB" };

async function prepare(
  connection: DuckDBConnection,
  { file, scratch, hasJournal }: DatabaseOptions,
  allowed: MeansAllowed,
): Promise<void> {
  if (hasJournal) {
    await connection.run("set checkpoint_threshold = '1TB'");
    await connection.run("pragma disable_checkpoint_on_shutdown");
  } else {
    // Checkpoints at 16 MB, the default, would cost half again as much work and stall appends more often.
    await connection.run("set checkpoint_threshold = '64MB'");
  }
  // To bring an old schema up to date takes more than a question.
  await allowed.allow(connection, { ...whileAsked, memory: mostMemory });
  // Without, most of what is freed stays with the process: some 400 MB.
  await connection.run("set allocator_background_threads = true");
  // Unordered inserts keep no rows back; every query here says its order.
  await connection.run("set preserve_insertion_order = false");
  await migrate(connection, file);
  await allowed.allow(connection, otherwise);
  if (file === ":memory:") {
    // DuckDB itself would take `.tmp` in the folder that the process was started in.
    await connection.run(`set temp_directory = ${quoted(`${scratch}/spilled`)}`);
  }
  // People's SQL must not read or write files. The only folder left is the one for unfinished snapshots.
  await connection.run(`set allowed_directories = [${quoted(`${scratch}/`)}]`);
  await connection.run("set enable_external_access = false");
}
