import { catalogueVersion } from "@spancost/pricing";
import { priceFacts } from "@spancost/records";
import { expect, test } from "vitest";
import { booked, columns, openStore, read, sendTo } from "./booked.ts";
import { emitter, type Sent } from "./spans.ts";

const openAi = emitter("@opentelemetry/instrumentation-openai 0.22.0", { kind: "client" });

/**
 * Twenty calls to GPT-5.6 Sol: a thousandth of the week that the thread tells of, 3,569,920 tokens. Together 63,820
 * uncached, 3,492,520 from the cache and 13,580 of output; none of them long enough for long-context rates.
 */
function twentyCalls(day: string, from = 1): readonly Sent[] {
  return Array.from({ length: 20 }, (_, index) =>
    openAi(
      "1",
      [index, index + 900],
      "chat gpt-5.6-sol",
      {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-5.6-sol",
        "gen_ai.usage.input_tokens": 3_191 + 174_626,
        "gen_ai.usage.output_tokens": 679,
        "gen_ai.usage.cache_read.input_tokens": 174_626,
      },
      { day, trace: from + index },
    ),
  );
}

/** At $5, $0.50 and $30: the thread's $2,472.81. */
const before = "2.472760000000";

/** At $4, $0.40 and $20, since 2026-08-21: the thread's $1,923.92. */
const since = "1.923888000000";

test("a day is priced by that day's prices, and no later price changes it (ccusage/ccusage#1636)", async () => {
  const { records } = await booked(
    ...twentyCalls("2026-08-20T12:00:00Z"),
    ...twentyCalls("2026-08-21T12:00:00Z", 21),
  );
  const sums = Map.groupBy(records, (record) => String(record["started_at"]).slice(0, 10));
  const sum = (rows: readonly (typeof records)[number][] = []) =>
    rows.reduce((total, row) => total + BigInt(String(row["cost_usd"]).replace(".", "")), 0n);
  expect(sum(sums.get("2026-08-20"))).toBe(BigInt(before.replace(".", "")));
  expect(sum(sums.get("2026-08-21"))).toBe(BigInt(since.replace(".", "")));
});

test.each([
  ["2026-08-20T23:59:59.999Z", "0.123638000000"],
  ["2026-08-21T00:00:00.000Z", "0.096194400000"],
])(
  "the price changes with the day, UTC, by the start of the call: %s (steipete/CodexBar#2671)",
  async (day, usd) => {
    const { records } = await booked(...twentyCalls(day).slice(0, 1));
    expect(columns(records, "cost_usd")).toEqual([[usd]]);
  },
);

test("a closed month stays as it is when more of it comes late, and when it comes twice (kenn-io/agentsview#1540)", async () => {
  const pipeline = await openStore();
  const month = twentyCalls("2026-08-18T09:00:00Z");
  await sendTo(pipeline, ...month);
  const first = await read(pipeline.store);
  expect(first.total).toMatchObject({ calls: 20, cost_usd: before });
  await sendTo(pipeline, ...month);
  expect(await read(pipeline.store)).toEqual(first);
  await sendTo(pipeline, ...twentyCalls("2026-09-02T09:00:00Z", 21));
  const { records } = await read(pipeline.store);
  expect(records.slice(0, 20)).toEqual(first.records);
});

test("each record says by which price, of which catalogue, and as of when it was priced (kenn-io/agentsview#1540)", async () => {
  const { records } = await booked(...twentyCalls("2026-08-18T09:00:00Z").slice(0, 1));
  expect(records).toMatchObject([
    { price_id: "openai/gpt-5.6-sol", priced_at: "2026-08-18T09:00:00Z" },
  ]);
  expect(records[0]?.["price_source"]).toMatch(/^genai-prices@\d/);
});

test("a month that is priced anew by the same catalogue comes to the same, beside what was booked (ccusage/ccusage#1636)", async () => {
  const pipeline = await openStore();
  await sendTo(
    pipeline,
    ...twentyCalls("2026-08-20T12:00:00Z"),
    ...twentyCalls("2026-08-21T12:00:00Z", 21),
  );
  const bookedBefore = await read(pipeline.store);
  const { source: catalogue, sha256: catalogueSha256 } = catalogueVersion;
  const everything = { contractId: undefined, since: undefined, until: undefined };
  const run = await pipeline.store.reprice({ catalogue, catalogueSha256, ...everything }, (facts) =>
    priceFacts(facts, pipeline.prices),
  );
  expect(run).toEqual({ runId: 1, spans: 40 });
  expect(await read(pipeline.store)).toEqual(bookedBefore);
  const { rows } = await pipeline.store.readRows(
    `select started_at::date::varchar as day, sum(cost_usd)::varchar as usd, min(pricing_run) as run
    from cost_records group by 1 order by 1`,
    { pricing_run: "1" },
  );
  // Asked in November, August still costs what it cost in August.
  expect(rows).toEqual([
    { day: "2026-08-20", usd: before, run: 1 },
    { day: "2026-08-21", usd: since, run: 1 },
  ]);
});
