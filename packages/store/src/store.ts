import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { SpanFacts } from "@spancost/records";
import { appendFacts } from "./append.ts";
import { migrate } from "./migrations.ts";
import { query, type Variables } from "./query.ts";
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
  #appending: Promise<unknown> = Promise.resolve();
  #settling: Promise<unknown> = Promise.resolve();

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
    // Checkpoints at 16 MB, the default, would cost half again as much work and stall appends more often.
    await writer.run("set checkpoint_threshold = '64MB'");
    // What does not fit goes to disk. Without it DuckDB takes up to 80 % of the machine.
    await writer.run("set memory_limit = '512MB'");
    // Unordered inserts keep no rows back; every query here says its order.
    await writer.run("set preserve_insertion_order = false");
    await migrate(writer, file);
    const scratch =
      file === ":memory:" ? await mkdtemp(join(tmpdir(), "spancost-")) : `${file}.scratch`;
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

  /** Works out calls and roles of all traces that changed. @returns how many traces there were */
  settle(): Promise<number> {
    const done = this.#settling.then(() => settle(this.#settler));
    this.#settling = done.catch(() => undefined);
    return done;
  }

  /**
   * Runs one SELECT over everything appended so far.
   *
   * @throws NotAQueryError for other statements, SqlError for what DuckDB refuses
   */
  async readRows(sql: string, variables: Variables = {}): Promise<Rows> {
    await this.settle();
    const connection = await this.#instance.connect();
    try {
      return await query(connection, sql, variables);
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
    await this.settle();
    const connection = await this.#instance.connect();
    try {
      await writeSnapshot(connection, this.#scratch, outFile);
    } finally {
      connection.closeSync();
    }
  }

  /** Waits for what was begun, writes everything into the main file and lets it go. */
  async close(): Promise<void> {
    await Promise.all([this.#appending, this.#settling]);
    if (this.file === ":memory:") await rm(this.#scratch, { recursive: true, force: true });
    await this.#writer.run("checkpoint").catch(() => undefined);
    this.#writer.closeSync();
    this.#settler.closeSync();
    this.#instance.closeSync();
    openFiles.delete(resolve(this.file));
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
