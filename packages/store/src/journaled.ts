import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Applier, type ApplierCounts } from "./applier.ts";
import type { Database } from "./database.ts";
import type { InParts } from "./journal/in-parts.ts";
import {
  Journal,
  JournalError,
  type JournalEvents,
  type JournalLimits,
} from "./journal/journal.ts";
import { numberOf, type SegmentName, segmentsOf } from "./journal/segment.ts";
import { syncFolder } from "./journal/sync-folder.ts";
import type { Keeper } from "./keeper.ts";
import { makeFolder } from "./make-folder.ts";
import type { Horizon } from "./retention/horizon.ts";
import type { SharedLock } from "./shared-lock.ts";
import type { Snapshots } from "./snapshots.ts";

/** What a journal in front of a database needs. */
export interface JournaledOptions {
  readonly folder: string;
  readonly keeper: Keeper;
  readonly writing: SharedLock;
  readonly horizon: Horizon;
  readonly limits?: Partial<JournalLimits> | undefined;
  afterCommit(database: Database): Promise<void>;
  warn(sentence: string): void;
}

/** Bytes of the journal that may be ahead of the database; with more, nothing is taken. */
const mostLagBytes = 4 * 1024 * 1024 * 1024;

/** Spans on their way: made durable in a journal, then applied to the database. */
export class Journaled {
  /** Resolves once nothing will be made durable any more, with why; perhaps never. */
  readonly broken: Promise<JournalError>;
  readonly #journal: Journal;
  readonly #applier: Applier;

  private constructor(journal: Journal, applier: Applier, broken: Promise<JournalError>) {
    this.#journal = journal;
    this.#applier = applier;
    this.broken = broken;
  }

  static async open({ folder, limits, ...options }: JournaledOptions): Promise<Journaled> {
    let applier: Applier | undefined;
    let breaks: (error: JournalError) => void = () => undefined;
    const broken = new Promise<JournalError>((resolve) => {
      breaks = resolve;
    });
    const events: JournalEvents = {
      written: (frame) => applier?.add(frame),
      closed: (segment, end) => applier?.close(segment, end),
      broken: (error) => breaks(error),
    };
    const newest = (await segmentsOf(folder)).at(-1);
    const before = newest === undefined ? 0 : numberOf(newest);
    const journal = await Journal.open(folder, events, limits);
    const isOwn = (segment: SegmentName) => numberOf(segment) > before;
    applier = new Applier({ ...options, journalFolder: folder, isOwn });
    return new Journaled(journal, applier, broken);
  }

  /** As `Journal.begin`. @throws JournalError where nothing can be taken */
  begin(bytes?: number): InParts<void> {
    if (this.#applier.lagBytes > mostLagBytes) {
      const lag = `${this.#applier.lagSpans} spans wait for the database`;
      throw new JournalError("full", lag);
    }
    return this.#journal.begin(bytes);
  }

  /** Resolves once all that was taken by now is durable, or told not to be. */
  answered(): Promise<void> {
    return this.#journal.answered();
  }

  /** Resolves once all that is durable by now is in the database. */
  caughtUp(): Promise<void> {
    return this.#applier.caughtUp();
  }

  get counts(): ApplierCounts {
    return this.#applier.counts;
  }

  get lagSpans(): number {
    return this.#applier.lagSpans;
  }

  /** Why nothing will be made durable any more, if so. */
  get fault(): JournalError | undefined {
    return this.#journal.broken;
  }

  size(): Promise<number> {
    return this.#journal.size();
  }

  /** Removes the segments that every kept snapshot has, once there are two: one of them may fail. */
  async prune(snapshots: Snapshots): Promise<void> {
    const list = await snapshots.list();
    const oldest = list.at(-1);
    if (oldest === undefined || list.length < 2) return;
    const covered = new Set(
      oldest.applied.filter(({ complete }) => complete).map(({ segment }) => segment),
    );
    for (const segment of await segmentsOf(this.#journal.folder)) {
      // In order, so that what is left has no gaps.
      if (!covered.has(segment)) break;
      await rm(join(this.#journal.folder, segment), { force: true });
    }
  }

  /** Makes durable what was taken, and stops. What is not applied by then is so at the next start. */
  async close(): Promise<void> {
    await this.#journal.close();
    await this.#applier.stop();
  }
}

/** Whether a database has a journal beside it. */
export async function hasJournal(folder: string): Promise<boolean> {
  return stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Makes the folder of a journal, durably. */
export async function makeJournal(folder: string): Promise<void> {
  await makeFolder(folder);
  await syncFolder(join(folder, ".."));
}
