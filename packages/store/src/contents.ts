import type { DuckDBConnection } from "@duckdb/node-api";

/** How much a database holds: what a copy of it is compared by. */
export interface Contents {
  readonly spans: number;
  readonly calls: number;
  /** Sum of all costs, exact. */
  readonly costUsd: string;
  /** Of each segment of the journal, up to which byte it is in the database, and whether that is all. */
  readonly applied: readonly AppliedSegment[];
}

export interface AppliedSegment {
  readonly segment: string;
  readonly bytes: number;
  readonly complete: boolean;
}

/** What `connection` can see of its database. */
export async function contentsOf(connection: DuckDBConnection): Promise<Contents> {
  const counts = await connection.runAndReadAll(`
    select
        (select count(*) from span_facts)::integer,
        (select count(*) from calls)::integer,
        (select coalesce(sum(cost_usd), 0)::varchar from calls)`);
  const [spans, calls, costUsd] = counts.getRows()[0] ?? [];
  return {
    spans: Number(spans),
    calls: Number(calls),
    costUsd: String(costUsd),
    applied: await appliedOf(connection),
  };
}

/** How far the journal is in the database of `connection`. */
export async function appliedOf(connection: DuckDBConnection): Promise<AppliedSegment[]> {
  const reader = await connection.runAndReadAll(
    "select segment, bytes, complete from journal_applied order by segment",
  );
  return reader.getRows().map(([segment, bytes, complete]) => ({
    segment: String(segment),
    bytes: Number(bytes),
    complete: complete === true,
  }));
}
