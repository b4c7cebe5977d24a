import {
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  TIMESTAMP,
  VARCHAR,
} from "@duckdb/node-api";
import type { SpanFacts, UnixMicros } from "@spancost/records";
import { spanFactColumns, timestamp } from "./columns.ts";

/** Rows in one DuckDB data chunk: its vectors hold no more. */
const chunkRows = 2048;

/**
 * Writes spans, and which traces they change, in one transaction. Durable once it resolves: a DuckDB commit
 * ends with an fsync of its write-ahead log.
 */
export async function appendFacts(
  connection: DuckDBConnection,
  facts: readonly SpanFacts[],
): Promise<void> {
  if (facts.length === 0) return;
  await connection.run("begin");
  try {
    await appendRows(connection, "span_facts", spanFactColumns, facts);
    await appendRows(connection, "dirty_traces", dirtyColumns, changedTraces(facts));
    await connection.run("commit");
  } catch (error) {
    await connection.run("rollback").catch(() => undefined);
    throw error;
  }
}

interface ColumnOf<Row> {
  readonly name: string;
  readonly type: DuckDBType;
  value(row: Row): DuckDBValue;
}

/** Column by column in chunks: several times faster than row by row. */
async function appendRows<Row>(
  connection: DuckDBConnection,
  table: string,
  columns: readonly ColumnOf<Row>[],
  rows: readonly Row[],
): Promise<void> {
  const appender = await connection.createAppender(table);
  const types = columns.map(({ type }) => type);
  for (let start = 0; start < rows.length; start += chunkRows) {
    const part = rows.slice(start, start + chunkRows);
    const chunk = DuckDBDataChunk.create(types, part.length);
    chunk.setColumns(columns.map((column) => part.map((row) => column.value(row))));
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

interface ChangedTrace {
  readonly traceId: string;
  readonly spans: number;
  readonly first: UnixMicros;
  readonly last: UnixMicros;
}

const dirtyColumns: readonly ColumnOf<ChangedTrace>[] = [
  { name: "trace_id", type: VARCHAR, value: (trace) => trace.traceId },
  { name: "first_started_at", type: TIMESTAMP, value: (trace) => timestamp(trace.first) },
  { name: "last_started_at", type: TIMESTAMP, value: (trace) => timestamp(trace.last) },
  { name: "spans", type: INTEGER, value: (trace) => trace.spans },
];

function changedTraces(facts: readonly SpanFacts[]): ChangedTrace[] {
  const changed = new Map<string, ChangedTrace>();
  for (const { traceId, startedAt } of facts) {
    const before = changed.get(traceId);
    changed.set(traceId, {
      traceId,
      spans: (before?.spans ?? 0) + 1,
      first: Math.min(before?.first ?? startedAt, startedAt) as UnixMicros,
      last: Math.max(before?.last ?? startedAt, startedAt) as UnixMicros,
    });
  }
  return [...changed.values()];
}
