import type { SpanFacts, SpanId, TraceId, UnixMicros } from "@spancost/records";
import { Store } from "@spancost/store";
import { expect, onTestFinished, test } from "vitest";
import { emptyFacts } from "./empty-facts.ts";

const noon = Date.UTC(2026, 10, 10, 12) * 1000;

/** The `nth` call, so many seconds after noon. */
function call(traceId: string, nth: number): SpanFacts {
  return {
    ...emptyFacts,
    traceId: traceId.padStart(32, "0") as TraceId,
    spanId: nth.toString(16).padStart(16, "0") as SpanId,
    parentSpanId: undefined,
    startedAt: (noon + nth * 1_000_000) as UnixMicros,
    endedAt: (noon + nth * 1_000_000 + 1_000) as UnixMicros,
    node: "call",
    usageQuality: "measured",
    requestModel: "m",
  };
}

async function openStore() {
  const store = await Store.open(":memory:");
  onTestFinished(() => store.close());
  return {
    /** Each list is settled before the next arrives. */
    async settle(...lists: readonly SpanFacts[][]): Promise<void> {
      for (const facts of lists) {
        await store.append(facts);
        await store.settle();
      }
    },
    async numbers() {
      const { rows } = await store.readRows(`
        select ltrim(trace_id, '0') as trace, list(distinct trace_number) as numbers, count(*) as calls
        from labelled_records group by trace_id order by trace_id`);
      return rows;
    },
  };
}

test("traces are numbered in one row, however they arrive", async () => {
  const { settle, numbers } = await openStore();
  await settle([call("a", 1), call("b", 2)], [call("d", 3)], [call("c", 4)]);
  expect(await numbers()).toEqual([
    { trace: "a", numbers: [1], calls: 1 },
    { trace: "b", numbers: [2], calls: 1 },
    { trace: "c", numbers: [4], calls: 1 },
    { trace: "d", numbers: [3], calls: 1 },
  ]);
});

test("a trace that is settled again keeps its number, beside those that are new", async () => {
  const { settle, numbers } = await openStore();
  await settle(
    [call("b", 1), call("c", 2)],
    [call("a", 3), call("c", 4), call("d", 5)],
    [call("b", 6), call("e", 7)],
  );
  const found = await numbers();
  expect(found.map(({ trace, calls }) => [trace, calls])).toEqual([
    ["a", 1],
    ["b", 2],
    ["c", 2],
    ["d", 1],
    ["e", 1],
  ]);
  const all = found.flatMap((row) => row["numbers"]);
  expect(all).toHaveLength(5);
  expect(new Set(all).size).toBe(5);
  expect(found[1]?.["numbers"]).toEqual([1]);
  expect(found[2]?.["numbers"]).toEqual([2]);
});

test("traces whose ids end alike have numbers of their own", async () => {
  const { settle, numbers } = await openStore();
  const end = "1234567890abcdef";
  await settle([call(`a${end}`, 1)], [call(`b${end}`, 2)], [call(`a${end}`, 3)]);
  expect(await numbers()).toEqual([
    { trace: `a${end}`, numbers: [1], calls: 2 },
    { trace: `b${end}`, numbers: [2], calls: 1 },
  ]);
});
