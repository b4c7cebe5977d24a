import {
  notPriced,
  type PriceColumns,
  type SpanFacts,
  type SpanId,
  type TraceId,
  type UnixMicros,
} from "@spancost/records";
import { Store } from "@spancost/store";
import { expect, onTestFinished, test } from "vitest";
import { emptyFacts } from "./empty-facts.ts";

const noon = Date.UTC(2026, 10, 10, 12) * 1000;

function usd(dollars: number): PriceColumns["costUsd"] {
  return (BigInt(dollars) * 1_000_000_000_000n) as NonNullable<PriceColumns["costUsd"]>;
}

function costing(dollars: number): PriceColumns {
  return { ...notPriced, costUsd: usd(dollars), otherCostUsd: usd(dollars), priceSource: "test" };
}

function span(id: string, facts: Partial<SpanFacts>): SpanFacts {
  return {
    ...emptyFacts,
    traceId: "a".repeat(32) as TraceId,
    spanId: id.padStart(16, "0") as SpanId,
    parentSpanId: undefined,
    startedAt: noon as UnixMicros,
    endedAt: (noon + 1_000_000) as UnixMicros,
    node: "call",
    ...facts,
  };
}

function call(id: string, facts: Partial<SpanFacts> = {}): SpanFacts {
  const usage = { usageQuality: "measured", inputTokens: 10, outputTokens: 1 } as const;
  return span(id, { ...(usage as Partial<SpanFacts>), requestModel: "m", ...costing(1), ...facts });
}

function tool(id: string, facts: Partial<SpanFacts> = {}): SpanFacts {
  return span(id, { node: "tool", tool: "web_search", operation: "execute_tool", ...facts });
}

async function storeOf(...facts: SpanFacts[]): Promise<Store> {
  const store = await Store.open(":memory:");
  onTestFinished(() => store.close());
  await store.append(facts);
  return store;
}

const order = {
  catalogue: "genai-prices@0.1.8",
  catalogueSha256: "00",
  contractId: undefined,
  since: undefined,
  until: undefined,
};

const costsSql =
  "select span_id[-1] as span, cost_usd, price_source, pricing_run from cost_records order by span_id";

async function costs(store: Store, pricingRun?: string) {
  const { rows } = await store.readRows(costsSql, { pricing_run: pricingRun });
  return rows.map((row) => [row["span"], row["cost_usd"], row["pricing_run"]]);
}

test("a run stands beside what was booked, and changes nothing of it", async () => {
  const store = await storeOf(call("1"), call("2", notPriced));
  const run = await store.reprice(order, () => costing(3));
  expect(run).toEqual({ runId: 1, spans: 2 });
  expect(await costs(store)).toEqual([
    ["1", "1.000000000000", null],
    ["2", null, null],
  ]);
  expect(await costs(store, "1")).toEqual([
    ["1", "3.000000000000", 1],
    ["2", "3.000000000000", 1],
  ]);
});

test("a run may take a price away: unknown is not what was booked before", async () => {
  const store = await storeOf(call("1"));
  await store.reprice(order, () => ({ ...notPriced, unpricedReason: "unknown_model" }));
  const sql = "select cost_usd, unpriced_reason from cost_records";
  const { rows } = await store.readRows(sql, { pricing_run: "1" });
  expect(rows).toEqual([{ cost_usd: null, unpriced_reason: "unknown_model" }]);
});

test("what a run did not see keeps its price: later spans, and those outside its time", async () => {
  const store = await storeOf(
    call("1"),
    call("2", {
      startedAt: (noon + 60_000_000) as UnixMicros,
      endedAt: (noon + 61e6) as UnixMicros,
    }),
  );
  await store.reprice({ ...order, until: "2026-11-10T12:01:00Z" }, () => costing(3));
  await store.append([call("3")]);
  expect(await costs(store, "1")).toEqual([
    ["1", "3.000000000000", 1],
    ["2", "1.000000000000", null],
    ["3", "1.000000000000", null],
  ]);
});

test("the run that was chosen is read where nobody asks, and 0 is as booked", async () => {
  const store = await storeOf(call("1"));
  await store.reprice(order, () => costing(3));
  await store.reprice(order, () => costing(4));
  expect(await store.choosePricingRun(2)).toBe(true);
  expect(await costs(store)).toEqual([["1", "4.000000000000", 2]]);
  expect(await costs(store, "1")).toEqual([["1", "3.000000000000", 1]]);
  expect(await costs(store, "0")).toEqual([["1", "1.000000000000", null]]);
  expect(await store.choosePricingRun(0)).toBe(true);
  expect(await costs(store)).toEqual([["1", "1.000000000000", null]]);
  expect(await store.choosePricingRun(3)).toBe(false);
});

test("a pricer is told all that a price may depend on, as it was stored", async () => {
  const told = {
    node: "call",
    failed: true,
    startedAt: noon,
    endedAt: noon + 1_000_000,
    operation: "chat",
    tool: undefined,
    units: undefined,
    provider: "openai",
    requestModel: "m",
    responseModel: "m-1",
    serviceTier: "flex",
    account: "42",
    region: "eu-west-1",
    inputTokens: 10,
    cacheReadTokens: 9,
    cacheWriteTokens: 8,
    cacheWrite1hTokens: 7,
    outputTokens: 6,
    reasoningTokens: 5,
    inputAudioTokens: 4,
    inputImageTokens: 3,
    cacheReadAudioTokens: 2,
    outputAudioTokens: 1,
    outputImageTokens: 0,
    webSearches: 11,
  };
  const store = await storeOf(call("1", told as Partial<SpanFacts>));
  const asked: unknown[] = [];
  await store.reprice(order, (facts) => {
    asked.push(facts);
    return notPriced;
  });
  expect(asked).toEqual([{ ...told, usageQuality: "measured" }]);
});

test("a pricer that fails leaves no run behind", async () => {
  const store = await storeOf(call("1"));
  const broken = () => {
    throw new Error("no prices today");
  };
  await expect(store.reprice(order, broken)).rejects.toThrow("no prices today");
  const { rows } = await store.readRows("select * from pricing_runs");
  expect(rows).toEqual([]);
  expect((await store.reprice(order, () => costing(2))).runId).toBe(1);
});

test("a tool with a price is a record, told once, with the feature around it", async () => {
  const store = await storeOf(
    span("1", { node: "other", feature: "search" }),
    tool("2", { parentSpanId: "1".padStart(16, "0") as SpanId, ...costing(2) }),
    tool("3", { parentSpanId: "2".padStart(16, "0") as SpanId, emitter: "mcp", ...costing(2) }),
    tool("4", { tool: "calculator" }),
    tool("5", { failed: true, ...costing(2) }),
    tool("6", { failed: true, units: 3, ...costing(2) }),
  );
  const { rows } = await store.readRows(
    "select span_id[-1] as span, record_kind, tool, feature, cost_usd, loop_iteration from cost_records order by 1",
  );
  const record = { record_kind: "tool", tool: "web_search", loop_iteration: null };
  expect(rows).toEqual([
    { span: "2", feature: "search", cost_usd: "2.000000000000", ...record },
    { span: "6", feature: null, cost_usd: "2.000000000000", ...record },
  ]);
});

test("a tool that a run prices first is a record of that run alone", async () => {
  const store = await storeOf(tool("1"));
  expect(await costs(store)).toEqual([]);
  await store.reprice(order, (facts) => (facts.tool === undefined ? notPriced : costing(2)));
  expect(await costs(store)).toEqual([]);
  expect(await costs(store, "1")).toEqual([["1", "2.000000000000", 1]]);
});

test("the newest contract is kept with those before it", async () => {
  const store = await storeOf();
  expect(await store.contract()).toBeUndefined();
  const first = { contractId: "1", fileName: "prices.yaml", text: "prices: []\n" };
  await store.loadContract(first);
  await store.loadContract({ ...first, contractId: "2" });
  expect(await store.contract()).toEqual({ ...first, contractId: "2" });
  const { rows } = await store.readRows("select contract_id from contracts order by loaded_at");
  expect(rows).toEqual([{ contract_id: "1" }, { contract_id: "2" }]);
});

test("runs and the choice of one are in a snapshot", async () => {
  const store = await storeOf(call("1"));
  await store.reprice(order, () => costing(3));
  await store.choosePricingRun(1);
  const { mkdtemp, rm } = await import("node:fs/promises");
  const folder = await mkdtemp("/tmp/spancost-reprice-");
  onTestFinished(() => rm(folder, { recursive: true }));
  await store.snapshot(`${folder}/copy.duckdb`);
  const copy = await Store.open(`${folder}/copy.duckdb`);
  onTestFinished(() => copy.close());
  expect(await costs(copy)).toEqual([["1", "3.000000000000", 1]]);
});
