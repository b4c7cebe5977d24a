import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { Checkpoints } from "./checkpoint.ts";
import { appliedOf, contentsOf } from "./contents.ts";
import { readContractNote } from "./contract-note.ts";
import { newestContract, saveContract } from "./contracts.ts";
import { DamagedDatabaseError } from "./damaged-database.ts";
import { Database } from "./database.ts";
import { isDamaged } from "./failures.ts";
import { copyFileOf, copyWithLog, intoFile } from "./file-copy.ts";
import type { JournalLimits } from "./journal/journal.ts";
import { lockFile, type Unlock } from "./journal/lock.ts";
import { baseSegment, segmentsOf } from "./journal/segment.ts";
import { hasJournal, Journaled, makeJournal } from "./journaled.ts";
import { Keeper } from "./keeper.ts";
import { openOrRecover } from "./recovery.ts";
import { boundsOf, Horizon } from "./retention/horizon.ts";
import { readHorizonNote, writeHorizonNote } from "./retention/horizon-note.ts";
import { SharedLock } from "./shared-lock.ts";
import { type Snapshot, Snapshots } from "./snapshots.ts";
import { StoreInUseError } from "./store-in-use.ts";

/** How a store is opened. */
export interface StoreOptions {
  /**
   * Makes spans durable in a journal beside the file, before the database has them: for those who acknowledge
   * spans that nobody else keeps. Where there is a journal already it is used in any case.
   */
  readonly journal?: boolean;
  readonly limits?: Partial<JournalLimits>;
  /** Told what had to be mended, in a sentence. */
  warn?(sentence: string): void;
}

/** What a store consists of. */
export interface Parts {
  readonly file: string;
  readonly scratch: string;
  /** Who writes to the database passes shared, who changes its file exclusive. */
  readonly writing: SharedLock;
  readonly keeper: Keeper;
  readonly horizon: Horizon;
  readonly snapshots: Snapshots;
  /** Only where there is a journal. */
  readonly journaled: Journaled | undefined;
  readonly journalFolder: string;
  readonly unlock: Unlock | undefined;
}

/** Opens the files of a store, or makes them. @throws StoreInUseError */
export async function openParts(file: string, options: StoreOptions): Promise<Parts> {
  const inMemory = file === ":memory:";
  const scratch = inMemory
    ? await mkdtemp(join(tmpdir(), "spancost-"))
    : resolve(`${file}.scratch`);
  const journalFolder = `${file}.journal`;
  const wantsJournal = !inMemory && (options.journal === true || (await hasJournal(journalFolder)));
  const warn = (sentence: string) => options.warn?.(sentence);
  const writing = new SharedLock();
  const snapshots = new Snapshots(file);
  const horizon = new Horizon();
  const base = { file, scratch, writing, snapshots, journalFolder, horizon };
  if (!wantsJournal) {
    const open = async (fault: Error | undefined) => {
      // To open it again gives the same file, and whoever asks it would go on for ever.
      if (fault !== undefined) throw new DamagedDatabaseError(file, fault);
      const database = await Database.open({ file, scratch, hasJournal: false });
      horizon.commit(await boundsOf(database.writer));
      return database;
    };
    return { ...base, keeper: new Keeper(open, warn), journaled: undefined, unlock: undefined };
  }
  await makeJournal(journalFolder);
  const unlock = await lockFile(join(journalFolder, "lock"));
  if (unlock === undefined) throw new StoreInUseError(file);
  // Spans are taken before the database is open, which would drop those that it has no past of.
  const noted = await readHorizonNote(journalFolder);
  if (noted !== undefined) horizon.announce(noted);
  const recovery = { file, scratch, hasJournal: true, journalFolder, snapshots, warn };
  const keeper = new Keeper(async (fault) => {
    const database = await openOrRecover(recovery, fault);
    try {
      await prepareForJournal(database, base);
      const bounds = await boundsOf(database.writer);
      horizon.commit(bounds);
      const known = await readHorizonNote(journalFolder);
      if (known !== bounds.spansFrom) {
        // Without space it stays as it was: nothing depends on it once the database is open.
        await writeHorizonNote(journalFolder, bounds.spansFrom).catch(() => undefined);
      }
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  }, warn);
  const checkpoints = new Checkpoints(writing);
  const afterCommit = (database: Database) => checkpoints.whereDue(database);
  const { limits } = options;
  const journaled = await Journaled.open({
    folder: journalFolder,
    keeper,
    writing,
    horizon,
    limits,
    afterCommit,
    warn,
  });
  return { ...base, keeper, journaled, unlock };
}

/** What must hold before the first frame is applied. */
async function prepareForJournal(
  database: Database,
  { file, snapshots, journalFolder }: Pick<Parts, "file" | "snapshots" | "journalFolder">,
): Promise<void> {
  const note = await readContractNote(journalFolder);
  const newest = await newestContract(database.writer);
  if (note?.contract !== undefined && note.contract.contractId !== newest?.contractId) {
    await saveContract(database.writer, note.contract);
  }
  // What the journal cannot give back, as it came in before there was one or was dropped from it, stands nowhere
  // else where there is no snapshot: it is copied before anything is changed.
  if ((await snapshots.list()).length > 0) return;
  const { writer } = database;
  if ((await appliedOf(writer)).length === 0 && (await hasSpans(writer))) await markBase(writer);
  const segments: ReadonlySet<string> = new Set(await segmentsOf(journalFolder));
  if ((await appliedOf(writer)).every(({ segment }) => segments.has(segment))) return;
  await intoFile(database);
  const copy = async (to: string) => {
    await copyWithLog(file, to);
    return contentsOf(writer);
  };
  await snapshots.take(copy, new Date()).catch((error: unknown) => {
    throw isDamaged(error) ? new DamagedDatabaseError(file, error as Error) : error;
  });
}

async function hasSpans(connection: DuckDBConnection): Promise<boolean> {
  const reader = await connection.runAndReadAll("select 1 from span_facts limit 1");
  return reader.currentRowCount > 0;
}

/** Notes that there were spans before the first segment. */
async function markBase(connection: DuckDBConnection): Promise<void> {
  await connection.run("insert into journal_applied values ($segment, 0, true)", {
    segment: baseSegment,
  });
}

/** Keeps a verified copy of the database as it is now, while everything goes on. */
export function keepSnapshot(
  { keeper, writing, snapshots }: Parts,
  madeAt: Date,
  signal: AbortSignal,
): Promise<Snapshot> {
  const copy = (to: string) =>
    keeper.use((database) => {
      const atThatMoment = () => contentsOf(database.writer);
      return copyFileOf({ database, writing, to, atThatMoment, signal });
    });
  return snapshots.take(copy, madeAt, signal);
}
