import { copyInChild } from "./child-copy.ts";
import type { Database } from "./database.ts";
import type { SharedLock } from "./shared-lock.ts";

/** What a copy of a database's file is made of. */
export interface FileCopy<Moment> {
  readonly database: Database;
  /** Who writes to the database passes shared. */
  readonly writing: SharedLock;
  readonly to: string;
  /** Looks at the database as it is in the copy: nobody writes. */
  atThatMoment(): Promise<Moment>;
  /** Breaks the copying off. */
  readonly signal: AbortSignal;
}

/**
 * Copies the file of a database as of one moment. Who writes waits only until DuckDB's log is in the file.
 *
 * The blocks that a checkpoint uses stay as they are until the next one: whatever is written meanwhile goes to the log, and to
 * blocks that are free. So the file can be copied while everything goes on, as long as there is no checkpoint, and who makes
 * one is alone. Where the log could not be put into the file, or DuckDB may do so by itself, all wait for the copy.
 */
export function copyFileOf<Moment>({
  database,
  writing,
  to,
  atThatMoment,
  signal,
}: FileCopy<Moment>): Promise<Moment> {
  const { file } = database;
  return writing.aloneThenBeside(
    async () => {
      await intoFile(database);
      const moment = await atThatMoment();
      const stays = database.hasJournal && (await database.logBytes()) === 0;
      if (!stays) await copyWithLog(file, to, signal);
      return { moment, stays };
    },
    async ({ moment, stays }) => {
      if (stays) await copyInChild([[file, to]], signal);
      return moment;
    },
  );
}

/** Copies a file that nobody writes to meanwhile, and DuckDB's log beside it. */
export function copyWithLog(file: string, to: string, signal?: AbortSignal): Promise<void> {
  const pairs = [
    [file, to],
    [`${file}.wal`, `${to}.wal`],
  ] as const;
  return copyInChild(pairs, signal);
}

/** Puts DuckDB's log into its file, if it can; else the log stays beside it. */
export async function intoFile(database: Database): Promise<void> {
  await database.checkpoint().catch(() => undefined);
}
