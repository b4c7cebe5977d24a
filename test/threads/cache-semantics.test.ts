import { expect, test } from "vitest";
import { booked, columns } from "./booked.ts";
import { type Attributes, emitter } from "./spans.ts";

const langChain = emitter("openinference.instrumentation.langchain 0.1.70");
const anthropicSdk = emitter("com.anthropic.sdk.typescript 1.11.0", { kind: "client" });
const traceloopJs = emitter("@traceloop/instrumentation-anthropic 0.27.0", { kind: "client" });
const traceloopPython = emitter("opentelemetry.instrumentation.anthropic 0.60.0", {
  kind: "client",
});
const strands = emitter("strands.telemetry.tracer", { service: "strands-agents" });

/** OpenInference's counts as LangChain's callback hands them over. */
function langChainCall(provider: string, model: string, counts: Attributes): Attributes {
  return {
    "openinference.span.kind": "LLM",
    "llm.provider": provider,
    "llm.model_name": model,
    ...counts,
  };
}

const sonnetUs = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
const sonnetGlobal = "global.anthropic.claude-sonnet-4-5-20250929-v1:0";

test("Bedrock's cached prompt costs half a cent, not 42 times as much (Arize-ai/phoenix#10036)", async () => {
  const { records } = await booked(
    langChain(
      "1",
      [0, 900],
      "ChatBedrockConverse",
      langChainCall("aws", sonnetUs, {
        "llm.token_count.prompt": 3,
        "llm.token_count.completion": 12,
        "llm.token_count.total": 13_256,
        "llm.token_count.prompt_details.cache_write": 25,
        "llm.token_count.prompt_details.cache_read": 13_216,
      }),
    ),
  );
  expect(records).toMatchObject([
    {
      input_tokens: 13_244,
      cache_read_tokens: 13_216,
      cache_write_tokens: 25,
      output_tokens: 12,
      // The reporter's own sum, with a us. profile's 10 % more: 3 at $3.30, 25 at $4.125, 13,216 at $0.33, 12 at $16.50.
      input_cost_usd: "0.000009900000",
      cache_write_cost_usd: "0.000103125000",
      cache_read_cost_usd: "0.004361280000",
      output_cost_usd: "0.000198000000",
      cost_usd: "0.004672305000",
      usage_issue: null,
    },
  ]);
});

test("cached tokens are no output, whatever the total says (Arize-ai/phoenix#10783)", async () => {
  const { records } = await booked(
    langChain(
      "1",
      [0, 900],
      "ChatBedrockConverse",
      langChainCall("amazon_bedrock", sonnetGlobal, {
        "llm.token_count.prompt": 3,
        "llm.token_count.completion": 442,
        "llm.token_count.total": 8_712,
        "llm.token_count.prompt_details.cache_read": 7_917,
        "llm.token_count.prompt_details.cache_write": 350,
      }),
    ),
  );
  expect(records).toMatchObject([
    { input_tokens: 8_270, output_tokens: 442, output_cost_usd: "0.006630000000" },
  ]);
  expect(records[0]?.["cost_usd"]).toBe("0.010326600000");
});

test("a coding harness's cache split is priced, whatever its scope is called (Arize-ai/coding-harness-tracing#66)", async () => {
  const harness = emitter("arize-claude-plugin", { service: "claude-code" });
  const { records } = await booked(
    harness("1", [0, 900], "Turn 1", {
      "openinference.span.kind": "LLM",
      "session.id": "s-1",
      "llm.model_name": "claude-opus-4-6",
      "llm.token_count.prompt": 56_003,
      "llm.token_count.completion": 700,
      "llm.token_count.total": 56_703,
      "llm.token_count.prompt_details.cache_read": 52_000,
      "llm.token_count.prompt_details.cache_write": 4_000,
    }),
  );
  // 3 at $5, 52,000 at $0.50, 4,000 at $6.25, 700 at $25; the whole prompt at $5 would be 3.3 times the input's cost.
  expect(columns(records, "input_tokens", "cost_usd")).toEqual([[56_003, "0.068515000000"]]);
});

test("a cached Gemini prompt is charged once, at the cache's rate (BerriAI/litellm#14849)", async () => {
  const litellm = emitter("litellm", { service: "litellm" });
  const { records } = await booked(
    litellm("1", [0, 900], "litellm_request", {
      "gen_ai.operation.name": "chat",
      "gen_ai.system": "vertex_ai",
      "gen_ai.request.model": "gemini-2.5-pro",
      "gen_ai.usage.input_tokens": 262_960,
      "gen_ai.usage.output_tokens": 1_744,
      "gen_ai.usage.total_tokens": 264_704,
      "gen_ai.usage.cache_read.input_tokens": 257_955,
      "gen_ai.cost.total_cost": 0.7642,
    }),
  );
  expect(records).toMatchObject([
    {
      // More than 200,000 tokens: 5,005 at $2.50, 257,955 at $0.25, 1,744 at $15.
      input_cost_usd: "0.012512500000",
      cache_read_cost_usd: "0.064488750000",
      output_cost_usd: "0.026160000000",
      cost_usd: "0.103161250000",
      // What LiteLLM made of it stays beside ours.
      reported_cost_usd: "0.764200000000",
    },
  ]);
});

test("one request means the same whoever tells of it, with caches in its input or not (traceloop/openllmetry-js#1028)", async () => {
  const call = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "anthropic",
    "gen_ai.request.model": "claude-sonnet-4-5",
    "gen_ai.usage.output_tokens": 200,
    "gen_ai.usage.cache_read.input_tokens": 1_500,
  };
  const written = { "gen_ai.usage.cache_creation.input_tokens": 100 };
  const { records } = await booked(
    traceloopJs(
      "1",
      [0, 90],
      "anthropic.chat",
      {
        ...call,
        ...written,
        "gen_ai.usage.input_tokens": 1_824,
        "gen_ai.usage.total_tokens": 2_024,
      },
      { trace: 1 },
    ),
    traceloopPython(
      "1",
      [1, 91],
      "anthropic.chat",
      { ...call, ...written, "gen_ai.usage.input_tokens": 3_424 },
      { trace: 2 },
    ),
    anthropicSdk(
      "1",
      [2, 92],
      "anthropic.messages.create",
      {
        ...call,
        "gen_ai.usage.input_tokens": 3_424,
        "gen_ai.usage.cache_write.input_tokens": 100,
        "anthropic.usage.cache_creation.ephemeral_1h_input_tokens": 0,
      },
      { trace: 3 },
    ),
  );
  // 1,824 at $3, 1,500 at $0.30, 100 at $3.75, 200 at $15. Arithmetic alone cannot tell 1,824 from an inclusive count.
  const told = [3_424, 1_500, 100, 200, "0.009297000000"];
  expect(
    columns(
      records,
      "input_tokens",
      "cache_read_tokens",
      "cache_write_tokens",
      "output_tokens",
      "cost_usd",
    ),
  ).toEqual([told, told, told]);
});

test("a total that fits one reading alone decides it, also where the input is the larger part (strands-agents/harness-sdk, Bedrock)", async () => {
  // Converse's inputTokens leaves caches out, and Strands for Python passes it on; its totalTokens has them in.
  const { records } = await booked(
    strands("1", [0, 90], "chat", {
      "gen_ai.operation.name": "chat",
      "gen_ai.system": "strands-agents",
      "gen_ai.request.model": sonnetGlobal,
      "gen_ai.usage.input_tokens": 5_000,
      "gen_ai.usage.output_tokens": 100,
      "gen_ai.usage.total_tokens": 7_100,
      "gen_ai.usage.cache_read_input_tokens": 2_000,
      "gen_ai.usage.cache_write_input_tokens": 0,
    }),
  );
  // 5,000 at $3, 2,000 at $0.30, 100 at $15.
  expect(columns(records, "input_tokens", "cost_usd", "usage_issue")).toEqual([
    [7_000, "0.017100000000", null],
  ]);
});

test.each([
  ["more cached than there was input", { read: 5_000 }, "cached_exceeds_input"],
  ["more read and written than there was input", { read: 700, write: 700 }, "cached_exceeds_input"],
  ["a total that fits no reading", { read: 500, total: 9_999 }, "total_mismatch"],
])("%s is kept as sent and named, never clamped", async (_, counts: Counts, issue) => {
  const hand = emitter("my-own-wrapper 1.0.0", { kind: "client" });
  const { records } = await booked(
    hand("1", [0, 90], "chat", {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-5-mini",
      "gen_ai.usage.input_tokens": 1_000,
      "gen_ai.usage.output_tokens": 100,
      "gen_ai.usage.cache_read.input_tokens": counts.read,
      "gen_ai.usage.cache_write.input_tokens": counts.write ?? 0,
      ...(counts.total === undefined ? {} : { "gen_ai.usage.total_tokens": counts.total }),
    }),
  );
  expect(records).toMatchObject([
    {
      input_tokens: 1_000,
      cache_read_tokens: counts.read,
      cache_write_tokens: counts.write ?? 0,
      output_tokens: 100,
      usage_issue: issue,
    },
  ]);
  const impossible = issue === "cached_exceeds_input";
  expect(records[0]?.["unpriced_reason"]).toBe(impossible ? "contradictory_usage" : null);
});

interface Counts {
  readonly read: number;
  readonly write?: number;
  readonly total?: number;
}
