import type { Keeper } from "../keeper.ts";
import type { SharedLock } from "../shared-lock.ts";
import type { Horizon } from "./horizon.ts";

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
  /** Resolves once all that was appended before is in the database, and settled. */
  settled(): Promise<unknown>;
}
