import type { DuckDBConnection } from "@duckdb/node-api";
import type { SpanFacts } from "@spancost/records";
import { type ChangedTrace, ChangedTraces } from "./changed-traces.ts";
import { integer, spanFactColumns, text, time } from "./columns.ts";
import type { FactsColumns } from "./journal/facts-columns.ts";
import type { WrittenFacts } from "./journal/facts-reader.ts";
import { TableWriter } from "./vectors/table-writer.ts";

const spanFacts = new TableWriter("span_facts", spanFactColumns);

const dirtyTraces = new TableWriter<ChangedTrace>("dirty_traces", [
  text("trace_id", (trace) => trace.traceId),
  time("first_started_at", (trace) => trace.first),
  time("last_started_at", (trace) => trace.last),
  integer("spans", (trace) => trace.spans),
]);

/** Writes spans in a transaction of their own. Durable once it resolves: a DuckDB commit ends with an fsync. */
export async function appendFacts(
  connection: DuckDBConnection,
  facts: readonly SpanFacts[],
): Promise<void> {
  if (facts.length === 0) return;
  await connection.run("begin");
  try {
    await writeFacts(connection, facts);
    await connection.run("commit");
  } catch (error) {
    await connection.run("rollback").catch(() => undefined);
    throw error;
  }
}

/** Writes spans, and which traces they change, within the transaction that `connection` is in. */
export async function writeFacts(
  connection: DuckDBConnection,
  facts: readonly SpanFacts[],
): Promise<void> {
  const changed = new ChangedTraces();
  for (const each of facts) changed.count(each);
  await spanFacts.append(connection, facts);
  await writeChanged(connection, changed);
}

/**
 * The same with spans as they stand in the journal, but for those that began before `from`, in microseconds.
 *
 * @returns how many those were
 */
export async function writeFrames(
  connection: DuckDBConnection,
  frames: Iterable<WrittenFacts>,
  from: number,
  columns: FactsColumns,
): Promise<number> {
  const applied = { changed: new ChangedTraces(), late: 0 };
  await spanFacts.appendFilled(connection, columns.fills(frames, from, applied));
  await writeChanged(connection, applied.changed);
  return applied.late;
}

async function writeChanged(connection: DuckDBConnection, { all }: ChangedTraces): Promise<void> {
  if (all.length > 0) await dirtyTraces.append(connection, all);
}
