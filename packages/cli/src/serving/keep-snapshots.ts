import type { Store, StoreStatus } from "@spancost/store";
import type { Log } from "../operation/log/log.ts";

/** Work that goes on in the background until it is stopped. */
export interface Snapshotting {
  /** Begins no other one. One that is being made is not waited for. */
  stop(): void;
}

/** Milliseconds between two looks. */
const lookMs = 30_000;
/** Age in milliseconds at which a snapshot is made anew, where spans arrived since. */
const hourly = 3_600_000;
/** Bytes of journal that are worth a snapshot before the hour is over, where they are more than the database. */
const journalBytes = 512 * 1024 * 1024;

/** What this process knows of the last snapshot. */
interface LastSnapshot {
  /** Milliseconds since 1970; the start of this process where there is none. */
  readonly at: number;
  /** Spans that were applied when this process made it. */
  readonly appliedSpans: number;
}

/** Whether a snapshot is due. */
export function isDue(status: StoreStatus, last: LastSnapshot, now: number): boolean {
  const { journal, databaseBytes } = status;
  if (journal === undefined || !status.databaseOpen) return false;
  if (journal.appliedSpans === last.appliedSpans) return false;
  return journal.bytes > Math.max(journalBytes, databaseBytes) || now - last.at >= hourly;
}

/** Keeps verified copies of the database, from which it is made anew should its file be damaged. */
export function keepSnapshots(
  store: Pick<Store, "status" | "keepSnapshot">,
  now: () => number,
  log: Pick<Log, "info" | "failure">,
): Snapshotting {
  const startedAt = now();
  let appliedSpans = 0;
  let isLooking = false;
  let isStopped = false;
  const look = async () => {
    const status = await store.status();
    const at = Date.parse(status.newestSnapshotAt ?? new Date(startedAt).toISOString());
    if (!isDue(status, { at, appliedSpans }, now())) return;
    const { file, spans, calls, costUsd } = await store.keepSnapshot(new Date(now()));
    const message = "a copy of the database was made and read back";
    log.info("snapshot.made", message, { file, spans, calls, cost_usd: costUsd });
    appliedSpans = status.journal?.appliedSpans ?? 0;
  };
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    look()
      .catch((error: unknown) => {
        // What closes breaks it off.
        if (!isStopped) log.failure("snapshot.failed", error);
      })
      .finally(() => {
        isLooking = false;
      });
  }, lookMs);
  return {
    stop() {
      isStopped = true;
      clearInterval(timer);
    },
  };
}
