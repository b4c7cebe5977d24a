import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  BIGINT,
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBTimestampValue,
  type DuckDBValue,
  INTEGER,
  VARCHAR,
} from "@duckdb/node-api";
import type { FactsToPrice, PriceColumns, UnixMicros } from "@spancost/records";
import { integer, priceColumns, text, time } from "./columns.ts";
import { TableWriter } from "./vectors/table-writer.ts";

const spansSql = readFileSync(
  fileURLToPath(new URL("../sql/spans-to-price.sql", import.meta.url)),
  "utf8",
);

/** What a run found of one span: a row of `span_prices`. */
interface SpanPrice extends PriceColumns {
  readonly runId: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly startedAt: UnixMicros;
}

const spanPrices = new TableWriter<SpanPrice>("span_prices", [
  integer("run_id", (price) => price.runId),
  text("trace_id", (price) => price.traceId),
  text("span_id", (price) => price.spanId),
  time("started_at", (price) => price.startedAt),
  ...priceColumns,
]);

/** Prices one stored span. */
export type Pricer = (facts: FactsToPrice) => PriceColumns;

/** What a re-pricing is made with, and for which time. */
export interface RepriceOrder {
  /** Such as "genai-prices@0.1.8". */
  readonly catalogue: string;
  readonly catalogueSha256: string;
  /** `undefined`: without a contract. */
  readonly contractId: string | undefined;
  /** RFC 3339; `undefined` is from the first span, and to the last. */
  readonly since: string | undefined;
  readonly until: string | undefined;
}

/** A re-pricing that is done. */
export interface PricingRun {
  readonly runId: number;
  /** Spans priced anew, with or without a price. */
  readonly spans: number;
}

/**
 * Prices stored spans anew, beside what was booked, in one transaction of `writer`.
 *
 * `reader` streams them, so that memory stays bounded. Traces in which a tool has a price for the first time are
 * marked to be settled again: its uses become records.
 */
export async function reprice(
  reader: DuckDBConnection,
  writer: DuckDBConnection,
  order: RepriceOrder,
  price: Pricer,
): Promise<PricingRun> {
  await writer.run("begin");
  try {
    const run = await writeRun(reader, writer, order, price);
    await writer.run("commit");
    return run;
  } catch (error) {
    await writer.run("rollback").catch(() => undefined);
    throw error;
  }
}

async function writeRun(
  reader: DuckDBConnection,
  writer: DuckDBConnection,
  { catalogue, catalogueSha256, contractId, since, until }: RepriceOrder,
  price: Pricer,
): Promise<PricingRun> {
  const found = await writer.runAndReadAll("select coalesce(max(run_id), 0) + 1 from pricing_runs");
  const runId = Number(found.getRows()[0]?.[0]);
  const spans = await writePrices(reader, writer, { since, until }, runId, price);
  await writer.run(
    `insert into pricing_runs
    values ($runId, current_timestamp at time zone 'UTC', $catalogue, $sha256, $contractId,
        $since::timestamp, $until::timestamp, $spans)`,
    {
      runId,
      catalogue,
      sha256: catalogueSha256,
      contractId: contractId ?? null,
      since: since ?? null,
      until: until ?? null,
      spans,
    },
    { runId: INTEGER, contractId: VARCHAR, since: VARCHAR, until: VARCHAR, spans: BIGINT },
  );
  await writer.run(
    `insert into dirty_traces
    select t.trace_id, t.first_started_at, t.last_started_at, 0
    from traces t
    semi join (
        select p.trace_id
        from span_prices p
        join span_facts f
            on f.trace_id = p.trace_id and f.span_id = p.span_id and f.started_at = p.started_at
        where p.run_id = $runId and p.cost_usd is not null and f.node = 'tool'
    ) tools on tools.trace_id = t.trace_id`,
    { runId },
    { runId: INTEGER },
  );
  return { runId, spans };
}

async function writePrices(
  reader: DuckDBConnection,
  writer: DuckDBConnection,
  window: Pick<RepriceOrder, "since" | "until">,
  runId: number,
  price: Pricer,
): Promise<number> {
  await setBound(reader, "since", window.since);
  await setBound(reader, "until", window.until);
  await reader.run("begin transaction read only");
  try {
    return await writeRead(reader, writer, runId, price);
  } finally {
    await reader.run("rollback").catch(() => undefined);
  }
}

/** @returns how many spans there were */
async function writeRead(
  reader: DuckDBConnection,
  writer: DuckDBConnection,
  runId: number,
  price: Pricer,
): Promise<number> {
  const counted = await reader.runAndReadAll(`select count(*) from (${withoutEnd(spansSql)})`);
  const expected = Number(counted.getRows()[0]?.[0]);
  const result = await reader.stream(spansSql);
  const names = result.columnNames();
  let spans = 0;
  async function* priced(): AsyncGenerator<readonly SpanPrice[]> {
    for await (const chunk of result) {
      spans += chunk.rowCount;
      yield rowsOf(names, chunk).map(({ traceId, spanId, facts }) => ({
        ...price(facts),
        runId,
        traceId,
        spanId,
        startedAt: facts.startedAt,
      }));
    }
  }
  await spanPrices.appendAll(writer, priced());
  // A stream that is interrupted ends as if there were no more rows.
  if (spans !== expected) {
    throw new Error(
      `reading spans was broken off after ${spans} of ${expected}: nothing is priced anew`,
    );
  }
  return spans;
}

function withoutEnd(sql: string): string {
  return sql.trimEnd().replace(/;$/, "");
}

async function setBound(
  connection: DuckDBConnection,
  name: string,
  instant: string | undefined,
): Promise<void> {
  if (instant === undefined) return;
  await connection.run(`set variable ${name} = $instant::timestamp`, { instant });
}

interface StoredSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly facts: FactsToPrice;
}

function rowsOf(names: readonly string[], chunk: DuckDBDataChunk): StoredSpan[] {
  const fields = names.map(camelCase);
  return chunk.getRows().map((row) => {
    const values = Object.fromEntries(fields.map((field, index) => [field, factOf(row[index])]));
    const { traceId, spanId, ...facts } = values as unknown as StoredSpan & FactsToPrice;
    return { traceId, spanId, facts: facts as unknown as FactsToPrice };
  });
}

/** `cache_write_1h_tokens` is `cacheWrite1hTokens`. */
function camelCase(column: string): string {
  return column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** As `SpanFacts` has it: unknown is `undefined`, counts are numbers, times are microseconds. */
function factOf(value: DuckDBValue | undefined): unknown {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "bigint") return Number(value);
  return value instanceof DuckDBTimestampValue ? Number(value.micros) : value;
}
