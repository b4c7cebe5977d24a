import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { createPriceBook } from "@spancost/pricing";
import { decodeRequest, ProtobufDecoder } from "@spancost/receiver";
import { type SpanFacts, toSpanFacts } from "@spancost/records";
import { keepAttribute } from "@spancost/semconv";
import { Store } from "@spancost/store";
import { cpuOfAsync } from "../cpu.ts";
import type { Findings } from "../findings.ts";
import { modelCalls } from "../model-calls.ts";

/** As many rows as the slow ways can do in a while. */
const rows = { typed: 65_536, appender: 16_384, prepared: 1_024 };

/** What it costs to get rows into `span_facts`, durable: as the store does it, and in DuckDB's two simpler ways. */
export async function appendPart(findings: Findings, folder: string): Promise<void> {
  const file = join(folder, "append.duckdb");
  const facts = factsOf(rows.typed * 2);
  const store = await Store.open(file);
  await appendAll(store, facts.slice(0, rows.typed));
  const typed = await cpuOfAsync(() => appendAll(store, facts.slice(rows.typed)));
  await store.close();
  findings.tell("append as the store does", typed / rows.typed, "µs CPU a row");

  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  const { values, types } = await sampleRows(connection, rows.appender);
  const appender = await cpuOfAsync(async () => {
    await connection.run("begin");
    const target = await connection.createAppender("span_facts");
    for (const row of values) {
      for (const [index, value] of row.entries()) {
        if (value === null) target.appendNull();
        else target.appendValue(value, types[index]);
      }
      target.endRow();
    }
    target.closeSync();
    await connection.run("commit");
  });
  findings.tell("append row by row with an appender", appender / rows.appender, "µs CPU a row");

  const marks = types.map((_, index) => `$${index + 1}`).join(", ");
  const statement = await connection.prepare(`insert into span_facts values (${marks})`);
  const prepared = await cpuOfAsync(async () => {
    await connection.run("begin");
    for (const row of values.slice(0, rows.prepared)) {
      statement.bind(row, types);
      await statement.run();
    }
    await connection.run("commit");
  });
  findings.tell("insert row by row, prepared", prepared / rows.prepared, "µs CPU a row");
  connection.closeSync();
  instance.closeSync();
}

/** 8,192 rows a commit. */
async function appendAll(store: Store, facts: readonly SpanFacts[]): Promise<void> {
  for (let at = 0; at < facts.length; at += 8192) await store.append(facts.slice(at, at + 8192));
}

function factsOf(count: number): SpanFacts[] {
  const prices = createPriceBook();
  const decoder = new ProtobufDecoder({ keepAttribute, read: (span) => toSpanFacts(span, prices) });
  const requests = modelCalls({ requests: count / 512, spansPerRequest: 512, content: false });
  return [...requests].flatMap((body) => decodeRequest(decoder, body).spans);
}

/** Rows of `span_facts` as DuckDB's values, with the columns' types. */
async function sampleRows(connection: DuckDBConnection, count: number) {
  const reader = await connection.runAndReadAll(`from span_facts limit ${count}`);
  return { values: reader.getRows(), types: reader.columnTypes() };
}
