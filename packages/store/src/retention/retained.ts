import type { Keeper } from "../keeper.ts";
import type { Parts } from "../open-store.ts";
import type { Behind } from "../settled-within.ts";
import type { SharedLock } from "../shared-lock.ts";
import type { Day } from "./day.ts";
import type { Horizon } from "./horizon.ts";
import { writeHorizonNote } from "./horizon-note.ts";

/** What of a store is needed to delete, to archive and to make its file smaller. */
export interface Retained {
  readonly file: string;
  /** The one folder that SQL may write into. */
  readonly scratch: string;
  /** `undefined` without a journal. */
  readonly journalFolder: string | undefined;
  readonly keeper: Keeper;
  readonly writing: SharedLock;
  readonly horizon: Horizon;
  /**
   * Runs `act` while nothing else is archived, deleted, priced anew or put into a smaller file: what was read of one
   * file must not be deleted from another one.
   */
  alone<Result>(act: () => Promise<Result>): Promise<Result>;
  /**
   * Takes no spans of before `day` any more, also after the next start, and resolves once all that was appended before is in the
   * database, and settled: what it costs is to be kept.
   *
   * @throws where that cannot be now, for the disk is full
   */
  closePast(day: Day): Promise<void>;
  /** Resolves once all that was appended before is in the database, and settled. @throws as `closePast` */
  settled(): Promise<void>;
}

/** Those parts of `store`, with what only the whole of it can do. */
export function retainedOf(
  { file, scratch, keeper, writing, horizon, journaled, journalFolder }: Parts,
  whole: Pick<Retained, "alone"> & { settled(): Promise<Behind | undefined> },
): Retained {
  const settled = async () => {
    await journaled?.answered();
    if ((await whole.settled()) === undefined) return;
    throw new Error(
      "the disk is too full to work out what was acknowledged: nothing is archived or deleted before that",
    );
  };
  return {
    ...{ file, scratch, keeper, writing, horizon, settled },
    journalFolder: journaled === undefined ? undefined : journalFolder,
    alone: whole.alone,
    async closePast(day) {
      horizon.announce(day);
      await settled();
      if (journaled !== undefined) await writeHorizonNote(journalFolder, horizon.from);
    },
  };
}
