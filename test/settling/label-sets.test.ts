import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance, type Json } from "@duckdb/node-api";
import type { SpanFacts, SpanId, TraceId, UnixMicros } from "@spancost/records";
import { Store } from "@spancost/store";
import { expect, onTestFinished, test } from "vitest";
import { emptyFacts } from "./empty-facts.ts";

/** No more label sets than these are kept. */
const mostSets = 250_000;

const noon = Date.UTC(2026, 10, 10, 12) * 1000;

function call(trace: number, facts: Partial<SpanFacts>): SpanFacts {
  const id = trace.toString(16);
  return {
    ...emptyFacts,
    traceId: id.padStart(32, "0") as TraceId,
    spanId: id.padStart(16, "0") as SpanId,
    parentSpanId: undefined,
    startedAt: (noon + trace) as UnixMicros,
    endedAt: (noon + trace + 1_000) as UnixMicros,
    node: "call",
    usageQuality: "measured",
    requestModel: "m",
    ...facts,
  };
}

/** A database in a file, in which spans are settled one after the other, and tables looked at in between. */
function emptyStore() {
  const folder = mkdtempSync(join(tmpdir(), "spancost-labels-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "test.duckdb");
  return {
    async settle(...facts: SpanFacts[]): Promise<void> {
      const store = await Store.open(file);
      await store.append(facts);
      await store.settle();
      await store.close();
    },
    async ask(sql: string): Promise<Json[][]> {
      const instance = await DuckDBInstance.create(file);
      const connection = await instance.connect();
      const rows = (await connection.runAndReadAll(sql)).getRowsJson();
      connection.closeSync();
      instance.closeSync();
      return rows;
    },
  };
}

test("calls have one label set if they differ in their user and conversation only", async () => {
  const { settle, ask } = emptyStore();
  const free = new Map([["plan", "free"]]);
  await settle(
    call(1, { feature: "search", userId: "ann" }),
    call(2, { feature: "search", userId: "bob", conversationId: "c" }),
  );
  await settle(call(3, { feature: "search" }), call(4, {}), call(5, { tags: free }));
  await settle(call(6, { tags: free }), call(7, { feature: "" }));
  expect(
    await ask(`
      select l.feature, l.model, l.tags['plan'], list(c.trace_id[-1:] order by c.trace_id)
      from calls c join label_sets l using (label_set)
      group by all order by 4`),
  ).toEqual([
    ["search", "m", null, ["1", "2", "3"]],
    [null, "m", null, ["4"]],
    [null, "m", "free", ["5", "6"]],
    ["", "m", null, ["7"]],
  ]);
  expect(await ask("select count(*)::integer from label_sets")).toEqual([[4]]);
});

test("a trace that is settled again has the labels that it has then", async () => {
  const { settle, ask } = emptyStore();
  await settle(call(1, { parentSpanId: "b".repeat(16) as SpanId }));
  await settle(call(1, { spanId: "b".repeat(16) as SpanId, node: "agent", feature: "search" }));
  expect(
    await ask("select c.feature, l.feature from calls c join label_sets l using (label_set)"),
  ).toEqual([["search", "search"]]);
});

test("labels beyond the most that are kept stay with their calls, and are numbered one by one", async () => {
  const { settle, ask } = emptyStore();
  await settle(call(1, { feature: "kept" }));
  await ask(`
    insert into label_sets by name
    select n::integer as label_set, n as labels_hash, 'x' || n as feature
    from range(1, ${mostSets - 1}) as sets(n)`);
  await settle(call(2, { feature: "last" }));
  await settle(call(3, { feature: "beyond" }), call(4, { feature: "beyond" }));
  await settle(call(5, { feature: "kept" }));
  expect(
    await ask(`
      select feature, label_set, labels_number < 0
      from labelled_records order by started_at`),
  ).toEqual([
    ["kept", 0, false],
    ["last", mostSets - 1, false],
    ["beyond", null, true],
    ["beyond", null, true],
    ["kept", 0, false],
  ]);
  expect(await ask("select count(distinct labels_number)::integer from labelled_records")).toEqual([
    [4],
  ]);
});
