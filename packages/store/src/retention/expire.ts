import type { DuckDBConnection } from "@duckdb/node-api";
import { type Day, dayAfter, instantSql, laterOf } from "./day.ts";
import { type Bounds, boundsOf, writeBounds } from "./horizon.ts";

/** What was deleted in one transaction. */
export interface Expired {
  /** Of the day that it was done for, and of traces of earlier days that were over now. */
  readonly spans: number;
  readonly calls: number;
  /** Sum of the costs of these records, exact; `undefined` where none of them has a price. */
  readonly costUsd: string | undefined;
}

/** Up to which day to delete, that day not included; `undefined` deletes nothing of the kind. */
export interface ExpiryOrder {
  readonly spansBefore: Day | undefined;
  readonly recordsBefore: Day | undefined;
}

/**
 * Deletes what is before the given days, within the transaction of `connection`, while nobody else writes.
 *
 * Spans go by whole traces: of one that still goes on, all stay. Records go by their own time.
 * @returns what was deleted, and the bounds that now hold
 */
export async function expire(
  connection: DuckDBConnection,
  order: ExpiryOrder,
): Promise<{ readonly expired: Expired; readonly bounds: Bounds }> {
  const before = await boundsOf(connection);
  const recordsFrom = laterOf(before.recordsFrom, order.recordsBefore);
  const bounds = {
    recordsFrom,
    spansFrom: laterOf(laterOf(before.spansFrom, order.spansBefore), recordsFrom),
  };
  const { spansFrom } = bounds;
  const spans = spansFrom === undefined ? 0 : await expireSpans(connection, spansFrom);
  const records = await expireRecords(connection, order.recordsBefore);
  await writeBounds(connection, bounds);
  return { expired: { spans, ...records }, bounds };
}

/**
 * The days before `before` that have something to delete, oldest first: spans of traces that are over, or records.
 */
export async function daysToExpire(
  connection: DuckDBConnection,
  { spansBefore, recordsBefore }: ExpiryOrder,
): Promise<Day[]> {
  const selects: string[] = [];
  if (spansBefore !== undefined) {
    await findGoingOn(connection, spansBefore);
    selects.push(`
      select distinct started_at::date as day from span_facts
      where started_at < ${instantSql(spansBefore)}
          and trace_id not in (select trace_id from going_on)`);
  }
  if (recordsBefore !== undefined) {
    selects.push(
      `select distinct started_at::date from calls where started_at < ${instantSql(recordsBefore)}`,
    );
  }
  if (selects.length === 0) return [];
  const reader = await connection.runAndReadAll(`
    select date_diff('day', date '1970-01-01', day)::integer as day
    from (${selects.join(" union ")}) order by day`);
  return reader.getRows().map(([day]) => day as Day);
}

/** The oldest day of which there are spans, or records, from `from` on. */
export async function oldestDay(
  connection: DuckDBConnection,
  table: "span_facts" | "calls",
  from: Day | undefined,
): Promise<Day | undefined> {
  const where = from === undefined ? "" : `where started_at >= ${instantSql(from)}`;
  const reader = await connection.runAndReadAll(
    `select date_diff('day', date '1970-01-01', min(started_at)::date)::integer from ${table} ${where}`,
  );
  const day = reader.getRows()[0]?.[0];
  return typeof day === "number" ? (day as Day) : undefined;
}

async function expireSpans(connection: DuckDBConnection, before: Day): Promise<number> {
  await findGoingOn(connection, before);
  const isOver = `started_at < ${instantSql(before)} and trace_id not in (select trace_id from going_on)`;
  const deleted = await connection.run(`delete from span_facts where ${isOver}`);
  await connection.run(`delete from span_roles where ${isOver}`);
  return deleted.rowsChanged;
}

/**
 * Makes `going_on`: the traces that began before a day and of which more may come.
 *
 * Those with spans since then, those with a span that was still running, and those that are not settled. Spans that
 * tell of the same call lie within one another, so one that is still running keeps its trace: of two that tell of
 * a call, never only one is gone. A span counts as running for a day at most, for some end in no time that is true.
 */
async function findGoingOn(connection: DuckDBConnection, day: Day): Promise<void> {
  const instant = instantSql(day);
  await connection.run(`
    create or replace temp table going_on as
    select trace_id from traces
    where first_started_at < ${instant} and last_started_at >= ${instant}
    union
    select trace_id from span_facts
    where started_at >= ${instantSql((day - 1) as Day)} and started_at < ${instant}
        and ended_at >= ${instant}
    union
    select trace_id from dirty_traces`);
}

/** After `expireSpans`, which knows the traces that go on. */
async function expireRecords(
  connection: DuckDBConnection,
  before: Day | undefined,
): Promise<Pick<Expired, "calls" | "costUsd">> {
  if (before === undefined) return { calls: 0, costUsd: undefined };
  const isOver = `started_at < ${instantSql(before)}`;
  const reader = await connection.runAndReadAll(
    `select sum(cost_usd)::varchar from calls where ${isOver}`,
  );
  const deleted = await connection.run(`delete from calls where ${isOver}`);
  await connection.run(`delete from span_prices where ${isOver}`);
  await connection.run(
    "delete from label_sets where label_set not in (select label_set from calls where label_set is not null)",
  );
  // A trace is found by its row as long as there are records of it.
  await connection.run(`
    delete from traces
    where last_started_at < ${instantSql(before)}
        and trace_id not in (select trace_id from going_on)`);
  const [cost] = reader.getRows()[0] ?? [];
  return { calls: deleted.rowsChanged, costUsd: typeof cost === "string" ? cost : undefined };
}

/** The steps in which to delete, one transaction each, so that none is large. */
export function stepsOf(
  days: readonly Day[],
  { spansBefore, recordsBefore }: ExpiryOrder,
): readonly (ExpiryOrder & { readonly day: Day })[] {
  const upTo = (day: Day, last: Day | undefined) =>
    last === undefined ? undefined : (Math.min(dayAfter(day), last) as Day);
  return days.map((day) => ({
    day,
    spansBefore: upTo(day, spansBefore),
    recordsBefore: upTo(day, recordsBefore),
  }));
}
