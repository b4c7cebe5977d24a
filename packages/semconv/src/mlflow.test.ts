import { describe, expect, test } from "vitest";
import { keepAttribute } from "./keep-attribute.ts";
import { readSpan } from "./read-span.ts";
import type { SpanReading } from "./reading.ts";
import { SpanKind } from "./span-view.ts";

/** MLflow writes every value as JSON. `own` is what it leaves as it is. */
function read(
  attributes: Record<string, unknown>,
  { name = "Completions", own = {} }: { name?: string; own?: Record<string, string | number> } = {},
): SpanReading {
  const written = Object.entries(attributes).map(
    ([key, value]) => [key, JSON.stringify(value)] as const,
  );
  const all: readonly (readonly [string, string | number])[] = [...written, ...Object.entries(own)];
  return readSpan({
    name,
    kind: SpanKind.internal,
    failed: false,
    scopeName: "mlflow.tracing.provider",
    scopeVersion: "",
    attributes: new Map(all.filter(([key]) => keepAttribute(key))),
    resource: new Map(),
    eventNames: [],
  });
}

const usage = { input_tokens: 1523, output_tokens: 311, total_tokens: 1834 };
const chat = { "mlflow.spanType": "CHAT_MODEL", "mlflow.chat.tokenUsage": usage };

describe("MLflow", () => {
  test("tells a call's usage, model and cost as JSON", () => {
    const reading = read({
      ...chat,
      "mlflow.message.format": "openai",
      "mlflow.llm.model": "gpt-5-mini",
      "mlflow.llm.provider": "openai",
      "mlflow.llm.cost": { input_cost: 0.01, output_cost: 0.02, total_cost: 0.03 },
    });
    expect(reading).toMatchObject({
      dialect: "mlflow",
      node: "call",
      operation: "chat",
      provider: "openai",
      requestModel: "gpt-5-mini",
      usageQuality: "measured",
      reportedCostUsd: 0.03,
    });
    expect([reading.usage?.input, reading.usage?.output]).toEqual([1523, 311]);
    expect([reading.usage?.cacheRead, reading.usage?.reasoning]).toEqual([undefined, undefined]);
  });

  test.each([
    ["gemini", "partial", "output_excludes_reasoning"],
    ["openai", "measured", undefined],
  ])("as the conventions, of %s: %s", (provider, quality, issue) => {
    const own = {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": provider,
      "gen_ai.usage.input_tokens": 1523,
      "gen_ai.usage.output_tokens": 183,
    };
    const { usageQuality, usageIssue } = read({}, { name: "chat m", own });
    expect([usageQuality, usageIssue]).toEqual([quality, issue]);
  });

  test("calls Bedrock by the begin of a model's name", () => {
    const reading = read({
      ...chat,
      "mlflow.message.format": "bedrock",
      "mlflow.llm.model": "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
      "mlflow.llm.provider": "us",
    });
    expect(reading.provider).toBe("aws.bedrock");
  });

  test("tells of an embedding's tokens in the answer alone", () => {
    const { node, usage: told } = read({
      "mlflow.spanType": "EMBEDDING",
      "mlflow.spanOutputs": { data: [], usage: { prompt_tokens: 42, total_tokens: 42 } },
    });
    expect([node, told?.input, told?.output]).toEqual(["call", 42, 0]);
  });

  test("its OpenAI input includes what was cached; the answer tells of reasoning", () => {
    const { usage: read1, requestModel } = read({
      ...chat,
      "mlflow.message.format": "openai",
      model: "gpt-5-mini",
      "mlflow.chat.tokenUsage": { ...usage, cache_read_input_tokens: 1024 },
      "mlflow.spanOutputs": {
        model: "gpt-5-mini-2025-08-07",
        usage: {
          input_tokens: 1523,
          input_tokens_details: { cached_tokens: 1024 },
          output_tokens_details: { reasoning_tokens: 128 },
        },
      },
    });
    expect([read1?.input, read1?.cacheRead, read1?.reasoning]).toEqual([1523, 1024, 128]);
    expect(requestModel).toBe("gpt-5-mini");
  });

  const cached = { cache_read_input_tokens: 2000, cache_creation_input_tokens: 1024 };
  const anthropic = { ...chat, "mlflow.message.format": "anthropic" };
  const answer = { id: "msg_1", usage: { input_tokens: 96, output_tokens: 257, ...cached } };

  test.each([
    ["leaves Anthropic's caches out before April 2026", 96],
    ["includes them since", 3120],
  ])("%s, as the answer tells", (_name, input) => {
    const reading = read({
      ...anthropic,
      "mlflow.chat.tokenUsage": {
        input_tokens: input,
        output_tokens: 257,
        total_tokens: input + 257,
        ...cached,
      },
      "mlflow.spanOutputs": answer,
    });
    expect(reading.usage).toMatchObject({ input: 3120, cacheRead: 2000, cacheWrite: 1024 });
    expect([reading.usageQuality, reading.usageIssue]).toEqual(["measured", undefined]);
    expect([reading.provider, reading.responseId]).toEqual(["anthropic", "msg_1"]);
  });

  test("before it told of caches, the answer did", () => {
    const reading = read({
      ...anthropic,
      "mlflow.chat.tokenUsage": { input_tokens: 96, output_tokens: 257, total_tokens: 353 },
      "mlflow.spanOutputs": answer,
    });
    expect(reading.usage).toMatchObject({ input: 3120, cacheRead: 2000, cacheWrite: 1024 });
  });

  test("without an answer, more cached than input means that it is left out", () => {
    const told = { input_tokens: 96, output_tokens: 257, total_tokens: 353, ...cached };
    const reading = read({ ...anthropic, "mlflow.chat.tokenUsage": told });
    expect([reading.usage?.input, reading.usageQuality]).toEqual([3120, "measured"]);
  });

  test("without an answer, less cached than input is a lower bound", () => {
    const told = { ...usage, cache_read_input_tokens: 1024, cache_creation_input_tokens: 0 };
    const reading = read({ ...anthropic, "mlflow.chat.tokenUsage": told });
    expect(reading.usage?.input).toBe(1523);
    expect([reading.usageQuality, reading.usageIssue]).toEqual([
      "partial",
      "input_may_exclude_cache",
    ]);
  });

  test.each([
    ["claude-sonnet-5", "partial", "input_may_exclude_cache"],
    ["gpt-5-mini", "measured", undefined],
  ])("LangChain's input of %s with a cache is %s", (model, quality, issue) => {
    const { usageQuality, usageIssue } = read({
      ...chat,
      "mlflow.message.format": "langchain",
      "mlflow.llm.model": model,
      "mlflow.chat.tokenUsage": { ...usage, cache_read_input_tokens: 1024 },
    });
    expect([usageQuality, usageIssue]).toEqual([quality, issue]);
  });

  test("without an answer and caches, Anthropic's input is a lower bound", () => {
    const { usageQuality, usageIssue } = read(anthropic);
    expect([usageQuality, usageIssue]).toEqual(["partial", "input_excludes_cache"]);
  });

  test("Bedrock's answer tells of caches that MLflow left out", () => {
    const reading = read({
      ...chat,
      "mlflow.message.format": "bedrock",
      "mlflow.chat.tokenUsage": { input_tokens: 96, output_tokens: 257, total_tokens: 3377 },
      "mlflow.spanOutputs": {
        usage: {
          inputTokens: 96,
          outputTokens: 257,
          totalTokens: 3377,
          cacheReadInputTokens: 2000,
          cacheWriteInputTokens: 1024,
        },
      },
    });
    expect(reading.usage).toMatchObject({ input: 3120, cacheRead: 2000, cacheWrite: 1024 });
    expect(reading.provider).toBe("aws.bedrock");
    const uncached = read({
      ...chat,
      "mlflow.message.format": "bedrock",
      "mlflow.spanOutputs": { usage: { inputTokens: 1523, outputTokens: 311, totalTokens: 1834 } },
    });
    expect(uncached.usage).toMatchObject({ input: 1523, cacheRead: 0, cacheWrite: 0 });
    expect(uncached.usageQuality).toBe("measured");
  });

  test("Gemini's thinking is what its total counts beyond prompt and candidates", () => {
    const gemini = {
      "mlflow.spanType": "LLM",
      "mlflow.message.format": "gemini",
      "mlflow.chat.tokenUsage": { input_tokens: 100, output_tokens: 20, total_tokens: 150 },
    };
    const reading = read(gemini);
    expect(reading.usage).toMatchObject({ input: 100, output: 50, reasoning: 30 });
    expect(reading.usageIssue).toBe("reasoning_from_total");
    const answered = read({
      ...gemini,
      "mlflow.spanOutputs": {
        usage_metadata: { thoughts_token_count: 30, cached_content_token_count: 64 },
      },
    });
    expect(answered.usage).toMatchObject({ input: 100, cacheRead: 64, output: 50, reasoning: 30 });
    expect(answered.usageIssue).toBeUndefined();
  });

  test("Gemini's output has thinking in it since 3.18, and nobody says how much", () => {
    const { usage: told, usageIssue } = read({
      "mlflow.spanType": "LLM",
      "mlflow.message.format": "gemini",
      "mlflow.chat.tokenUsage": { input_tokens: 100, output_tokens: 50, total_tokens: 150 },
    });
    expect([told?.output, told?.reasoning, usageIssue]).toEqual([50, undefined, undefined]);
  });

  test.each([
    ["AGENT", usage, "agent"],
    ["CHAIN", usage, "run"],
    ["CHAIN", undefined, "other"],
    ["UNKNOWN", undefined, "other"],
    ["TOOL", undefined, "tool"],
    ["RETRIEVER", undefined, "tool"],
    ["EMBEDDING", usage, "call"],
  ])("a span of type %s with usage %j is: %s", (type, told, node) => {
    const more = told === undefined ? {} : { "mlflow.chat.tokenUsage": told };
    expect(read({ "mlflow.spanType": type, ...more }).node).toBe(node);
  });

  test("Gemini's count of tokens is no call", () => {
    expect(read({ "mlflow.spanType": "LLM" }, { name: "Models.count_tokens" }).node).toBe("other");
  });

  test("a stream without usage is a call whose usage is unknown", () => {
    const { node, usageQuality, usage: none } = read({ "mlflow.spanType": "CHAT_MODEL" });
    expect([node, usageQuality, none?.input, none?.output]).toEqual([
      "call",
      "missing",
      undefined,
      undefined,
    ]);
  });

  test("can be told to write the conventions", () => {
    const own = {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "gpt-5-mini",
      "gen_ai.provider.name": "openai",
      "gen_ai.usage.input_tokens": 1523,
      "gen_ai.usage.output_tokens": 311,
    };
    expect(read({}, { own })).toMatchObject({
      node: "call",
      provider: "openai",
      requestModel: "gpt-5-mini",
    });
    expect(read({}, { own }).usage).toMatchObject({ input: 1523, output: 311 });
  });

  test.each(['"CHAT_MODEL', "{", "[]", "null", "1"])("type and usage may be %s", (broken) => {
    const own = { "mlflow.spanType": broken, "mlflow.chat.tokenUsage": broken };
    expect(read({}, { own }).usage?.input).toBeUndefined();
  });
});
