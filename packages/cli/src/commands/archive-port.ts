import { resolve } from "node:path";
import { CommandError } from "../errors.ts";
import type { WritableWorld } from "../ports.ts";

/** What to archive. */
export interface ArchiveAsked {
  readonly folder: string;
  /** Midnight, in milliseconds since 1970: the days before it. */
  readonly until: number;
  /** Days are deleted in the database once their files are verified. */
  readonly drop: boolean;
}

/** What became of a day. */
export interface ArchivedDate {
  readonly date: string;
  readonly records: number;
  readonly spans: number;
  /** Exact; `undefined` where no record has a price. */
  readonly costUsd: string | undefined;
  readonly bytes: number;
  /** False where the files had all of it already. */
  readonly written: boolean;
  readonly dropped: boolean;
}

/** What writes days into files: the pipeline, where this process has the database. */
export interface Archivist {
  archive(asked: ArchiveAsked): Promise<readonly ArchivedDate[]>;
}

/** What `spancost archive` may use. */
export type ArchivingWorld = WritableWorld & { readonly archivist?: Archivist };

/**
 * The archivist of a receiver, which is asked over HTTP: it writes into the one folder that it was started with, and
 * nowhere else on its machine.
 *
 * @param allowed `undefined`: there is none
 */
export function confined(archivist: Archivist, allowed: string | undefined): Archivist {
  return {
    async archive(asked) {
      if (allowed === undefined) {
        throw new CommandError(
          "a receiver has the database, and writes files only where it was told to when it was started: start it with " +
            "--archive-dir DIR. Or stop it and type the same again: the files are then written here.",
        );
      }
      if (resolve(asked.folder) !== resolve(allowed)) {
        throw new CommandError(
          `the receiver that has the database archives into ${resolve(allowed)} only. ` +
            `Type: spancost archive ${resolve(allowed)}`,
        );
      }
      return archivist.archive(asked);
    },
  };
}
