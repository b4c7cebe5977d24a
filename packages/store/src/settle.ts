import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { DuckDBConnection } from "@duckdb/node-api";

const folder = fileURLToPath(new URL("../sql/settle/", import.meta.url));

/** Spans settled in one transaction. More take more memory and are no faster: measured at 50, 100 and 200 thousand. */
const spansPerTurn = 100_000;

/** Rounds of joining. Calls that three instrumentations tell of take two; only spans made to mislead take many. */
const mostRounds = 64;

/** Numbered files run in order, each once; after one that gathers evidence, `join.sql` runs until none is left. */
const steps = readdirSync(folder)
  .filter((name) => /^\d.*\.sql$/.test(name))
  .sort()
  .map((name) => ({ sql: readSql(name), evidence: name.endsWith(".evidence.sql") }));

const join = readSql("join.sql");

function readSql(name: string): string {
  return readFileSync(`${folder}${name}`, "utf8");
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
export async function settle(connection: DuckDBConnection): Promise<number> {
  let settled = 0;
  while (await anyChanged(connection)) {
    const turn = await settleTurn(connection);
    settled += turn.traces;
    if (turn.tookAll) break;
  }
  return settled;
}

interface Turn {
  readonly traces: number;
  /** No trace was left that had changed when the turn began. */
  readonly tookAll: boolean;
}

async function anyChanged(connection: DuckDBConnection): Promise<boolean> {
  return hasRows(connection, "dirty_traces");
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

async function settleTurn(connection: DuckDBConnection): Promise<Turn> {
  const [chooseTraces, ...rest] = steps;
  await connection.run("begin");
  try {
    await connection.run(`set variable settle_spans = ${spansPerTurn}`);
    await connection.run(chooseTraces?.sql ?? "");
    const reader = await connection.runAndReadAll(`
      select
          count(*)::integer, min(first_started_at)::varchar, max(last_started_at)::varchar,
          count(*) = (select count(distinct trace_id) from dirty_traces)
      from settling_traces`);
    const [traces, from, until, tookAll] = reader.getRows()[0] ?? [];
    // As constants the bounds let DuckDB skip the row groups of other days.
    await connection.run(`set variable settle_from = timestamp '${from}'`);
    await connection.run(`set variable settle_until = timestamp '${until}'`);
    for (const { sql, evidence } of rest) {
      await connection.run(sql);
      if (evidence) await joinGroups(connection);
    }
    await connection.run("commit");
    return { traces: Number(traces), tookAll: tookAll === true };
  } catch (error) {
    await connection.run("rollback").catch(() => undefined);
    throw error;
  }
}
