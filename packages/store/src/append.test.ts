import { DuckDBInstance } from "@duckdb/node-api";
import type { SpanFacts } from "@spancost/records";
import { expect, test } from "vitest";
import { appendFacts, writeFacts } from "./append.ts";
import { spanFactColumns } from "./columns.ts";
import { migrate } from "./migrations.ts";
import { rowsOf as allRowsOf } from "./rows.ts";

async function database() {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await migrate(connection, ":memory:");
  const rowsOf = async (sql: string) => (await allRowsOf(await connection.run(sql))).rows;
  return { connection, rowsOf };
}

/** The fact that a column of `span_facts` has, by their names. */
function factOf(columnName: string): string {
  return columnName.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

const placed = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  startedAt: 1_763_500_000_000_000,
  endedAt: 1_763_500_001_500_000,
  kind: 3,
  failed: true,
  modelRequest: true,
  servedFromCache: false,
};

/** Facts of which each has a value of its own, and what is to be read of them, by column. */
function distinctFacts() {
  const facts: Record<string, unknown> = { ...placed };
  const expected: Record<string, unknown> = {
    status: "error",
    started_at: "2025-11-18T21:06:40Z",
    ended_at: "2025-11-18T21:06:41.5Z",
  };
  for (const [index, { name, type }] of spanFactColumns.entries()) {
    const fact = factOf(name);
    if (name in expected) continue;
    if (!(fact in facts)) {
      if (String(type) === "VARCHAR") facts[fact] = `value of ${name}`;
      else if (String(type) === "DECIMAL(18,12)") facts[fact] = 10n ** 12n + BigInt(index);
      else if (String(type) === "TIMESTAMP") facts[fact] = 1_000_000 * index;
      else if (name === "tags") facts[fact] = new Map([["plan", "pro"]]);
      else facts[fact] = 100 + index;
    }
    expected[name] =
      String(type) === "DECIMAL(18,12)"
        ? `1.${String(index).padStart(12, "0")}`
        : String(type) === "TIMESTAMP"
          ? new Date(1000 * index).toISOString().replace(".000", "")
          : name === "tags"
            ? { plan: "pro" }
            : facts[fact];
  }
  return { facts: facts as unknown as SpanFacts, expected };
}

test("each fact is in the column of its name", async () => {
  const { connection, rowsOf } = await database();
  const { facts, expected } = distinctFacts();
  await appendFacts(connection, [facts]);
  expect(await rowsOf("from span_facts")).toEqual([expected]);
});

test("what a span does not say is null", async () => {
  const { connection, rowsOf } = await database();
  const bare = { ...placed, spanId: "b7ad6b7169203331", name: "", node: "other" };
  await appendFacts(connection, [bare as unknown as SpanFacts]);
  const [row = {}] = await rowsOf("from span_facts");
  const said = Object.keys(row).filter((name) => row[name] !== null);
  expect(said).toEqual([
    ...["trace_id", "span_id", "started_at", "ended_at", "name", "kind", "node", "status"],
    ...["model_request", "served_from_cache"],
  ]);
});

test("traces that changed are marked once, from their first to their last start", async () => {
  const { connection, rowsOf } = await database();
  const { facts } = distinctFacts();
  const later = { ...facts, spanId: "2", startedAt: placed.startedAt + 2_000_000 } as SpanFacts;
  await appendFacts(connection, [later, facts]);
  expect(await rowsOf("from dirty_traces")).toEqual([
    {
      trace_id: placed.traceId,
      first_started_at: "2025-11-18T21:06:40Z",
      last_started_at: "2025-11-18T21:06:42Z",
      spans: 2,
    },
  ]);
});

test("facts are written in the transaction of the caller, who may take them back", async () => {
  const { connection, rowsOf } = await database();
  await connection.run("begin");
  await writeFacts(connection, [distinctFacts().facts]);
  await connection.run("rollback");
  expect(await rowsOf("from span_facts")).toEqual([]);
  expect(await rowsOf("from dirty_traces")).toEqual([]);
});

test("of a batch with a fact that fits no column nothing is written", async () => {
  const { connection, rowsOf } = await database();
  const { facts } = distinctFacts();
  const wrong = { ...facts, inputTokens: 1.5 } as unknown as SpanFacts;
  await expect(appendFacts(connection, [facts, wrong])).rejects.toThrow(
    "1.5 is no exact whole number",
  );
  expect(await rowsOf("from span_facts")).toEqual([]);
});
