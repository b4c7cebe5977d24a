import { freeBytes } from "../checkpoint.ts";
import type { Database } from "../database.ts";
import { compact } from "./compact.ts";
import { type Day, dayAfter, dayAt, dayText, laterOf } from "./day.ts";
import {
  daysToExpire,
  type Expired,
  type ExpiryOrder,
  expire,
  oldestDay,
  stepsOf,
} from "./expire.ts";
import { boundsOf } from "./horizon.ts";
import { inTransaction } from "./in-transaction.ts";
import type { Retained } from "./retained.ts";
import { type Space, spaceOf } from "./space.ts";

/** What is kept. Whole UTC days go, once all of a day is older than it may be. */
export interface RetentionPolicy {
  /** Milliseconds that cost records are kept, and all else; `undefined`: for ever. */
  readonly keepMillis: number | undefined;
  /** Milliseconds that spans are kept, which is shorter; `undefined`: as long as the records. */
  readonly keepSpansMillis: number | undefined;
  /** Bytes that the database may take on the disk. */
  readonly maxBytes: number | undefined;
}

/** What was deleted of one day. */
export type ExpiredDay = Expired & { readonly date: string };

/** What a run has done. */
export interface RetentionReport {
  readonly days: readonly ExpiredDay[];
  readonly spans: number;
  readonly calls: number;
  /** Of the database's file and its log, before and after. */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** The file was written anew without what was free in it. */
  readonly compacted: boolean;
  /** What an operator has to know, a sentence each. */
  readonly warnings: readonly string[];
}

const millisPerDay = 86_400_000;
/** Whatever it takes, the last day stays: what is being looked into is that young. */
const leastKeptMillis = millisPerDay;
/** A file that is too large is brought down to this share of what it may take, so that it is not written anew each hour. */
const filledShare = 0.9;
/** Free space in a file from which on it is written anew. Less is used again by what comes in. */
const freeShare = 1 / 3;
/** A file smaller than this stays as it is. */
const leastBytes = 8 * 1024 * 1024;
/** Space on the disk that writing the file anew must leave. */
const reservedBytes = 64 * 1024 * 1024;

/** Deletes what is older than it may be, and gives its space back. */
export class Retention {
  readonly #retained: Retained;
  readonly #policy: RetentionPolicy;
  #running: Promise<RetentionReport> | undefined;

  /** @throws RangeError for spans that are to be kept longer than the records made of them */
  constructor(retained: Retained, policy: RetentionPolicy) {
    const { keepMillis, keepSpansMillis } = policy;
    if (keepMillis !== undefined && keepSpansMillis !== undefined && keepSpansMillis > keepMillis) {
      throw new RangeError("spans cannot be kept longer than cost records");
    }
    this.#retained = retained;
    this.#policy = policy;
  }

  /**
   * Deletes and makes the file smaller, as far as the policy asks for it. Whoever asks while it is being done gets
   * the same report.
   *
   * @param now milliseconds since 1970
   */
  run(now: number): Promise<RetentionReport> {
    this.#running ??= this.#retained
      .alone(() => this.#run(now))
      .finally(() => {
        this.#running = undefined;
      });
    return this.#running;
  }

  async #run(now: number): Promise<RetentionReport> {
    const { maxBytes } = this.#policy;
    const before = await this.#space();
    const warnings: string[] = [];
    const days = await this.#expire(this.#dueAt(now));
    let after = days.length === 0 ? before : await this.#space();
    let compacted = false;
    if (after.liveBytes < (1 - freeShare) * after.fileBytes && after.fileBytes > leastBytes) {
      compacted = await this.#compact(after, warnings);
      after = await this.#space();
    }
    if (maxBytes !== undefined && after.fileBytes > maxBytes) {
      const shrunk = await this.#shrink(maxBytes, dayAt(now - leastKeptMillis), warnings);
      days.push(...shrunk.days);
      compacted ||= shrunk.compacted;
      after = await this.#space();
    }
    return {
      days,
      spans: days.reduce((sum, day) => sum + day.spans, 0),
      calls: days.reduce((sum, day) => sum + day.calls, 0),
      bytesBefore: before.fileBytes,
      bytesAfter: after.fileBytes,
      compacted,
      warnings,
    };
  }

  #dueAt(now: number): ExpiryOrder {
    const { keepMillis, keepSpansMillis } = this.#policy;
    const before = (millis: number | undefined) =>
      millis === undefined ? undefined : dayAt(now - millis);
    return {
      recordsBefore: before(keepMillis),
      spansBefore: before(keepSpansMillis ?? keepMillis),
    };
  }

  /** Deletes day by day, a transaction each. */
  async #expire(order: ExpiryOrder): Promise<ExpiredDay[]> {
    if (order.spansBefore === undefined) return [];
    await this.#retained.closePast(order.spansBefore);
    const days = await this.#writing((database) =>
      database.connected((connection) => daysToExpire(connection, order)),
    );
    const expired: ExpiredDay[] = [];
    for (const { day, ...step } of stepsOf(days, order)) {
      const found = await this.#expireStep(step);
      if (found.spans + found.calls > 0) expired.push({ date: dayText(day), ...found });
    }
    // Also where nothing was left to delete: late spans are measured by it.
    await this.#expireStep(order);
    return expired;
  }

  #expireStep(step: ExpiryOrder): Promise<Expired> {
    return this.#writing((database) =>
      database.connected(async (connection) => {
        const { expired, bounds } = await inTransaction(connection, () => expire(connection, step));
        this.#retained.horizon.commit(bounds);
        return expired;
      }),
    );
  }

  /**
   * Deletes the oldest days, first their spans, then their records, and writes the file anew, until it fits.
   *
   * @param floor the first day that stays whatever it takes
   */
  async #shrink(
    maxBytes: number,
    floor: Day,
    warnings: string[],
  ): Promise<{ readonly days: readonly ExpiredDay[]; readonly compacted: boolean }> {
    const days: ExpiredDay[] = [];
    let compacted = false;
    let space = await this.#space();
    // What a file takes beside its rows shows once it is written: if that is much, more has to go.
    for (let goal = filledShare * maxBytes; space.fileBytes > maxBytes; goal *= filledShare) {
      let next: ExpiryOrder | undefined;
      while (space.liveBytes > goal) {
        next = await this.#oldest(floor);
        if (next === undefined) break;
        days.push(...(await this.#expire(next)));
        space = await this.#space();
      }
      const isLeast = space.liveBytes > goal && next === undefined;
      if (space.liveBytes < filledShare * space.fileBytes) {
        if (!(await this.#compact(space, warnings))) break;
        compacted = true;
        space = await this.#space();
      }
      if (!isLeast) continue;
      if (space.fileBytes > maxBytes) warnings.push(tooLarge(space.fileBytes, maxBytes));
      break;
    }
    return { days, compacted };
  }

  /** What to delete next of what is older than `floor`. */
  async #oldest(floor: Day): Promise<ExpiryOrder | undefined> {
    const { keeper } = this.#retained;
    return keeper.use((database) =>
      database.connected(async (connection) => {
        const { spansFrom, recordsFrom } = await boundsOf(connection);
        const spans = await oldestDay(connection, "span_facts", spansFrom);
        if (spans !== undefined && spans < floor) {
          return { spansBefore: dayAfter(spans), recordsBefore: recordsFrom };
        }
        const records = await oldestDay(connection, "calls", recordsFrom);
        if (records === undefined || records >= floor) return undefined;
        const recordsBefore = dayAfter(records);
        return { spansBefore: laterOf(spansFrom, recordsBefore), recordsBefore };
      }),
    );
  }

  async #compact({ liveBytes, fileBytes }: Space, warnings: string[]): Promise<boolean> {
    const { file } = this.#retained;
    if (file === ":memory:") return false;
    const free = await freeBytes(file);
    if (free < liveBytes + reservedBytes) {
      warnings.push(
        `${megabytes(fileBytes - liveBytes)} MB of ${file} are free and cannot be given back: ` +
          `for that the disk needs ${megabytes(liveBytes + reservedBytes)} MB and has ${megabytes(free)} MB`,
      );
      return false;
    }
    const compacted = await compact(this.#retained);
    if (compacted !== "done") {
      warnings.push(`${file} was not made smaller (${compacted}): it will be tried again`);
    }
    return compacted === "done";
  }

  /** Puts the log into the file, where it can be, and measures. */
  #space(): Promise<Space> {
    const { file } = this.#retained;
    return this.#writing(async (database) => {
      await database.checkpoint().catch(() => undefined);
      return database.connected((connection) => spaceOf(connection, file));
    });
  }

  /** While nobody else writes. */
  #writing<Result>(act: (database: Database) => Promise<Result>): Promise<Result> {
    const { keeper, writing } = this.#retained;
    return keeper.use((database) => writing.exclusive(() => act(database)));
  }
}

function tooLarge(bytes: number, maxBytes: number): string {
  return (
    `the database takes ${megabytes(bytes)} MB and may take ${megabytes(maxBytes)} MB: only the last day is left, ` +
    "which is never deleted. Give it more space (--max-size), or send it less"
  );
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
