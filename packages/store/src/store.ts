import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { SpanFacts } from "@spancost/records";
import { appendFacts } from "./append.ts";
import { type Appended, type Appending, appendingTo } from "./appending.ts";
import { readContractNote, writeContractNote } from "./contract-note.ts";
import { newestContract, type StoredContract, saveContract } from "./contracts.ts";
import type { Database } from "./database.ts";
import { failureOf } from "./failures.ts";
import { copyFileOf, intoFile } from "./file-copy.ts";
import { inOnePart } from "./journal/in-parts.ts";
import { removeUnused } from "./journal/remove-unused.ts";
import { keepSnapshot, openParts, type Parts, type StoreOptions } from "./open-store.ts";
import { query, type Variables } from "./query.ts";
import { type Pricer, type PricingRun, type RepriceOrder, reprice } from "./reprice.ts";
import { type ArchivedDay, type ArchiveOrder, archive } from "./retention/archive.ts";
import { type Retained, retainedOf } from "./retention/retained.ts";
import { Retention, type RetentionPolicy } from "./retention/retention.ts";
import type { Rows } from "./rows.ts";
import { type Behind, Settled } from "./settled-within.ts";
import { Settler } from "./settler.ts";
import { SharedLock } from "./shared-lock.ts";
import { writeSnapshot } from "./snapshot.ts";
import type { Snapshot } from "./snapshots.ts";
import { type StoreStatus, statusOf } from "./status.ts";
import { StoreInUseError } from "./store-in-use.ts";
import type { StoreReader } from "./store-reader.ts";

/** Files that this process has open. DuckDB would open one twice, and the rows of one of the two be lost. */
const openFiles = new Set<string>();

/**
 * The one owner of a database file, and of the journal beside it.
 *
 * DuckDB locks a file against other processes but not against this one, so a process opens a file once.
 * Appends, settling and reading use connections of their own and run side by side.
 */
export class Store {
  readonly file: string;
  readonly #parts: Parts;
  #appending: Promise<unknown> = Promise.resolve();
  #repricing: Promise<unknown> = Promise.resolve();
  /** Of what works on all that is stored, one at a time. */
  readonly #maintaining = new SharedLock();
  readonly #settler: Settler;
  /** Breaks off what can be made again. */
  readonly #closing = new AbortController();
  readonly #settled = new Settled({
    settleAll: () => this.#settleAll(),
    lagSpans: () => this.#parts.journaled?.lagSpans ?? 0,
    connected: (act) => this.#connected(act),
    now: Date.now,
  });

  private constructor(parts: Parts) {
    this.file = parts.file;
    this.#parts = parts;
    this.#settler = new Settler(parts.keeper, parts.writing);
  }

  /**
   * Opens or creates `file` (`:memory:` for none) and brings its schema up to date. With a journal it takes spans
   * at once, and the database is opened, or mended, meanwhile: `ready` tells when.
   *
   * @throws StoreInUseError; without a journal also what `ready` throws
   */
  static async open(file: string, options: StoreOptions = {}): Promise<Store> {
    const path = resolve(file);
    if (openFiles.has(path)) throw new StoreInUseError(file);
    if (file !== ":memory:") openFiles.add(path);
    try {
      const store = new Store(await openParts(file, options));
      if (store.#parts.journaled === undefined) await store.ready();
      return store;
    } catch (error) {
      openFiles.delete(path);
      throw error;
    }
  }

  /**
   * Resolves once the database is open.
   *
   * @throws StoreInUseError, ForeignDatabaseError, NewerSchemaError, or DuckDB's own error where the file is no database
   */
  async ready(): Promise<void> {
    try {
      await (this.hasJournal ? this.opened() : this.#parts.keeper.current);
    } catch (error) {
      await this.close({ drain: false });
      throw error;
    }
  }

  /** As `ready`, and where that throws all goes on: spans are taken without the database. */
  async opened(): Promise<void> {
    // Its damage may show while it is opened: then this waits for the one that is made anew.
    await this.#parts.keeper.use(() => Promise.resolve());
  }

  /**
   * Keeps spans. Once it resolves they survive a crash, and every later read shows them: all but those that it
   * says came too late, for what they belong to is expired.
   *
   * @throws JournalError, by rejection, where nothing can be taken
   */
  append(facts: readonly SpanFacts[]): Promise<Appended> {
    return this.hasJournal ? inOnePart(() => this.begin(), facts) : this.#appendDirectly(facts);
  }

  /** As `Journal.begin`, which there has to be. @throws JournalError where nothing can be taken */
  begin(bytes?: number): Appending {
    const { journaled, horizon } = this.#parts;
    if (journaled === undefined) throw new Error("only a journal takes spans in parts");
    return appendingTo(journaled.begin(bytes), horizon);
  }

  #appendDirectly(facts: readonly SpanFacts[]): Promise<Appended> {
    const { keeper, writing, horizon } = this.#parts;
    const { kept, late } = horizon.admitted(facts);
    const done = this.#appending.then(() =>
      keeper.use(({ writer }) => writing.shared(() => appendFacts(writer, horizon.writable(kept)))),
    );
    this.#appending = done.catch(() => undefined);
    return done.then(() => ({ late }));
  }

  /** What deletes what is older than it may be, whenever it is run. */
  retention(policy: RetentionPolicy): Retention {
    return new Retention(this.#retained(), policy);
  }

  /** Writes whole days into files, and deletes them here if asked to. */
  archive(order: ArchiveOrder): Promise<readonly ArchivedDay[]> {
    return this.#maintaining.exclusive(() => archive(this.#retained(), order));
  }

  #retained(): Retained {
    return retainedOf(this.#parts, {
      alone: (act) => this.#maintaining.exclusive(act),
      settled: () => this.settledWithin(),
    });
  }

  /** As `Settler.settle`. */
  settle(): Promise<number> {
    return this.#settler.settle();
  }

  /** As `Settler.settleInBackground`. */
  settleInBackground(): Promise<number> {
    return this.#settler.settleInBackground();
  }

  /**
   * Answers from everything appended before its first question; `signal` breaks a question off.
   *
   * @param patienceMs it waits no longer until all of it is worked out, and says then what is not in the answers
   */
  reader(signal?: AbortSignal, patienceMs?: number): StoreReader {
    const { keeper } = this.#parts;
    let settled: Promise<Behind | undefined> | undefined;
    let settledIn: Promise<Database> | undefined;
    const behind = () => {
      // One that took its place, being smaller, has less until the journal is applied to it again.
      if (settled === undefined || settledIn !== keeper.current) {
        settledIn = keeper.current;
        settled = this.settledWithin(patienceMs);
      }
      return settled;
    };
    return {
      behind,
      readRows: async (sql, variables = {}) => {
        for (;;) {
          await behind();
          const rows = await keeper.use(async (database) =>
            keeper.current === settledIn
              ? database.reading((connection) => query(connection, sql, variables), signal)
              : undefined,
          );
          if (rows !== undefined) return rows;
        }
      },
    };
  }

  /** Runs one SELECT over everything appended so far; `signal` breaks it off. */
  readRows(sql: string, variables: Variables = {}, signal?: AbortSignal): Promise<Rows> {
    return this.reader(signal).readRows(sql, variables);
  }

  /**
   * Waits until all that was acknowledged before is worked out, but no longer than so many milliseconds.
   *
   * @returns what is not, or `undefined` for nothing
   */
  settledWithin(patienceMs = Number.POSITIVE_INFINITY): Promise<Behind | undefined> {
    return this.#settled.within(patienceMs);
  }

  /** Runs `act` in the database in which all was worked out, and not in one that took its place since. */
  async #inSettled(
    patienceMs: number | undefined,
    act: (database: Database) => Promise<void>,
  ): Promise<Behind | undefined> {
    const { keeper } = this.#parts;
    for (;;) {
      const settledIn = keeper.current;
      const behind = await this.settledWithin(patienceMs);
      const isDone = await keeper.use(async (database) => {
        if (keeper.current !== settledIn) return false;
        await act(database);
        return true;
      });
      if (isDone) return behind;
    }
  }

  /** On a full disk nothing new can be worked out: what was worked out before is then all there is. */
  async #settleAll(): Promise<boolean> {
    const { keeper } = this.#parts;
    try {
      for (;;) {
        const { current } = keeper;
        await this.caughtUp();
        await this.settle();
        // What was in it may not be in the one that took its place meanwhile.
        if (keeper.current === current) return true;
      }
    } catch (error) {
      if (failureOf(error) !== "disk") throw error;
      return false;
    }
  }

  /** The contract file that was loaded last, or `undefined` where none ever was. */
  async contract(): Promise<StoredContract | undefined> {
    const { journaled, journalFolder } = this.#parts;
    if (journaled === undefined) return this.#connected(newestContract);
    const note = await readContractNote(journalFolder);
    if (note !== undefined) return note.contract;
    const contract = await this.#connected(newestContract);
    await writeContractNote(journalFolder, contract === undefined ? {} : { contract });
    return contract;
  }

  /** Keeps a contract file as the newest. What is stored keeps its price. */
  async loadContract(contract: StoredContract): Promise<void> {
    const { journaled, journalFolder } = this.#parts;
    if (journaled !== undefined) await writeContractNote(journalFolder, { contract });
    await this.#writing((connection) => saveContract(connection, contract));
  }

  /** Prices what is stored anew, beside what was booked. One at a time; appends go on meanwhile. */
  reprice(order: RepriceOrder, price: Pricer): Promise<PricingRun> {
    const done = this.#maintaining.exclusive(async () => {
      await this.settledWithin();
      return this.#writing((writer) =>
        this.#connected((reader) => reprice(reader, writer, order, price)),
      );
    });
    this.#repricing = done.catch(() => undefined);
    return done;
  }

  /**
   * Makes a run the one that is read where nobody asks for another; 0 is what was booked.
   *
   * @returns false where there is no such run
   */
  choosePricingRun(runId: number): Promise<boolean> {
    return this.#writing(async (connection) => {
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

  /**
   * Copies everything into `outFile`, while appends go on. Plain `duckdb` opens it.
   *
   * Written beside the database first and then moved, so that `outFile` is there whole or not at all. What was
   * there before is replaced.
   */
  async snapshot(outFile: string): Promise<void> {
    const { scratch } = this.#parts;
    await this.#inSettled(undefined, (database) =>
      database.connected((connection) => writeSnapshot(connection, scratch, outFile)),
    );
  }

  /**
   * Copies the database's file as it is, by a child process, which is several times faster than a snapshot, while
   * everything goes on.
   *
   * @param patienceMs it waits no longer until all that was acknowledged before is worked out
   * @param atThatMoment is run, where the database has a file, while the file is as it is copied
   * @returns what is not in the copy, or `undefined` for nothing
   */
  copy(
    outFile: string,
    patienceMs?: number,
    atThatMoment: () => Promise<void> = () => Promise.resolve(),
  ): Promise<Behind | undefined> {
    const { writing, scratch } = this.#parts;
    return this.#inSettled(patienceMs, (database) => {
      if (this.file === ":memory:") {
        return database.connected((connection) => writeSnapshot(connection, scratch, outFile));
      }
      const { signal } = this.#closing;
      return copyFileOf({ database, writing, to: outFile, atThatMoment, signal });
    });
  }

  /** Makes the database anew where `error` says that it is damaged, as when it is met by a question. */
  async mend(error: unknown): Promise<void> {
    const { keeper } = this.#parts;
    await keeper.heal(keeper.current, error);
  }

  /** Keeps a verified copy beside the database, and drops what of the journal is in two of them. */
  async keepSnapshot(madeAt: Date): Promise<Snapshot> {
    const { snapshots, journaled } = this.#parts;
    await this.settledWithin();
    const snapshot = await keepSnapshot(this.#parts, madeAt, this.#closing.signal);
    await journaled?.prune(snapshots);
    return snapshot;
  }

  /** Whether spans go through a journal. */
  get hasJournal(): boolean {
    return this.#parts.journaled !== undefined;
  }

  /** Resolves where spans cannot be made durable any more, with why: the process had better end. */
  get broken(): Promise<Error> {
    return this.#parts.journaled?.broken ?? new Promise(() => undefined);
  }

  /** Resolves once the database has all that was appended before. */
  async caughtUp(): Promise<void> {
    await this.#parts.journaled?.caughtUp();
  }

  /** What an operator wants to know of it. */
  status(): Promise<StoreStatus> {
    const { file, keeper, horizon, snapshots, journaled } = this.#parts;
    return statusOf({ file, keeper, horizon, snapshots, journaled });
  }

  /** With a connection of its own, in an open database; for reading. */
  #connected<Result>(
    act: (connection: DuckDBConnection) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    return this.#parts.keeper.use((database) => database.connected(act, signal));
  }

  #writing<Result>(act: (connection: DuckDBConnection) => Promise<Result>): Promise<Result> {
    const { keeper, writing } = this.#parts;
    return keeper.use((database) => writing.shared(() => database.connected(act)));
  }

  /** Breaks off whatever the database is doing, for a process that has to end now. All that was appended stays. */
  async breakOff(): Promise<void> {
    await (await this.#parts.keeper.current).interrupt();
  }

  /**
   * Waits for what is being written, breaks off what is being read, and lets the file go with all in it.
   *
   * @param drain wait until the database has all that the journal has, and all is settled; else the next to open it sees
   * to that
   */
  async close({ drain = true }: { readonly drain?: boolean } = {}): Promise<void> {
    const { journaled, journalFolder, keeper, writing, scratch, unlock } = this.#parts;
    this.#closing.abort(new Error("the store is closing"));
    if (drain) await journaled?.caughtUp().catch(() => undefined);
    // What is durable and could not be put into a database that broke is so at the next start.
    keeper.stopHealing();
    await Promise.all([this.#appending, drain ? this.#repricing : undefined, journaled?.close()]);
    if (drain) {
      await this.#settler.idle();
      await keeper.use((each) => writing.exclusive(() => intoFile(each))).catch(() => undefined);
    }
    const wasOpen = await keeper.close();
    if (!wasOpen && unlock !== undefined) await removeUnused(journalFolder);
    if (this.file === ":memory:") await rm(scratch, { recursive: true, force: true });
    unlock?.();
    openFiles.delete(resolve(this.file));
  }
}
