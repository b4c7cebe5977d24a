import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { inScratch } from "../scratch.ts";
import { sizeOf } from "../size-of.ts";
import { type Day, dayAfter, dayText, instantSql } from "./day.ts";
import { expire } from "./expire.ts";
import { boundsOf } from "./horizon.ts";
import { inTransaction } from "./in-transaction.ts";
import {
  type Content,
  contentOf,
  isEqual,
  moveIn,
  ParquetReader,
  writeParquet,
} from "./parquet.ts";
import type { Retained } from "./retained.ts";

/** What to archive. */
export interface ArchiveOrder {
  /** Made where it is not there and anything is written. */
  readonly folder: string;
  /** The first day that is not archived. It and all before must be over. */
  readonly until: Day;
  /** Days are deleted in the database once their files are verified. */
  readonly drop: boolean;
}

/** What became of one day. */
export interface ArchivedDay {
  /** "2026-11-19" */
  readonly date: string;
  readonly records: number;
  readonly spans: number;
  /** Sum of the records' costs, exact; `undefined` where none of them has a price. */
  readonly costUsd: string | undefined;
  /** Of the files that the day has. */
  readonly bytes: number;
  /** False where the files had all of it already. */
  readonly written: boolean;
  readonly dropped: boolean;
}

/** What is archived, a folder each, and where it lies in the database. */
const parts = [
  { name: "cost_records", bound: "recordsFrom" },
  { name: "spans", bound: "spansFrom" },
] as const;

type Part = (typeof parts)[number];

/** How often a day is written that changes while it is. */
const mostTries = 3;

let copies = 0;

/**
 * Writes each day into a file of its records and one of its spans: `FOLDER/cost_records/date=2026-11-19/part.parquet`.
 *
 * A file is read back, and compared value by value, before it gets its name; one that has all of its day already is
 * left alone. Days that were deleted in part, whose spans are expired, have no file of spans.
 * @throws the system's errors, and Error where a file does not hold what was written
 */
export async function archive(
  retained: Retained,
  order: ArchiveOrder,
): Promise<readonly ArchivedDay[]> {
  const { scratch } = retained;
  await (order.drop ? retained.closePast(order.until) : retained.settled());
  return inScratch(scratch, async () => {
    const reader = await ParquetReader.open();
    try {
      return await archiveDays(retained, reader, order);
    } finally {
      reader.close();
    }
  });
}

async function archiveDays(
  retained: Retained,
  reader: ParquetReader,
  order: ArchiveOrder,
): Promise<readonly ArchivedDay[]> {
  const days = await connected(retained, (connection) => daysBefore(connection, order.until));
  const archived: ArchivedDay[] = [];
  for (const day of days) archived.push(await archiveDay(retained, reader, order, day));
  // Of the last days there may have been nothing: what comes late for them is late all the same.
  if (order.drop) {
    await writing(retained, (connection) => dropBefore(retained, connection, order.until));
  }
  return archived;
}

/** Days of which anything is left, oldest first. */
async function daysBefore(connection: DuckDBConnection, until: Day): Promise<Day[]> {
  const bounds = await boundsOf(connection);
  const from = (day: Day | undefined) =>
    day === undefined ? "" : `and started_at >= ${instantSql(day)}`;
  const reader = await connection.runAndReadAll(`
    select date_diff('day', date '1970-01-01', day)::integer as number
    from (
        select started_at::date as day from calls
        where started_at < ${instantSql(until)} ${from(bounds.recordsFrom)}
        union
        select started_at::date from span_facts
        where started_at < ${instantSql(until)} ${from(bounds.spansFrom)}
    )
    order by number`);
  return reader.getRows().map(([day]) => day as Day);
}

async function archiveDay(
  retained: Retained,
  reader: ParquetReader,
  { folder, drop }: ArchiveOrder,
  day: Day,
): Promise<ArchivedDay> {
  let written = false;
  for (let nth = 1; ; nth++) {
    const contents = new Map<string, Content>();
    let bytes = 0;
    for (const part of parts) {
      const file = join(folder, part.name, `date=${dayText(day)}`, "part.parquet");
      const outcome = await archivePart(retained, reader, part, day, file);
      if (outcome === undefined) continue;
      contents.set(part.name, outcome.content);
      written ||= outcome.written;
      bytes += await sizeOf(file);
    }
    const costUsd = await connected(retained, (connection) => costOf(connection, day));
    const dropped = drop && (await dropDay(retained, day, contents));
    if (drop && !dropped && nth < mostTries) continue;
    if (drop && !dropped) {
      throw new Error(`${dayText(day)} changed while it was archived: nothing of it was deleted`);
    }
    return {
      date: dayText(day),
      records: contents.get("cost_records")?.rows ?? 0,
      spans: contents.get("spans")?.rows ?? 0,
      costUsd,
      bytes,
      written,
      dropped,
    };
  }
}

/** @returns `undefined` where the database does not have all of that day any more */
async function archivePart(
  retained: Retained,
  reader: ParquetReader,
  part: Part,
  day: Day,
  file: string,
): Promise<{ readonly content: Content; readonly written: boolean } | undefined> {
  const stated = await reader.stated(file);
  copies += 1;
  const scratchFile = join(retained.scratch, `archive_${process.pid}_${copies}.parquet`);
  try {
    const content = await connected(retained, async (connection) => {
      const bounds = await boundsOf(connection);
      if ((bounds[part.bound] ?? 0) > day) return undefined;
      return inTransaction(connection, async () => {
        const found = await contentOf(connection, selectOf(part, day));
        if (isEqual(stated, found) || (found.rows === 0 && stated === undefined)) return found;
        const select = `${selectOf(part, day)} order by started_at, trace_id, span_id`;
        await writeParquet(connection, select, found, scratchFile);
        return found;
      });
    });
    if (content === undefined) return undefined;
    const written = (await sizeOf(scratchFile)) > 0;
    if (written) {
      await moveIn(scratchFile, file, async (unfinished) => {
        if (isEqual(await reader.found(unfinished), content)) return;
        throw new Error(`${unfinished} does not hold what was written into it`);
      });
    }
    return { content, written };
  } finally {
    await rm(scratchFile, { force: true });
  }
}

/**
 * Deletes a day and all before, where it still is what the files have.
 *
 * Spans of traces that go on stay until those are over, though a file has them; their records do not.
 */
function dropDay(
  retained: Retained,
  day: Day,
  archived: ReadonlyMap<string, Content>,
): Promise<boolean> {
  return writing(retained, async (connection) => {
    for (const part of parts) {
      const wanted = archived.get(part.name);
      if (wanted === undefined) continue;
      if (!isEqual(wanted, await contentOf(connection, selectOf(part, day)))) return false;
    }
    await dropBefore(retained, connection, dayAfter(day));
    return true;
  });
}

async function dropBefore(
  { horizon }: Retained,
  connection: DuckDBConnection,
  day: Day,
): Promise<void> {
  const { bounds } = await inTransaction(connection, () =>
    expire(connection, { spansBefore: day, recordsBefore: day }),
  );
  horizon.commit(bounds);
}

async function costOf(connection: DuckDBConnection, day: Day): Promise<string | undefined> {
  const reader = await connection.runAndReadAll(
    `select sum(cost_usd)::varchar from (${selectOf(parts[0], day)}) each`,
  );
  const [cost] = reader.getRows()[0] ?? [];
  return typeof cost === "string" ? cost : undefined;
}

function selectOf({ name }: Part, day: Day): string {
  return `select * from ${name}
    where started_at >= ${instantSql(day)} and started_at < ${instantSql(dayAfter(day))}`;
}

function connected<Result>(
  { keeper }: Retained,
  act: (connection: DuckDBConnection) => Promise<Result>,
): Promise<Result> {
  return keeper.use((database) => database.connected(act));
}

/** While nobody else writes. */
function writing<Result>(
  { keeper, writing: lock }: Retained,
  act: (connection: DuckDBConnection) => Promise<Result>,
): Promise<Result> {
  return keeper.use((database) => lock.exclusive(() => database.connected(act)));
}
