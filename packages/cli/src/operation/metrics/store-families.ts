import type { StoreStatus } from "@spancost/store";
import { counter, type Family, gauge } from "./family.ts";
import type { Known } from "./last-known.ts";

/** Bytes of the disk that a database stands on. */
export interface DiskSpace {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** The files on disk and what is on its way into the database. */
export interface StoreState {
  readonly store: StoreStatus;
  readonly disk: DiskSpace;
}

/** @param now milliseconds since 1970 */
export function storeFamilies(known: Known<StoreState> | undefined, now: number): Family[] {
  if (known === undefined) return [];
  const { store, disk } = known.value;
  const { journal, newestSnapshotAt } = store;
  return [
    gauge(
      "spancost_status_age_seconds",
      "Age of the numbers about files and the journal: it grows where the disk does not answer.",
      known.ageMs / 1000,
    ),
    gauge(
      "spancost_database_open",
      "1 where questions can be answered, 0 while the database is opened or mended.",
      Number(store.databaseOpen),
    ),
    gauge("spancost_database_bytes", "Of the database's file.", store.databaseBytes),
    gauge("spancost_database_log_bytes", "Of DuckDB's write-ahead log.", store.logBytes),
    gauge(
      "spancost_disk_free_bytes",
      "Free for this process, on the database's disk.",
      disk.freeBytes,
    ),
    gauge("spancost_disk_bytes", "Of the database's disk.", disk.totalBytes),
    gauge(
      "spancost_snapshot_age_seconds",
      "Since the newest verified copy of the database was made; missing where there is none.",
      newestSnapshotAt === undefined ? undefined : (now - Date.parse(newestSnapshotAt)) / 1000,
    ),
    counter(
      "spancost_late_spans_total",
      "Spans that were not kept, for they began before the oldest day whose spans are.",
      store.lateSpans,
    ),
    gauge("spancost_journal_bytes", "Of all segments of the journal.", journal?.bytes),
    gauge(
      "spancost_journal_lag_spans",
      "Spans that are durable in the journal and not in the database yet.",
      journal?.lagSpans,
    ),
    gauge(
      "spancost_journal_broken",
      "1 where nothing can be made durable any more: the process is about to end.",
      journal === undefined ? undefined : Number(journal.broken !== undefined),
    ),
    counter(
      "spancost_applied_spans_total",
      "Spans moved into the database.",
      journal?.appliedSpans,
    ),
    counter(
      "spancost_replayed_spans_total",
      "Of those, spans read from the journal again after a start or a repair.",
      journal?.replayedSpans,
    ),
    counter("spancost_commits_total", "Transactions that moved spans.", journal?.commits),
    counter(
      "spancost_commit_failures_total",
      "Transactions that failed; they are done again.",
      journal?.failures,
    ),
    gauge(
      "spancost_last_commit_seconds",
      "How long the newest of those transactions took.",
      journal === undefined || journal.commits === 0 ? undefined : journal.lastCommitMs / 1000,
    ),
    counter(
      "spancost_journal_damages_total",
      "Parts of the journal that could not be read: their spans are lost where the database lacks them.",
      journal?.damages,
    ),
    counter(
      "spancost_refused_spans_total",
      "Spans that the database would not take, each of which is a fault of spancost.",
      journal?.refusedSpans,
    ),
  ];
}
