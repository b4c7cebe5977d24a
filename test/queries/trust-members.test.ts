import { createPriceBook, usdFromText } from "@spancost/pricing";
import { type SpanFacts, spanIdFromHex, traceIdFromHex, type UnixMicros } from "@spancost/records";
import { tokenCount } from "@spancost/semconv";
import { Store } from "@spancost/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { explain } from "../../packages/cli/src/commands/explain.ts";
import type { ReadingCommand } from "../../packages/cli/src/commands/reading-command.ts";
import { top } from "../../packages/cli/src/commands/top.ts";
import { trace } from "../../packages/cli/src/commands/trace.ts";
import type { Envelope, Row } from "../../packages/cli/src/envelope/envelope.ts";
import { Texts } from "../../packages/cli/src/flags/texts.ts";
import { emptyFacts } from "../settling/empty-facts.ts";

const traceId = "0000000000000000000000000000000a";
const noon = Date.UTC(2026, 10, 10, 12);

/** A priced call, the nth span of the one trace, beginning nth seconds after noon. */
function call(nth: number, more: Partial<SpanFacts> = {}): SpanFacts {
  const trace = traceIdFromHex(traceId);
  const spanId = spanIdFromHex(String(nth).padStart(16, "0"));
  if (trace === undefined || spanId === undefined) throw new Error(`${nth} makes no id`);
  return {
    ...emptyFacts,
    traceId: trace,
    spanId,
    parentSpanId: undefined,
    startedAt: ((noon + nth * 1000) * 1000) as UnixMicros,
    endedAt: ((noon + nth * 1000 + 500) * 1000) as UnixMicros,
    node: "call",
    emitter: "sdk",
    requestModel: "m",
    release: "1",
    usageQuality: "measured",
    inputTokens: tokenCount(10),
    cacheReadTokens: tokenCount(0),
    outputTokens: tokenCount(5),
    costUsd: usdFromText("1"),
    inputCostUsd: usdFromText("1"),
    ...more,
  };
}

const unknown = {
  usageQuality: "missing",
  inputTokens: undefined,
  cacheReadTokens: undefined,
  outputTokens: undefined,
  costUsd: undefined,
  inputCostUsd: undefined,
  unpricedReason: "no_usage",
} as const;

const spans: readonly SpanFacts[] = [
  call(1, { feature: "search", responseId: "r1" }),
  // Another instrumentation tells of the same call.
  call(2, { ...call(1), spanId: call(2).spanId, emitter: "wrapper", responseId: "r1" }),
  call(3, { feature: "search", usageQuality: "partial", outputTokens: undefined }),
  call(4, { feature: "search", usageQuality: "estimated", usageIssue: "may_be_estimated" }),
  call(5, unknown),
  call(6, {
    requestModel: undefined,
    node: "tool",
    tool: "web_search",
    usageQuality: undefined,
    inputTokens: undefined,
    cacheReadTokens: undefined,
    outputTokens: undefined,
    feature: "search",
  }),
];

let store: Store;
beforeAll(async () => {
  store = await Store.open(":memory:");
  await store.append(spans);
});
afterAll(() => store.close());

type Answer = Envelope & { readonly trust: Row; readonly total: Row };

async function ask(command: ReadingCommand, flags: Readonly<Record<string, string>>) {
  const texts = new Texts(Object.entries(flags).map(([name, text]) => [name, [text]]));
  const question = command.prepare(texts, noon + 86_400_000);
  return (await question({ reader: store, prices: createPriceBook() })) as Answer;
}

const ofAll = {
  calls: 5,
  priced_share: 0.8,
  attributed_share: 0.8,
  deduplicated: 1,
  unpriced_calls: 1,
  unknown_usage_calls: 1,
  estimated_usage_calls: 1,
  partial_usage_calls: 1,
  lower_bound_calls: 1,
  usage_issue_calls: 1,
  priced_token_share: 1,
  cache_split_unknown_calls: 0,
};

test("top, trace and explain tell how far to believe them in the same members, and warn alike", async () => {
  const answers = [
    await ask(top, { by: "feature,release" }),
    await ask(trace, { trace_id: traceId }),
    await ask(explain, {}),
  ];
  for (const { trust, warnings } of answers) {
    expect(trust).toMatchObject({ ...ofAll, attributed_share_by: { feature: 0.8, release: 1 } });
    expect(warnings).toEqual(
      expect.arrayContaining([
        "1 call did not tell all its tokens (cut off, or cached ones left out): its cost is a lower bound.",
        "1 call with tokens that its emitter guessed: its cost is an estimate.",
      ]),
    );
  }
  const [first, , last] = answers.map(({ trust }) => Object.keys(trust));
  expect(first).toEqual(last);
});

test("top's is of the calls that are asked for, by the dimensions that are asked for", async () => {
  const { trust } = await ask(top, { by: "agent,tag:plan", where: "feature=search" });
  expect(trust).toMatchObject({
    calls: 4,
    priced_share: 1,
    attributed_share: 1,
    attributed_share_by: { agent: 0, "tag:plan": 0 },
    unpriced_calls: 0,
  });
});

test("explain's attribution is of the dimensions that it may look for causes in", async () => {
  const { trust } = await ask(explain, { by: "team,model,feature" });
  expect(trust["attributed_share_by"]).toEqual({ feature: 0.8, team: 0 });
});

test("a use of a tool that has a price is in the totals, and has no tokens to be unknown", async () => {
  const { rows } = await ask(top, { by: "operation" });
  expect(rows).toMatchObject([
    { calls: 5, unpriced_calls: 1, unknown_usage_calls: 1, input_tokens: 30 },
  ]);
  const { total, rows: tree } = await ask(trace, { trace_id: traceId });
  expect(total).toMatchObject({ calls: 5, tool_calls: 1, unpriced_calls: 1 });
  expect(tree.filter((row) => row["record_kind"] === "tool")).toMatchObject([
    { role: "tool", tool: "web_search", retry_count: null, loop_iteration: null },
  ]);
});

test("without calls there is nothing to trust", async () => {
  const { trust, no_data } = await ask(top, { where: "feature=none-such" });
  expect([trust, no_data]).toEqual([{}, true]);
});
