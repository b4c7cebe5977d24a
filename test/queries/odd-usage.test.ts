import type { Rows } from "@spancost/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readQueryFile } from "../../packages/store/src/query-files.ts";
import { type Receiving, startReceiving } from "../flow/receiving.ts";

let receiving: Receiving;
beforeAll(async () => {
  receiving = await startReceiving(":memory:");
});
afterAll(() => receiving.stop());

/** An OTLP attribute value. Doubles that JSON has no number for are texts. */
type Value = { readonly intValue: string } | { readonly doubleValue: number | string };

let sent = 0;

/** Sends a call of 1,000 tokens in and 100 out, changed as `counts` says, and gives its trace. */
async function send(
  model: string,
  counts: Readonly<Record<string, Value>>,
  reportedUsd?: number,
): Promise<string> {
  sent += 1;
  const traceId = sent.toString(16).padStart(32, "0");
  const attributes = {
    "gen_ai.operation.name": { stringValue: "chat" },
    "gen_ai.provider.name": { stringValue: "openai" },
    "gen_ai.request.model": { stringValue: model },
    "gen_ai.usage.input_tokens": { intValue: "1000" },
    "gen_ai.usage.output_tokens": { intValue: "100" },
    ...(reportedUsd === undefined ? {} : { "gen_ai.usage.cost": { doubleValue: reportedUsd } }),
    ...counts,
  };
  const span = {
    traceId,
    spanId: sent.toString(16).padStart(16, "0"),
    name: `chat ${model}`,
    kind: 3,
    startTimeUnixNano: "1795000000000000000",
    endTimeUnixNano: "1795000001000000000",
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value })),
  };
  const scopeSpans = [{ scope: { name: "test" }, spans: [span] }];
  const body = JSON.stringify({ resourceSpans: [{ scopeSpans }] });
  const answer = await receiving.post(body, { "Content-Type": "application/json" });
  expect(answer.status).toBe(200);
  return traceId;
}

async function rowsOf(query: string): Promise<Rows["rows"]> {
  return (await receiving.store.readRows(readQueryFile(query).sql)).rows;
}

/** What the call cost, and how much `trust` grew by it. */
async function outcomeOf(model: string, counts: Readonly<Record<string, Value>>) {
  const [before] = await rowsOf("trust");
  const traceId = await send(model, counts);
  const [after] = await rowsOf("trust");
  const { rows } = await receiving.store.readRows(
    "select cost_usd, unpriced_reason, usage_issue from cost_records where trace_id = getvariable('id')",
    { id: traceId },
  );
  const grown = (column: string) => Number(after?.[column]) - Number(before?.[column]);
  return {
    ...rows[0],
    issues: grown("usage_issue_calls"),
    unpriced: grown("unpriced_calls"),
    lower_bounds: grown("lower_bound_calls"),
  };
}

test.each<[string, Readonly<Record<string, Value>>, string]>([
  [
    "a negative count",
    { "gen_ai.usage.input_tokens": { intValue: "-5" } },
    // 100 out at $2.00 per million
    "0.000200000000",
  ],
  [
    "a count that is not a number",
    { "gen_ai.usage.input_tokens": { doubleValue: "NaN" } },
    "0.000200000000",
  ],
  [
    "a count beyond all numbers",
    { "gen_ai.usage.output_tokens": { doubleValue: 1e30 } },
    // 1,000 in at $0.25 per million
    "0.000250000000",
  ],
  ["half a token", { "gen_ai.usage.output_tokens": { doubleValue: 0.5 } }, "0.000250000000"],
])(
  "%s is no tokens: what is left is priced, said to be a lower bound and to be odd",
  async (_, counts, cost) => {
    expect(await outcomeOf("gpt-5-mini", counts)).toEqual({
      cost_usd: cost,
      unpriced_reason: null,
      usage_issue: "invalid_token_count",
      issues: 1,
      unpriced: 0,
      lower_bounds: 1,
    });
    const issue = (await rowsOf("usage-issues")).find(
      (row) => row["usage_issue"] === "invalid_token_count",
    );
    expect(Number(issue?.["calls"])).toBeGreaterThan(0);
  },
);

test("more cached than input tokens have no price, for nobody knows which of the two is right", async () => {
  const counts = { "gen_ai.usage.cache_read.input_tokens": { intValue: "5000" } };
  expect(await outcomeOf("gpt-5-mini", counts)).toEqual({
    cost_usd: null,
    unpriced_reason: "contradictory_usage",
    usage_issue: "cached_exceeds_input",
    issues: 1,
    unpriced: 1,
    lower_bounds: 0,
  });
  expect(await rowsOf("unpriced")).toMatchObject([
    { unpriced_reason: "contradictory_usage", calls: 1, tokens_at_risk: 1100 },
  ]);
  expect(await rowsOf("usage-issues")).toContainEqual(
    expect.objectContaining({ usage_issue: "cached_exceeds_input", unpriced_calls: 1 }),
  );
});

test("a model without a price waits with its tokens, and with what its emitter says that it cost", async () => {
  await send("acme-ft-7b", {}, 0.25);
  await send("acme-ft-7b", {});
  const found = (await rowsOf("unpriced")).find((row) => row["model"] === "acme-ft-7b");
  expect(found).toMatchObject({
    unpriced_reason: "unknown_model",
    calls: 2,
    tokens_at_risk: 2200,
    reported_cost_usd: "0.250000000000",
  });
});

test("a call whose every count is none tells no tokens, and says so", async () => {
  await send("all-odd", {
    "gen_ai.usage.input_tokens": { doubleValue: "Infinity" },
    "gen_ai.usage.output_tokens": { intValue: "-1" },
  });
  const found = (await rowsOf("unpriced")).find((row) => row["model"] === "all-odd");
  expect(found).toMatchObject({ calls: 1, tokens_at_risk: null, calls_without_tokens: 1 });
  const issue = (await rowsOf("usage-issues")).find((row) => row["unknown_usage_calls"] === 1);
  expect(issue).toMatchObject({ usage_issue: "invalid_token_count" });
});

test("the largest count that is one breaks no sum, and no price is made up for it", async () => {
  await send("gpt-5.5", { "gen_ai.usage.input_tokens": { intValue: "1000000000000" } });
  const found = (await rowsOf("unpriced")).find((row) => row["unpriced_reason"] === "out_of_range");
  expect(found).toMatchObject({ model: "gpt-5.5", calls: 1, tokens_at_risk: 1_000_000_000_100 });
});
