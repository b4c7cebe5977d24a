import type { DuckDBConnection } from "@duckdb/node-api";
import type { SpanFacts, UnixMicros } from "@spancost/records";
import { integer, spanFactColumns, text, time } from "./columns.ts";
import { TableWriter } from "./vectors/table-writer.ts";

const spanFacts = new TableWriter("span_facts", spanFactColumns);

interface ChangedTrace {
  readonly traceId: string;
  readonly spans: number;
  readonly first: UnixMicros;
  readonly last: UnixMicros;
}

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
  await spanFacts.append(connection, facts);
  await dirtyTraces.append(connection, changedTraces(facts));
}

function changedTraces(facts: readonly SpanFacts[]): ChangedTrace[] {
  const changed = new Map<
    string,
    { traceId: string; spans: number; first: UnixMicros; last: UnixMicros }
  >();
  for (const { traceId, startedAt } of facts) {
    const trace = changed.get(traceId);
    if (trace === undefined) {
      changed.set(traceId, { traceId, spans: 1, first: startedAt, last: startedAt });
      continue;
    }
    trace.spans += 1;
    trace.first = Math.min(trace.first, startedAt) as UnixMicros;
    trace.last = Math.max(trace.last, startedAt) as UnixMicros;
  }
  return [...changed.values()];
}
