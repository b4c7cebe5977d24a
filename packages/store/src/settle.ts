import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { DuckDBConnection } from "@duckdb/node-api";
import { writeTree } from "./settling/write-tree.ts";

const folder = fileURLToPath(new URL("../sql/settle/", import.meta.url));

/** Spans settled in one transaction. More take more memory and are no faster: measured at 50, 100 and 200 thousand. */
const spansPerTurn = 50_000;

/** Rounds of joining. Calls that three instrumentations tell of take two; only spans made to mislead take many. */
const mostRounds = 64;

const chooseTraces = readSql("01-traces");
const join = readSql("join");
const forget = readSql("16-forget");

/** What makes spans into calls, in its order. */
const steps: readonly ((connection: DuckDBConnection) => Promise<unknown>)[] = [
  running("02-redelivered"),
  running("03-spans"),
  running("04-tree"),
  writeTree,
  running("05-calls"),
  running("06-same-call.evidence"),
  joinGroups,
  running("07-same-time.evidence"),
  joinGroups,
  running("08-groups"),
  running("09-attempts"),
  running("10-billable"),
  running("11-steps"),
  running("12-attribution"),
  running("13-repeats"),
  running("14-records"),
  running("15-label-sets"),
];

const write = readSql("17-write");

function readSql(name: string): string {
  return readFileSync(`${folder}${name}.sql`, "utf8");
}

function running(name: string): (connection: DuckDBConnection) => Promise<unknown> {
  const sql = readSql(name);
  return (connection) => connection.run(sql);
}

/**
 * Settles the traces that changed before it was called, oldest first, and not all that change meanwhile: under
 * a steady load that would never end.
 *
 * What a trace's spans mean together is worked out from all of them anew each time, so the outcome depends on
 * which spans there are and not on how they came. Each turn is one transaction: what arrives meanwhile stays
 * marked for the next.
 *
 * @returns how many traces were settled
 */
export async function settle(
  connection: DuckDBConnection,
  { patient = false, leastSpans = 0 }: SettleOptions = {},
): Promise<number> {
  if (!(await hasRows(connection, "dirty_traces"))) return 0;
  if (leastSpans > 0 && (await changedSpans(connection)) < leastSpans) return 0;
  await connection.run(`set variable settle_patient = ${patient}`);
  // Each of them once, and none that changes later: who asks under a load that never ends is answered all the same.
  await connection.run(
    "create or replace temp table settling_asked as select distinct trace_id from dirty_traces",
  );
  let settled = 0;
  while (await hasRows(connection, "settling_asked")) {
    if (settled > 0) await dropWorkTables(connection);
    const traces = await settleTurn(connection);
    // All that is left may wait.
    if (traces === 0) break;
    settled += traces;
    await connection.run(
      "delete from settling_asked where trace_id in (select trace_id from settling_traces)",
    );
  }
  return settled;
}

/** A table that is replaced within a transaction takes memory until its end: the next turn would have twice as much. */
async function dropWorkTables(connection: DuckDBConnection): Promise<void> {
  const reader = await connection.runAndReadAll(`
    select table_name
    from duckdb_tables()
    where temporary and starts_with(table_name, 'settling_') and table_name <> 'settling_asked'`);
  for (const [table] of reader.getRows()) await connection.run(`drop table temp.${table}`);
}

export interface SettleOptions {
  /**
   * For whoever settles in the background: leaves out traces of 10,000 spans and more that grew by less than a tenth.
   * Who reads settles all.
   */
  readonly patient?: boolean;
  /** Fewer spans that came wait for more: a turn takes a tenth of a second however few there are. */
  readonly leastSpans?: number;
}

async function changedSpans(connection: DuckDBConnection): Promise<number> {
  const reader = await connection.runAndReadAll(
    "select coalesce(sum(spans), 0)::integer from dirty_traces",
  );
  return Number(reader.getRows()[0]?.[0]);
}

async function hasRows(connection: DuckDBConnection, table: string): Promise<boolean> {
  const reader = await connection.runAndReadAll(`select 1 from ${table} limit 1`);
  return reader.currentRowCount > 0;
}

async function joinGroups(connection: DuckDBConnection): Promise<void> {
  for (let round = 0; round < mostRounds; round++) {
    if (!(await hasRows(connection, "settling_evidence"))) return;
    await connection.run(join);
  }
}

/** @returns how many traces there were */
async function settleTurn(connection: DuckDBConnection): Promise<number> {
  await connection.run("begin");
  try {
    await connection.run(`set variable settle_spans = ${spansPerTurn}`);
    await connection.run(chooseTraces);
    const reader = await connection.runAndReadAll(`
      select
          count(*)::integer, min(first_started_at)::varchar, max(last_started_at)::varchar,
          coalesce(bool_or(settled_before), false),
          (select coalesce(max(records_from), '-infinity'::timestamp)::varchar from retention)
      from settling_traces`);
    const [traces, from, until, settledBefore, recordsFrom] = reader.getRows()[0] ?? [];
    if (traces === 0) {
      await connection.run("commit");
      return 0;
    }
    // As constants the bounds let DuckDB skip the row groups of other days.
    await connection.run(`set variable settle_from = timestamp '${from}'`);
    await connection.run(`set variable settle_until = timestamp '${until}'`);
    await connection.run(`set variable settle_records_from = timestamp '${recordsFrom}'`);
    for (const step of steps) await step(connection);
    if (settledBefore === true) await connection.run(forget);
    await connection.run(write);
    await connection.run("commit");
    return Number(traces);
  } catch (error) {
    await connection.run("rollback").catch(() => undefined);
    throw error;
  }
}
