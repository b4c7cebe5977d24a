import { open } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { SpanFacts } from "@spancost/records";
import { writeFacts, writeFrames } from "./append.ts";
import { commitFacts } from "./commit-facts.ts";
import { type AppliedSegment, appliedOf } from "./contents.ts";
import type { Database } from "./database.ts";
import { failureOf, isRefusal, reasonOf } from "./failures.ts";
import { FrameQueue, spansPerCommit, type Waiting, type WaitingFrame } from "./frame-queue.ts";
import { FactsColumns } from "./journal/facts-columns.ts";
import { readFacts, type WrittenFacts } from "./journal/facts-reader.ts";
import { frameAt } from "./journal/frame.ts";
import type { Written } from "./journal/journal.ts";
import {
  isForeign,
  previousOf,
  readSegment,
  type SegmentName,
  segmentStart,
  segmentsOf,
} from "./journal/segment.ts";
import type { Keeper } from "./keeper.ts";
import type { Horizon } from "./retention/horizon.ts";
import type { SharedLock } from "./shared-lock.ts";

/** Milliseconds before what failed is tried again. */
const retryMs = 250;

/** What an applier has done since the process began. */
export interface ApplierCounts {
  appliedSpans: number;
  /** Frames of earlier processes, or of a database that had to be opened anew. */
  replayedSpans: number;
  commits: number;
  failures: number;
  /** Parts of the journal that were written and could not be read. */
  damages: number;
  /** Spans that the database refused again and again. */
  refusedSpans: number;
  /** Of the last commit, in milliseconds. */
  lastCommitMs: number;
}

/** What an applier needs. */
export interface ApplierOptions {
  readonly journalFolder: string;
  /** Whether this process wrote a segment. */
  isOwn(segment: SegmentName): boolean;
  readonly keeper: Keeper;
  readonly writing: SharedLock;
  /** Spans of before it are left out. */
  readonly horizon: Horizon;
  /** Done after a commit, while nothing else is. */
  afterCommit(database: Database): Promise<void>;
  warn(sentence: string): void;
}

/**
 * Moves what is in the journal into the database, each frame once.
 *
 * How far it is stands in the database itself and is written with the spans. After any failure, whose outcome
 * nobody knows, it reads there where to go on.
 */
export class Applier {
  readonly counts: ApplierCounts = {
    appliedSpans: 0,
    replayedSpans: 0,
    commits: 0,
    failures: 0,
    damages: 0,
    refusedSpans: 0,
    lastCommitMs: 0,
  };
  readonly #options: ApplierOptions;
  readonly #queue = new FrameQueue();
  readonly #columns = new FactsColumns();
  #stopping = false;
  readonly #running: Promise<void>;
  /** Where the newest frame ends that the journal told of. */
  #newest: { segment: SegmentName; end: number } | undefined;
  /** Of the segments that this process wrote, those that it does not write any more. */
  readonly #closed = new Set<SegmentName>();
  readonly #reported = new Set<string>();
  #wasOpen = false;

  constructor(options: ApplierOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Bytes of the journal that are not in the database yet, as far as this process wrote them. */
  get lagBytes(): number {
    return this.#queue.lagBytes;
  }

  get lagSpans(): number {
    return this.#queue.lagSpans;
  }

  /** Takes a frame that is durable. */
  add(frame: Written): void {
    this.#newest = { segment: frame.segment, end: frame.end };
    this.#queue.add(frame);
  }

  /** Takes note that a segment will not be written any more. */
  close(segment: SegmentName, end: number): void {
    this.#closed.add(segment);
    this.#queue.close(segment, end);
  }

  /** Resolves once all that was added before is in the database. */
  caughtUp(): Promise<void> {
    return this.#queue.reached();
  }

  /** Stops after the commit that is under way. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#queue.stop();
    await this.#running;
    this.#queue.failWaiters(new Error("the store is closing"));
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      const current = this.#options.keeper.current;
      let isOpen = false;
      try {
        const database = await current;
        isOpen = true;
        this.#wasOpen = true;
        await this.#replay(database);
        this.#queue.inVain = undefined;
        await this.#applyQueue(database, current);
      } catch (error) {
        if (this.#stopping) return;
        // Who asks gets what the database has, rather than nothing until there is space again.
        if (failureOf(error) === "disk") this.#queue.inVain = error as Error;
        this.counts.failures += 1;
        const healed = await this.#options.keeper.heal(current, error).catch(() => false);
        if (healed) continue;
        // Nobody waits for a database that cannot be opened. What is in the journal does.
        if (!isOpen) this.#queue.failWaiters(error as Error);
        // One that never was open is no database, perhaps: who opens it is told why, and no span is waiting for it.
        await this.#pauseAfter(this.#wasOpen ? error : undefined);
      }
    }
  }

  async #pauseAfter(error: unknown): Promise<void> {
    if (error !== undefined) this.#report(`spans wait in the journal: ${reasonOf(error)}`);
    await delay(retryMs);
  }

  /**
   * Applies what stands in the journal and not in the database, up to what was told of by now; only what comes
   * later is left in the queue.
   */
  async #replay(database: Database): Promise<void> {
    const until = this.#newest;
    this.#queue.clear();
    const applied = new Map(
      (await database.use(({ writer }) => appliedOf(writer))).map((each) => [each.segment, each]),
    );
    const segments = await segmentsOf(this.#options.journalFolder);
    for (const [index, segment] of segments.entries()) {
      if (this.#stopping) return;
      const known = applied.get(segment);
      if (known?.complete) continue;
      // What this process writes is known up to what the journal told of: behind that it may not be durable.
      if (this.#options.isOwn(segment) && (until === undefined || segment > until.segment)) break;
      const isOpen = segment === until?.segment && !this.#closed.has(segment);
      const end = await this.#replaySegment(
        database,
        segment,
        known?.bytes,
        isOpen ? until.end : undefined,
      );
      if (!isOpen) await this.#checkEnd(segment, end, segments[index + 1]);
    }
  }

  /** What is missing at the end of a segment, its successor knows of. */
  async #checkEnd(segment: SegmentName, end: number, next: SegmentName | undefined): Promise<void> {
    const { journalFolder } = this.#options;
    if (await isForeign(journalFolder, segment)) {
      this.#reportDamage(`${segment} of the journal is no segment any more`);
    }
    const known = next === undefined ? undefined : await previousOf(journalFolder, next);
    if (known?.segment !== segment || known.end <= end) return;
    this.#reportDamage(
      `${segment} of the journal ends at byte ${end}, and once went on to ${known.end}`,
    );
  }

  #reportDamage(sentence: string): void {
    this.#report(
      `${sentence}: the spans in between are lost where the database does not have them`,
      () => {
        this.counts.damages += 1;
      },
    );
  }

  /** @param until of the segment that is being written, how far it is known to be durable */
  async #replaySegment(
    database: Database,
    segment: SegmentName,
    from: number | undefined,
    until: number | undefined,
  ): Promise<number> {
    const start = from ?? segmentStart.byteLength;
    const { journalFolder } = this.#options;
    const read = await readSegment(journalFolder, segment, start, until);
    const { frames } = read;
    for (const { from: at, bytes } of read.damages) {
      this.#reportDamage(
        `${segment} of the journal is damaged: ${bytes} bytes from ${at} on cannot be read`,
      );
    }
    let end = start;
    let spans = 0;
    for (let from = 0, at = 0; at < frames.length && !this.#stopping; at++) {
      const frame = frames[at];
      if (frame === undefined) break;
      spans += frame.spans;
      end = frame.end;
      if (spans < spansPerCommit && at + 1 < frames.length) continue;
      const taken = frames.slice(from, at + 1);
      await this.#commit(database, taken, [{ segment, bytes: end, complete: false }]);
      this.counts.replayedSpans += spans;
      from = at + 1;
      spans = 0;
    }
    if (until === undefined && !this.#stopping) {
      await this.#commit(database, [], [{ segment, bytes: end, complete: true }]);
    }
    return read.end;
  }

  async #applyQueue(database: Database, current: Promise<Database>): Promise<void> {
    while (!this.#stopping && this.#options.keeper.current === current) {
      await this.#queue.gathered();
      // Another database may stand there by now, which has less: it is brought up to date first.
      if (this.#stopping || this.#options.keeper.current !== current) return;
      await this.#applyTaken(database, this.#queue.take());
      await this.#options.afterCommit(database);
    }
  }

  async #applyTaken(database: Database, taken: readonly Waiting[]): Promise<void> {
    const frames: WrittenFacts[] = [];
    const applied = new Map<string, AppliedSegment>();
    try {
      for (const waiting of taken) {
        if ("closed" in waiting) {
          const { closed: segment, end } = waiting;
          applied.set(segment, { segment, bytes: end, complete: true });
        } else if ("spans" in waiting) {
          const { segment, end, spans } = waiting;
          frames.push({ spans, payload: waiting.payload ?? (await this.#read(waiting)) });
          applied.set(segment, { segment, bytes: end, complete: false });
        }
      }
      if (applied.size > 0) await this.#commit(database, frames, [...applied.values()]);
    } catch (error) {
      this.#queue.failed(taken);
      throw error;
    }
    this.#queue.done(taken);
  }

  async #read(frame: WaitingFrame): Promise<Buffer> {
    const file = await open(join(this.#options.journalFolder, frame.segment), "r");
    try {
      const bytes = Buffer.alloc(frame.end - frame.start);
      await file.read(bytes, 0, bytes.byteLength, frame.start);
      const found = frameAt(bytes, 0);
      if (found === undefined) throw new Error(`${frame.segment} cannot be read at ${frame.start}`);
      return found.payload;
    } finally {
      await file.close();
    }
  }

  /** Writes spans, and how far the journal is applied with them, in one transaction. */
  async #commit(
    database: Database,
    frames: readonly WrittenFacts[],
    applied: readonly AppliedSegment[],
  ): Promise<void> {
    const began = performance.now();
    try {
      await this.#commitFrames(database, frames, applied);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await this.#commitWithoutRefused(database, readFacts(...frames), applied);
    }
    this.counts.lastCommitMs = performance.now() - began;
  }

  async #commitFrames(
    database: Database,
    frames: readonly WrittenFacts[],
    applied: readonly AppliedSegment[],
  ): Promise<void> {
    const { horizon } = this.#options;
    const spans = frames.reduce((sum, frame) => sum + frame.spans, 0);
    await this.#commitOnce(database, spans, applied, async (writer) => {
      // Within the lock: the horizon moves while nobody writes.
      const late = await writeFrames(writer, frames, horizon.writableFrom, this.#columns);
      horizon.lateSpans += late;
    });
  }

  async #commitFacts(
    database: Database,
    facts: readonly SpanFacts[],
    applied: readonly AppliedSegment[],
  ): Promise<void> {
    const { horizon } = this.#options;
    await this.#commitOnce(database, facts.length, applied, (writer) =>
      writeFacts(writer, horizon.writable(facts)),
    );
  }

  async #commitOnce(
    database: Database,
    spans: number,
    applied: readonly AppliedSegment[],
    write: (writer: DuckDBConnection) => Promise<void>,
  ): Promise<void> {
    await this.#options.writing.shared(() =>
      database.use(({ writer }) => commitFacts(writer, write, applied)),
    );
    this.counts.commits += 1;
    this.counts.appliedSpans += spans;
  }

  /** Spans that the database does not take must not keep back all that came after them. */
  async #commitWithoutRefused(
    database: Database,
    facts: readonly SpanFacts[],
    applied: readonly AppliedSegment[],
  ): Promise<void> {
    try {
      await this.#commitFacts(database, facts, applied);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (facts.length > 1) {
        const middle = facts.length >> 1;
        await this.#commitWithoutRefused(database, facts.slice(0, middle), []);
        await this.#commitWithoutRefused(database, facts.slice(middle), applied);
        return;
      }
      await this.#commitFacts(database, [], applied);
      const [span] = facts;
      if (span === undefined) return;
      this.counts.refusedSpans += 1;
      this.#report(`span ${span.spanId} of trace ${span.traceId} was refused: ${reasonOf(error)}`);
    }
  }

  #report(sentence: string, first?: () => void): void {
    if (this.#reported.has(sentence)) return;
    if (this.#reported.size > 100) this.#reported.clear();
    this.#reported.add(sentence);
    first?.();
    this.#options.warn(sentence);
  }
}
