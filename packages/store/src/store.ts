import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { SpanFacts } from "@spancost/records";
import { appendFacts } from "./append.ts";
import { newestContract, type StoredContract, saveContract } from "./contracts.ts";
import { migrate } from "./migrations.ts";
import { query, type Variables } from "./query.ts";
import { type Pricer, type PricingRun, type RepriceOrder, reprice } from "./reprice.ts";
import type { Rows } from "./rows.ts";
import { settle } from "./settle.ts";
import { writeSnapshot } from "./snapshot.ts";
import { quoted } from "./sql-text.ts";

/** Files that this process has open. DuckDB would open one twice, and the rows of one of the two be lost. */
const openFiles = new Set<string>();

/** Someone else has the file open: another process, or another part of this one. */
export class StoreInUseError extends Error {
  override readonly name = "StoreInUseError";
  readonly file: string;

  constructor(file: string) {
    super(`${file} is in use`);
    this.file = file;
  }
}

/**
 * The one owner of a database file.
 *
 * DuckDB locks a file against other processes but not against this one, so a process opens a file once.
 * Appends, settling and reading use connections of their own and run side by side.
 */
export class Store {
  readonly file: string;
  readonly #instance: DuckDBInstance;
  readonly #writer: DuckDBConnection;
  readonly #settler: DuckDBConnection;
  readonly #scratch: string;
  readonly #readers = new Set<DuckDBConnection>();
  #appending: Promise<unknown> = Promise.resolve();
  #repricing: Promise<unknown> = Promise.resolve();
  #settling: Promise<unknown> = Promise.resolve();
  #nextSettling: Promise<number> | undefined;

  private constructor(
    file: string,
    scratch: string,
    instance: DuckDBInstance,
    writer: DuckDBConnection,
    settler: DuckDBConnection,
  ) {
    this.file = file;
    this.#scratch = scratch;
    this.#instance = instance;
    this.#writer = writer;
    this.#settler = settler;
  }

  /**
   * Opens or creates `file` (`:memory:` for none) and brings its schema up to date.
   *
   * @throws StoreInUseError, NewerSchemaError, or DuckDB's own error where the file is no database
   */
  static async open(file: string): Promise<Store> {
    const path = resolve(file);
    if (openFiles.has(path)) throw new StoreInUseError(file);
    if (file !== ":memory:") openFiles.add(path);
    try {
      return await Store.#openOnce(file);
    } catch (error) {
      openFiles.delete(path);
      throw error;
    }
  }

  static async #openOnce(file: string): Promise<Store> {
    const instance = await openInstance(file);
    const writer = await instance.connect();
    try {
      return await Store.#prepared(file, instance, writer);
    } catch (error) {
      writer.closeSync();
      instance.closeSync();
      throw error;
    }
  }

  static async #prepared(
    file: string,
    instance: DuckDBInstance,
    writer: DuckDBConnection,
  ): Promise<Store> {
    // Checkpoints at 16 MB, the default, would cost half again as much work and stall appends more often.
    await writer.run("set checkpoint_threshold = '64MB'");
    // What does not fit goes to disk. Without it DuckDB takes up to 80 % of the machine.
    await writer.run("set memory_limit = '512MB'");
    // Unordered inserts keep no rows back; every query here says its order.
    await writer.run("set preserve_insertion_order = false");
    await migrate(writer, file);
    const inMemory = file === ":memory:";
    const scratch = inMemory ? await mkdtemp(join(tmpdir(), "spancost-")) : `${file}.scratch`;
    // DuckDB itself would take `.tmp` in the folder that the process was started in.
    if (inMemory) await writer.run(`set temp_directory = ${quoted(join(scratch, "spilled"))}`);
    // People's SQL must not read or write files. The only folder left is the one for unfinished snapshots.
    await writer.run(`set allowed_directories = [${quoted(`${resolve(scratch)}/`)}]`);
    await writer.run("set enable_external_access = false");
    return new Store(file, resolve(scratch), instance, writer, await instance.connect());
  }

  /** Keeps spans. Once it resolves they survive a crash, and every later read shows them. */
  append(facts: readonly SpanFacts[]): Promise<void> {
    const done = this.#appending.then(() => appendFacts(this.#writer, facts));
    this.#appending = done.catch(() => undefined);
    return done;
  }

  /**
   * Works out calls and roles of all traces that changed.
   *
   * Whoever asks while it is being done shares the next turn: it sees all that was appended before.
   * @returns how many traces there were
   */
  settle(): Promise<number> {
    this.#nextSettling ??= this.#settling.then(() => {
      this.#nextSettling = undefined;
      const done = settle(this.#settler);
      this.#settling = done.catch(() => undefined);
      return done;
    });
    return this.#nextSettling;
  }

  /**
   * Runs one SELECT over everything appended so far; `signal` breaks it off.
   *
   * @throws NotAQueryError for other statements, SqlError for what DuckDB refuses
   */
  async readRows(sql: string, variables: Variables = {}, signal?: AbortSignal): Promise<Rows> {
    return this.#reading((connection) => query(connection, sql, variables), signal);
  }

  /** The contract file that was loaded last, or `undefined` where none ever was. */
  contract(): Promise<StoredContract | undefined> {
    return this.#connected(newestContract);
  }

  /** Keeps a contract file as the newest. What is stored keeps its price. */
  loadContract(contract: StoredContract): Promise<void> {
    return this.#connected((connection) => saveContract(connection, contract));
  }

  /** Prices what is stored anew, beside what was booked. One at a time; appends go on meanwhile. */
  reprice(order: RepriceOrder, price: Pricer): Promise<PricingRun> {
    const done = this.#repricing.then(() =>
      this.#reading((reader) => this.#connected((writer) => reprice(reader, writer, order, price))),
    );
    this.#repricing = done.catch(() => undefined);
    return done;
  }

  /**
   * Makes a run the one that is read where nobody asks for another; 0 is what was booked.
   *
   * @returns false where there is no such run
   */
  choosePricingRun(runId: number): Promise<boolean> {
    return this.#connected(async (connection) => {
      const found = await connection.runAndReadAll(
        "select 1 from pricing_runs where run_id = $runId",
        { runId },
      );
      if (runId !== 0 && found.currentRowCount === 0) return false;
      const chosen = runId === 0 ? "null::integer" : String(runId);
      await connection.run(`create or replace macro chosen_pricing_run() as ${chosen}`);
      return true;
    });
  }

  async #connected<Result>(
    act: (connection: DuckDBConnection) => Promise<Result>,
  ): Promise<Result> {
    const connection = await this.#instance.connect();
    try {
      return await act(connection);
    } finally {
      connection.closeSync();
    }
  }

  /**
   * Copies everything into `outFile`, while appends go on. Plain `duckdb` opens it.
   *
   * Written beside the database first and then moved, so that `outFile` is there whole or not at all. What was
   * there before is replaced.
   */
  async snapshot(outFile: string): Promise<void> {
    await this.#reading((connection) => writeSnapshot(connection, this.#scratch, outFile));
  }

  async #reading<Result>(
    read: (connection: DuckDBConnection) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    await this.settle();
    const connection = await this.#instance.connect();
    const interrupt = () => connection.interrupt();
    this.#readers.add(connection);
    signal?.addEventListener("abort", interrupt);
    try {
      signal?.throwIfAborted();
      return await read(connection);
    } finally {
      signal?.removeEventListener("abort", interrupt);
      this.#readers.delete(connection);
      connection.closeSync();
    }
  }

  /** Waits for what is being written, breaks off what is being read, and lets the file go with all in it. */
  async close(): Promise<void> {
    await Promise.all([
      this.#appending,
      this.#repricing,
      this.#settling,
      this.#nextSettling?.catch(() => 0),
    ]);
    await this.#settling;
    await this.#interruptReaders();
    if (this.file === ":memory:") await rm(this.#scratch, { recursive: true, force: true });
    await this.#writer.run("checkpoint").catch(() => undefined);
    this.#writer.closeSync();
    this.#settler.closeSync();
    this.#instance.closeSync();
    openFiles.delete(resolve(this.file));
  }

  /** DuckDB would wait for them, and a query may take hours. */
  async #interruptReaders(): Promise<void> {
    while (this.#readers.size > 0) {
      // Again and again: one that is between two statements does not notice.
      for (const connection of this.#readers) connection.interrupt();
      await delay(10);
    }
  }
}

async function openInstance(file: string): Promise<DuckDBInstance> {
  try {
    return await DuckDBInstance.create(file);
  } catch (error) {
    if (String(error).includes("Could not set lock on file")) throw new StoreInUseError(file);
    throw error;
  }
}
