import { rename, rm } from "node:fs/promises";
import { appliedOf } from "./contents.ts";
import { DamagedDatabaseError } from "./damaged-database.ts";
import { Database, type DatabaseOptions } from "./database.ts";
import { isDamaged } from "./failures.ts";
import { numberOf, type SegmentName, segmentsOf } from "./journal/segment.ts";
import { sizeOf } from "./size-of.ts";
import type { Snapshots } from "./snapshots.ts";

/** What is needed to open a database that a journal stands beside, or to make it anew. */
export interface RecoveryOptions extends DatabaseOptions {
  readonly journalFolder: string;
  readonly snapshots: Snapshots;
  /** Told what had to be mended, in a sentence. */
  warn(sentence: string): void;
}

/**
 * Opens the database; where it is damaged or gone, puts the newest snapshot that opens in its place, or an empty
 * one. What the journal has beyond it is applied afterwards.
 *
 * A damaged file is moved aside and never removed.
 *
 * @param known the file is known to be damaged, and why
 * @throws DamagedDatabaseError where there is nothing to make it anew from
 * @throws StoreInUseError, ForeignDatabaseError, NewerSchemaError, and the system's errors
 */
export async function openOrRecover(options: RecoveryOptions, known?: Error): Promise<Database> {
  const { file, snapshots, warn } = options;
  // Made anew from nothing it would be empty, and as long as it stands in its place a copy can still replace it.
  if (known !== undefined && !(await hasPast(await segmentsOf(options.journalFolder), snapshots))) {
    throw new DamagedDatabaseError(file, known);
  }
  const fault = known ?? (await faultOf(options));
  if (!(fault instanceof Error)) return fault;
  const aside = await moveAside(file);
  const where = aside === undefined ? "" : `; what is left of it is kept as ${aside}`;
  for (const snapshot of await snapshots.list()) {
    warn(
      `${file} cannot be used (${fault.message})${where}: it is made anew from the snapshot of ` +
        `${snapshot.madeAt} and the journal; re-pricings since then are not in it`,
    );
    await snapshots.restore(snapshot, file);
    try {
      const database = await Database.open(options);
      await warnOfGap(database, options);
      return database;
    } catch (error) {
      if (!isDamaged(error)) throw error;
      warn(`the snapshot of ${snapshot.madeAt} cannot be opened either (${String(error)})`);
      await moveAside(file);
    }
  }
  const reach = await reachOf(options.journalFolder);
  warn(
    `${file} cannot be used (${fault.message})${where}: it is made anew from the journal${reach}`,
  );
  const database = await Database.open(options);
  await warnOfGap(database, options);
  return database;
}

/** What a journal can give back, where nothing else can. */
async function reachOf(journalFolder: string): Promise<string> {
  const [oldest] = await segmentsOf(journalFolder);
  if (oldest === undefined) return ", which is empty: what was stored is lost";
  return numberOf(oldest) === 1 ? ", which goes back to the first span" : "";
}

/** Whether there is something beside the database that it can be made anew from. */
async function hasPast(
  segments: readonly SegmentName[],
  snapshots: RecoveryOptions["snapshots"],
): Promise<boolean> {
  return segments.length > 0 || (await snapshots.list()).length > 0;
}

/** The database, or why it has to be made anew. */
async function faultOf(options: RecoveryOptions): Promise<Database | Error> {
  const { file, journalFolder, snapshots } = options;
  const segments = await segmentsOf(journalFolder);
  const past = await hasPast(segments, snapshots);
  if (past && (await sizeOf(file)) === 0) return new Error("it is gone, or empty");
  let database: Database;
  try {
    database = await Database.open(options);
  } catch (error) {
    if (past && isDamaged(error)) return error as Error;
    throw error;
  }
  const gap = await gapBefore(database, segments);
  if (gap === undefined || (await snapshots.list()).length === 0) return database;
  await database.close();
  return new Error(`it ends at segment ${gap.has} of the journal, which now begins at ${gap.next}`);
}

interface Gap {
  /** Numbers of the last segment in the database and of the first that is left. */
  readonly has: number;
  readonly next: number;
}

/** Segments that are neither in the database nor in the journal: it is an older copy, or an empty one. */
async function gapBefore(
  database: Database,
  segments: readonly SegmentName[],
): Promise<Gap | undefined> {
  const [oldest] = segments;
  if (oldest === undefined) return undefined;
  const applied = await appliedOf(database.writer);
  const has = Math.max(0, ...applied.map(({ segment }) => numberOf(segment as SegmentName)));
  const next = numberOf(oldest);
  return next > has + 1 ? { has, next } : undefined;
}

async function warnOfGap(database: Database, options: RecoveryOptions): Promise<void> {
  const gap = await gapBefore(database, await segmentsOf(options.journalFolder));
  if (gap === undefined) return;
  options.warn(
    `segments ${gap.has + 1} to ${gap.next - 1} of the journal are gone and no snapshot has them: ` +
      "the spans in them are lost",
  );
}

/** @returns where the file is now, or `undefined` where there was none */
async function moveAside(file: string): Promise<string | undefined> {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, "-");
  const aside = `${file}.damaged-${stamp}`;
  if ((await sizeOf(file)) === 0) {
    await rm(file, { force: true });
    await rm(`${file}.wal`, { force: true });
    return undefined;
  }
  await rename(file, aside);
  await rename(`${file}.wal`, `${aside}.wal`).catch(() => undefined);
  return aside;
}
