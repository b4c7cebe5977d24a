import { describe, expect, test } from "vitest";
import { keepAttribute } from "./keep-attribute.ts";
import { readSpan } from "./read-span.ts";
import type { SpanReading } from "./reading.ts";
import { type AttributeValue, SpanKind } from "./span-view.ts";
import type { Usage } from "./usage.ts";

function read(
  attributes: Record<string, AttributeValue>,
  place: { readonly name?: string; readonly kind?: number; readonly scope?: string } = {},
): SpanReading {
  // A decoder keeps only what is looked at: what it would drop is not read.
  const kept = Object.entries(attributes).filter(([key]) => keepAttribute(key));
  return readSpan({
    name: place.name ?? "chat m",
    kind: place.kind ?? SpanKind.client,
    failed: false,
    scopeName: place.scope ?? "my-service",
    scopeVersion: "",
    attributes: new Map(kept),
    resource: new Map(),
    eventNames: [],
  });
}

const chat = { "gen_ai.operation.name": "chat", "gen_ai.request.model": "m" };

describe("every name that a count has had", () => {
  test.each<[keyof Usage, string]>([
    ["input", "gen_ai.usage.input_tokens"],
    ["input", "gen_ai.usage.prompt_tokens"],
    ["output", "gen_ai.usage.output_tokens"],
    ["output", "gen_ai.usage.completion_tokens"],
    ["cacheRead", "gen_ai.usage.cache_read.input_tokens"],
    ["cacheRead", "gen_ai.usage.cache_read_input_tokens"],
    ["cacheRead", "gen_ai.usage.details.cache_read_tokens"],
    ["cacheRead", "gen_ai.usage.details.cache_read_input_tokens"],
    ["cacheWrite", "gen_ai.usage.cache_write.input_tokens"],
    ["cacheWrite", "gen_ai.usage.cache_creation.input_tokens"],
    ["cacheWrite", "gen_ai.usage.cache_creation_input_tokens"],
    ["cacheWrite", "gen_ai.usage.cache_write_input_tokens"],
    ["cacheWrite", "gen_ai.usage.details.cache_write_tokens"],
    ["cacheWrite", "gen_ai.usage.details.cache_creation_input_tokens"],
    ["cacheWrite1h", "anthropic.usage.cache_creation.ephemeral_1h_input_tokens"],
    ["cacheWrite1h", "gen_ai.usage.cache_creation.1h_input_tokens"],
    ["reasoning", "gen_ai.usage.reasoning.output_tokens"],
    ["reasoning", "gen_ai.usage.reasoning_tokens"],
    ["reasoning", "gen_ai.usage.details.reasoning_tokens"],
    ["reasoning", "gen_ai.usage.details.thinking_tokens"],
    ["inputAudio", "gen_ai.usage.audio.input_tokens"],
    ["inputAudio", "gen_ai.usage.details.input_audio_tokens"],
    ["inputImage", "gen_ai.usage.image.input_tokens"],
    ["cacheReadAudio", "gen_ai.usage.audio.cache_read.input_tokens"],
    ["outputAudio", "gen_ai.usage.audio.output_tokens"],
    ["outputAudio", "gen_ai.usage.details.output_audio_tokens"],
    ["outputImage", "gen_ai.usage.image.output_tokens"],
  ])("%s: %s", (count, key) => {
    expect(read({ ...chat, [key]: 7 }).usage?.[count]).toBe(7);
  });

  test("an agent's sum under names of its own is nobody's usage", () => {
    const reading = read({
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.aggregated_usage.input_tokens": 10,
    });
    expect([reading.node, reading.usage]).toEqual(["agent", undefined]);
  });
});

describe("every name that a fact has had", () => {
  test.each<[keyof SpanReading, string, AttributeValue, unknown]>([
    ["provider", "gen_ai.provider.name", "openai", "openai"],
    ["provider", "gen_ai.system", "openai", "openai"],
    ["provider", "gen_ai.model.provider", "openai", "openai"],
    ["requestModel", "gen_ai.request.model", "m", "m"],
    ["responseModel", "gen_ai.response.model", "m-1", "m-1"],
    ["responseId", "gen_ai.response.id", "r", "r"],
    ["serviceTier", "openai.response.service_tier", "flex", "flex"],
    ["serviceTier", "gen_ai.openai.response.service_tier", "flex", "flex"],
    ["serviceTier", "anthropic.response.service_tier", "batch", "batch"],
    ["agent", "gen_ai.agent.name", "a", "a"],
    ["errorType", "error.type", "RateLimitError", "RateLimitError"],
    ["errorType", "gen_ai.response.status", "failed", "response_failed"],
    ["errorType", "gen_ai.response.status", "completed", undefined],
    ["reportedCostUsd", "gen_ai.usage.cost", 0.5, 0.5],
    ["reportedCostUsd", "gen_ai.usage.cost.amount", 0.5, 0.5],
    ["reportedCostUsd", "gen_ai.usage.total_cost", 0.5, 0.5],
  ])("%s: %s of %s", (fact, key, value, expected) => {
    expect(read({ ...chat, [key]: value })[fact]).toBe(expected);
  });

  test("the new name comes before the old one", () => {
    const both = { "gen_ai.provider.name": "anthropic", "gen_ai.system": "openai" };
    expect(read({ ...chat, ...both }).provider).toBe("anthropic");
  });
});

describe("tools, and what is priced like one", () => {
  test.each<[Record<string, AttributeValue>, string, string]>([
    [{ "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search" }, "", "search"],
    [{ "gen_ai.operation.name": "execute_tool" }, "execute_tool search", "search"],
    [{ "gen_ai.operation.name": "retrieval", "gen_ai.data_source.id": "kb-1" }, "", "kb-1"],
    [{ "gen_ai.operation.name": "retrieval" }, "retrieval kb-1", "kb-1"],
    [{ "gen_ai.operation.name": "retrieval" }, "anything", "retrieval"],
    [{ "gen_ai.operation.name": "rerank" }, "rerank rerank-v3.5", "rerank-v3.5"],
    [{ "mcp.method.name": "tools/call" }, "tools/call get_weather", "get_weather"],
    [{ "mcp.method.name": "tools/call", "gen_ai.tool.name": "search" }, "", "search"],
    [{ "openinference.span.kind": "TOOL", "tool.name": "search" }, "", "search"],
    [{ "openinference.span.kind": "RETRIEVER" }, "VectorStore", "VectorStore"],
    [{ "openinference.span.kind": "RERANKER" }, "Cohere", "Cohere"],
  ])("%j named %j: %s", (attributes, name, tool) => {
    const openinference = "openinference.span.kind" in attributes;
    const scope = openinference ? "openinference.instrumentation.langchain" : "my-service";
    const reading = read(attributes, { name, scope, kind: SpanKind.internal });
    expect([reading.node, reading.tool]).toEqual(["tool", tool]);
  });

  test.each([
    ["tools/list", "other"],
    ["resources/read", "other"],
    ["initialize", "other"],
  ])("MCP's %s: %s", (method, node) => {
    expect(read({ "mcp.method.name": method }, { kind: SpanKind.internal }).node).toBe(node);
  });

  test("a reranker that tells of tokens is a call", () => {
    const attributes = {
      "openinference.span.kind": "RERANKER",
      "reranker.model_name": "rerank-2",
      "llm.token_count.prompt": 900,
    };
    const reading = read(attributes, { scope: "openinference.instrumentation.x" });
    expect([reading.node, reading.operation, reading.requestModel, reading.usage?.input]).toEqual([
      "call",
      "rerank",
      "rerank-2",
      900,
    ]);
  });
});

describe("searches of the web, and sound, in JSON that an emitter sends", () => {
  const usage = { input_tokens: 10, server_tool_use: { web_search_requests: 3 } };

  test.each<[string, Record<string, AttributeValue>]>([
    [
      "openinference.instrumentation.anthropic",
      { "openinference.span.kind": "LLM", "output.value": JSON.stringify({ usage }) },
    ],
    [
      "ai",
      {
        "ai.operationId": "ai.generateText.doGenerate",
        "ai.response.providerMetadata": JSON.stringify({ anthropic: { usage } }),
      },
    ],
    [
      "gen_ai",
      { ...chat, "ai.response.providerMetadata": JSON.stringify({ anthropic: { usage } }) },
    ],
    ["logfire.anthropic", { ...chat, "gen_ai.usage.raw": JSON.stringify(usage) }],
    ["litellm", { ...chat, "metadata.usage_object": "{'web_search_requests': 3, 'x': None}" }],
  ])("%s", (scope, attributes) => {
    expect(read(attributes, { scope }).usage?.webSearches).toBe(3);
  });

  test("Langfuse takes sound out of input and output", () => {
    const details = {
      input: 388,
      output: 80,
      total: 1940,
      input_cached_tokens: 512,
      input_audio_tokens: 700,
      output_audio_tokens: 260,
      output_reasoning_tokens: 0,
    };
    const reading = read(
      {
        "langfuse.observation.type": "generation",
        "langfuse.observation.usage_details": JSON.stringify(details),
      },
      { scope: "langfuse-sdk" },
    );
    expect(reading.usage).toMatchObject({
      input: 1600,
      cacheRead: 512,
      inputAudio: 700,
      output: 340,
      outputAudio: 260,
    });
    expect(reading.usageIssue).toBeUndefined();
  });

  test("Google ADK's usage by modality", () => {
    const usageMetadata = {
      promptTokenCount: 1600,
      candidatesTokenCount: 300,
      thoughtsTokenCount: 40,
      totalTokenCount: 1940,
      promptTokensDetails: [
        { modality: "TEXT", tokenCount: 600 },
        { modality: "AUDIO", tokenCount: 700 },
        { modality: "IMAGE", tokenCount: 300 },
      ],
      candidatesTokensDetails: [{ modality: "AUDIO", tokenCount: 260 }],
    };
    const reading = read(
      {
        "gen_ai.usage.input_tokens": 1600,
        "gen_ai.usage.output_tokens": 300,
        "gcp.vertex.agent.llm_response": JSON.stringify({ usageMetadata }),
      },
      { scope: "gcp.vertex.agent", name: "call_llm" },
    );
    expect(reading.usage).toMatchObject({
      input: 1600,
      inputAudio: 700,
      inputImage: 300,
      output: 340,
      outputAudio: 260,
      reasoning: 40,
    });
    expect(reading.usageIssue).toBeUndefined();
  });
});

test("LiteLLM's usage, as Python writes it", () => {
  const usage =
    "{'completion_tokens': 257, 'prompt_tokens': 3120, 'total_tokens': 3377, 'completion_tokens_details': " +
    "{'reasoning_tokens': 5, 'audio_tokens': 20}, 'prompt_tokens_details': {'audio_tokens': 30, " +
    "'cache_write_tokens': 1024, 'cached_tokens': 2000, 'image_tokens': None, 'cache_creation_token_details': " +
    "{'ephemeral_5m_input_tokens': 24, 'ephemeral_1h_input_tokens': 1000}}}";
  const reading = read({ ...chat, "metadata.usage_object": usage }, { scope: "litellm" });
  expect(reading.usage).toEqual({
    input: 3120,
    cacheRead: 2000,
    cacheWrite: 1024,
    cacheWrite1h: 1000,
    output: 257,
    reasoning: 5,
    inputAudio: 30,
    inputImage: undefined,
    cacheReadAudio: undefined,
    outputAudio: 20,
    outputImage: undefined,
    webSearches: undefined,
  });
});
