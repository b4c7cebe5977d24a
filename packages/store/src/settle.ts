import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { DuckDBConnection } from "@duckdb/node-api";

const folder = fileURLToPath(new URL("../sql/settle/", import.meta.url));

/** Spans settled in one transaction. More take more memory and are no faster: measured at 50, 100 and 200 thousand. */
const spansPerTurn = 100_000;

const steps = readdirSync(folder)
  .filter((name) => name.endsWith(".sql"))
  .sort()
  .map((name) => readFileSync(`${folder}${name}`, "utf8"));

/**
 * Settles the traces that changed, oldest first, until none is left.
 *
 * What a trace's spans mean together is worked out from all of them anew each time, so the outcome depends on
 * which spans there are and not on how they came. Each turn is one transaction: what arrives meanwhile stays
 * marked for the next.
 *
 * @returns how many traces were settled
 */
export async function settle(connection: DuckDBConnection): Promise<number> {
  let settled = 0;
  while (await anyChanged(connection)) settled += await settleTurn(connection);
  return settled;
}

async function anyChanged(connection: DuckDBConnection): Promise<boolean> {
  const reader = await connection.runAndReadAll("select 1 from dirty_traces limit 1");
  return reader.currentRowCount > 0;
}

async function settleTurn(connection: DuckDBConnection): Promise<number> {
  const [chooseTraces, ...rest] = steps;
  await connection.run("begin");
  try {
    await connection.run(`set variable settle_spans = ${spansPerTurn}`);
    await connection.run(chooseTraces ?? "");
    const reader = await connection.runAndReadAll(`
      select count(*)::integer, min(first_started_at)::varchar, max(last_started_at)::varchar
      from settling_traces`);
    const [traces, from, until] = reader.getRows()[0] ?? [];
    // As constants the bounds let DuckDB skip the row groups of other days.
    await connection.run(`set variable settle_from = timestamp '${from}'`);
    await connection.run(`set variable settle_until = timestamp '${until}'`);
    for (const step of rest) await connection.run(step);
    await connection.run("commit");
    return Number(traces);
  } catch (error) {
    await connection.run("rollback").catch(() => undefined);
    throw error;
  }
}
