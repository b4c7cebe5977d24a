import type { ApplierCounts } from "./applier.ts";
import type { Journaled } from "./journaled.ts";
import type { Keeper } from "./keeper.ts";
import type { Horizon } from "./retention/horizon.ts";
import { sizeOf } from "./size-of.ts";
import type { Snapshots } from "./snapshots.ts";

/** What an operator wants to know of a store. */
export interface StoreStatus {
  readonly databaseBytes: number;
  /** Of DuckDB's write-ahead log. */
  readonly logBytes: number;
  /** Whether the database can be read: not while it is opened or mended. */
  readonly databaseOpen: boolean;
  /** Spans that were not kept since the process began, for they came too late: what they belong to is expired. */
  readonly lateSpans: number;
  /** `undefined` without a journal. */
  readonly journal:
    | (Readonly<ApplierCounts> & {
        readonly bytes: number;
        /** Durable, and not in the database yet. */
        readonly lagSpans: number;
        /** Why nothing can be made durable any more, if so. */
        readonly broken: string | undefined;
      })
    | undefined;
  /** RFC 3339; `undefined` where there is none. */
  readonly newestSnapshotAt: string | undefined;
}

/** @returns what can be told without waiting for the database */
export async function statusOf(parts: {
  readonly file: string;
  readonly keeper: Keeper;
  readonly horizon: Horizon;
  readonly snapshots: Snapshots;
  readonly journaled: Journaled | undefined;
}): Promise<StoreStatus> {
  const { file, keeper, horizon, snapshots, journaled } = parts;
  const [newest] = await snapshots.list();
  const journalBytes = await journaled?.size();
  return {
    databaseBytes: await sizeOf(file),
    logBytes: await sizeOf(`${file}.wal`),
    databaseOpen: await isOpen(keeper),
    lateSpans: horizon.lateSpans,
    journal:
      journaled === undefined
        ? undefined
        : {
            ...journaled.counts,
            bytes: journalBytes ?? 0,
            lagSpans: journaled.lagSpans,
            broken: journaled.fault?.message,
          },
    newestSnapshotAt: newest?.madeAt,
  };
}

async function isOpen(keeper: Keeper): Promise<boolean> {
  const later = new Promise<false>((resolve) => setImmediate(() => resolve(false)));
  return Promise.race([keeper.current.then(() => true as const).catch(() => false), later]);
}
