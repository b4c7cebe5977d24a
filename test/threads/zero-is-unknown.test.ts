import { queryNames, readQueryFile } from "@spancost/store";
import { expect, test } from "vitest";
import { booked, columns, openStore, sendTo } from "./booked.ts";
import { type Attributes, emitter, post, web } from "./spans.ts";

const openLit = emitter("@openlit/instrumentation-vllm 1.15.0", { kind: "client" });
const traceloopOpenAi = emitter("@traceloop/instrumentation-openai 0.27.0", { kind: "client" });
const claudeAgent = emitter("@arizeai/openinference-instrumentation-claude-agent-sdk 0.2.1");
const byHand = emitter("my-own-wrapper 1.0.0", { kind: "client" });

function chat(counts: Attributes, model = "gpt-5-mini"): Attributes {
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": model,
    ...counts,
  };
}

function counts(input: number, output: number): Attributes {
  return { "gen_ai.usage.input_tokens": input, "gen_ai.usage.output_tokens": output };
}

test("a stream whose usage was never asked for has no cost, which is not 0 (traceloop/openllmetry#627)", async () => {
  const python = emitter("opentelemetry.instrumentation.openai.v1 0.60.0", { kind: "client" });
  const { records, total } = await booked(
    python("1", [0, 900], "openai.chat", { ...chat({}), "llm.is_streaming": true }),
    post("2<1", [1, 890], 200),
  );
  expect(records).toMatchObject([
    {
      usage_quality: "missing",
      input_tokens: null,
      output_tokens: null,
      cost_usd: null,
      unpriced_reason: "no_usage",
    },
  ]);
  expect(total).toMatchObject({ calls: 1, cost_usd: null, input_tokens: null });
});

test("a tokenizer's guess is called one (traceloop/openllmetry#2898)", async () => {
  const { records } = await booked(
    traceloopOpenAi("1", [0, 900], "openai.chat", {
      ...chat(counts(1, 13)),
      "gen_ai.response.id": "chatcmpl-9",
    }),
  );
  expect(columns(records, "usage_quality", "usage_issue")).toEqual([
    ["estimated", "may_be_estimated"],
  ]);
});

test("0 tokens in and 0 out are what an emitter sends that knows nothing: the cost is unknown (google-gemini/gemini-cli#28683)", async () => {
  const { records } = await booked(
    byHand("1", [0, 900], "chat gpt-5-mini", chat(counts(0, 0))),
    post("2<1", [1, 890], 200),
  );
  expect(columns(records, "usage_quality", "cost_usd", "unpriced_reason")).toEqual([
    ["missing", null, "no_usage"],
  ]);
});

test("Gemini CLI's calls are calls, though it has its own word for them (google-gemini/gemini-cli)", async () => {
  const geminiCli = emitter("gemini-cli", { service: "gemini-cli" });
  const call = (input: number): Attributes => ({
    "gen_ai.operation.name": "llm_call",
    "gen_ai.agent.name": "gemini-cli",
    "gen_ai.conversation.id": "s-1",
    "gen_ai.request.model": "gemini-2.5-pro",
    ...counts(input, 100),
  });
  const { records } = await booked(
    geminiCli("1", [0, 900], "user_prompt", {
      "gen_ai.operation.name": "user_prompt",
      "gen_ai.agent.name": "gemini-cli",
    }),
    geminiCli("2<1", [1, 300], "llm_call", call(1_000)),
    geminiCli("3<1", [301, 890], "llm_call", call(2_000)),
  );
  // Thinking is in neither count, and stands in its logs only.
  expect(columns(records, "cost_usd", "usage_issue", "loop_iteration")).toEqual([
    ["0.002250000000", "output_excludes_reasoning", 1],
    ["0.003500000000", "output_excludes_reasoning", 2],
  ]);
});

test("a reported cost of 0 beside real tokens is no cost, and ours is computed (openlit/openlit, price list not loaded)", async () => {
  const { records } = await booked(
    openLit("1", [0, 900], "chat gpt-5-mini", {
      ...chat(counts(1_523, 311)),
      "gen_ai.usage.cost": 0,
    }),
  );
  expect(columns(records, "cost_usd", "reported_cost_usd")).toEqual([["0.001002750000", null]]);
});

test.each([
  ["gen_ai.usage.cost", 0.5],
  ["gen_ai.usage.cost.amount", 0.5],
])(
  "a cost reported as %s stands beside ours, never in its place (semantic-conventions-genai#443)",
  async (name, usd) => {
    const { records } = await booked(
      byHand("1", [0, 900], "chat gpt-5-mini", { ...chat(counts(1_000, 0)), [name]: usd }),
    );
    expect(columns(records, "cost_usd", "reported_cost_usd")).toEqual([
      ["0.000250000000", "0.500000000000"],
    ]);
  },
);

test.each([
  ["negative", -1],
  ["not a number", Number.NaN],
  ["infinite", Number.POSITIVE_INFINITY],
  ["beyond a record", 1e30],
])("a reported cost that is %s is none", async (_, usd) => {
  const { records } = await booked(
    byHand("1", [0, 900], "chat gpt-5-mini", {
      ...chat(counts(1_000, 0)),
      "gen_ai.usage.cost": usd,
    }),
  );
  expect(columns(records, "reported_cost_usd")).toEqual([[null]]);
});

test("the cost that an agent's SDK knows is kept beside the part that its tokens show (langfuse/langfuse#13807)", async () => {
  // The instrumentation sends the last turn's input, all output, no caches, and the SDK's own total.
  const { records } = await booked(
    claudeAgent("1", [0, 9_000], "ClaudeAgentSDK.query", {
      "openinference.span.kind": "AGENT",
      "session.id": "s-1",
      "llm.system": "anthropic",
      "llm.model_name": "claude-sonnet-4-5",
      "llm.token_count.prompt": 20_000,
      "llm.token_count.completion": 4_000,
      "llm.cost.total": 0.3,
    }),
  );
  // 20,000 at $3 and 4,000 at $15 are 40 % of it.
  expect(columns(records, "cost_usd", "usage_issue", "reported_cost_usd")).toEqual([
    ["0.120000000000", "aggregate_only", "0.300000000000"],
  ]);
});

test.each([
  ["negative", -5],
  ["fractional", 0.5],
  ["not a number", Number.NaN],
  ["beyond all counting", 1e30],
  ["a text that is no number", "1.5k"],
] as const)(
  "a count that is %s is unknown and named, and the other half is kept",
  async (_, input) => {
    const { records } = await booked(
      byHand("1", [0, 900], "chat gpt-5-mini", {
        ...chat({ "gen_ai.usage.output_tokens": 100 }),
        "gen_ai.usage.input_tokens": input,
      }),
    );
    expect(records).toMatchObject([
      {
        input_tokens: null,
        input_cost_usd: null,
        output_tokens: 100,
        cost_usd: "0.000200000000",
        usage_quality: "partial",
        usage_issue: "invalid_token_count",
      },
    ]);
  },
);

test("every query shows the same cost, under one name (SigNoz/signoz#12738)", async () => {
  const pipeline = await openStore();
  await sendTo(
    pipeline,
    web("1", [0, 900], "POST /reply", { "app.feature": "reply" }),
    // A processor's name for cost, which spancost does not know and nobody's panel should depend on.
    byHand("2<1", [1, 400], "chat gpt-5-mini", {
      ...chat(counts(1_000_000, 0)),
      "_signoz.gen_ai.total_cost": 99,
    }),
    byHand("3<1", [401, 800], "chat gpt-5-mini", chat(counts(2_000_000, 0))),
  );
  const sums: Record<string, unknown> = {};
  for (const name of [
    "cost-per-trace",
    "daily-spend-by",
    "hourly-spend",
    "cost-by-loop-iteration",
  ]) {
    expect(queryNames()).toContain(name);
    const { rows } = await pipeline.store.readRows(
      `select sum(cost_usd)::varchar as usd from (${readQueryFile(name).sql.replace(/;\s*$/, "")})`,
    );
    sums[name] = rows[0]?.["usd"];
  }
  expect(new Set(Object.values(sums))).toEqual(new Set(["0.750000000000"]));
});
