import type { DuckDBConnection } from "@duckdb/node-api";
import type { SpanFacts, TraceId, UnixMicros } from "@spancost/records";
import { integer, spanFactColumns, text, time } from "./columns.ts";
import { TableWriter } from "./vectors/table-writer.ts";

const spanFacts = new TableWriter("span_facts", spanFactColumns);

type Batch = readonly SpanFacts[];
/** Spans to write. Those of a batch are written in one go; up to 2,048 is what DuckDB takes at once. */
export type Batches = Iterable<Batch> | AsyncIterable<Batch>;

interface ChangedTrace {
  readonly traceId: TraceId;
  spans: number;
  first: UnixMicros;
  last: UnixMicros;
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
    await writeFacts(connection, [facts]);
    await connection.run("commit");
  } catch (error) {
    await connection.run("rollback").catch(() => undefined);
    throw error;
  }
}

/** Writes spans, and which traces they change, within the transaction that `connection` is in. */
export async function writeFacts(connection: DuckDBConnection, facts: Batches): Promise<void> {
  const changed = new ChangedTraces();
  await spanFacts.appendAll(connection, counted(facts, changed));
  if (changed.size > 0) await dirtyTraces.append(connection, [...changed.values()]);
}

async function* counted(facts: Batches, changed: ChangedTraces): AsyncGenerator<Batch> {
  for await (const batch of facts) {
    for (const { traceId, startedAt } of batch) changed.count(traceId, startedAt);
    yield batch;
  }
}

class ChangedTraces extends Map<TraceId, ChangedTrace> {
  count(traceId: TraceId, startedAt: UnixMicros): void {
    const trace = this.get(traceId);
    if (trace === undefined) {
      this.set(traceId, { traceId, spans: 1, first: startedAt, last: startedAt });
      return;
    }
    trace.spans += 1;
    trace.first = Math.min(trace.first, startedAt) as UnixMicros;
    trace.last = Math.max(trace.last, startedAt) as UnixMicros;
  }
}
