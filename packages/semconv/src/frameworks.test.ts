import { describe, expect, test } from "vitest";
import { keepAttribute } from "./keep-attribute.ts";
import { readSpan } from "./read-span.ts";
import type { SpanReading } from "./reading.ts";
import { type AttributeValue, SpanKind } from "./span-view.ts";

/** Frameworks make spans of kind `internal` unless they say otherwise. */
function read(
  scope: string,
  attributes: Record<string, AttributeValue>,
  { version = "", kind = SpanKind.internal }: { version?: string; kind?: number } = {},
): SpanReading {
  const kept = Object.entries(attributes).filter(([key]) => keepAttribute(key));
  return readSpan({
    name: "chat m",
    kind,
    failed: false,
    scopeName: scope,
    scopeVersion: version,
    attributes: new Map(kept),
    resource: new Map(),
    eventNames: [],
  });
}

const boot = "org.springframework.boot";

describe("Spring AI", () => {
  const openai = {
    "gen_ai.operation.name": "chat",
    "gen_ai.system": "openai",
    "gen_ai.request.model": "gpt-5-mini",
    "gen_ai.response.model": "gpt-5-mini-2025-08-07",
    "gen_ai.usage.input_tokens": "1523",
    "gen_ai.usage.output_tokens": "311",
    "gen_ai.usage.total_tokens": "1834",
  };

  test("sends its counts as texts", () => {
    const { node, usage, usageQuality, usageIssue } = read(boot, openai, { version: "4.1.0" });
    expect([node, usage?.input, usage?.output]).toEqual(["call", 1523, 311]);
    expect([usageQuality, usageIssue]).toEqual(["measured", undefined]);
  });

  test.each(["", " 12", "-5", "1e3", "0x10", "1.5", "null", "99999999999999"])(
    "%j is no count",
    (text) => {
      const { usage, usageIssue } = read(boot, { ...openai, "gen_ai.usage.input_tokens": text });
      expect([usage?.input, usageIssue]).toEqual([undefined, "invalid_token_count"]);
    },
  );

  test("version 2 leaves Anthropic's caches out of input, and tells of them", () => {
    const { usage, usageQuality } = read(
      boot,
      {
        ...openai,
        "gen_ai.system": "anthropic",
        "gen_ai.usage.input_tokens": "96",
        "gen_ai.usage.output_tokens": "257",
        "gen_ai.usage.total_tokens": "353",
        "gen_ai.usage.cache_read.input_tokens": "2000",
        "gen_ai.usage.cache_creation.input_tokens": "1024",
      },
      { version: "4.1.0" },
    );
    expect([usage?.input, usage?.cacheRead, usage?.cacheWrite]).toEqual([3120, 2000, 1024]);
    expect(usageQuality).toBe("measured");
  });

  test("version 1 does not tell of them: input is a lower bound", () => {
    const anthropic = { ...openai, "gen_ai.system": "anthropic" };
    const { usageQuality, usageIssue } = read(boot, anthropic, { version: "3.5.6" });
    expect([usageQuality, usageIssue]).toEqual(["partial", "input_excludes_cache"]);
  });

  test("version 1 adds up the calls of a loop of tools", () => {
    const withTools = { ...openai, "spring.ai.model.request.tool.names": '["weather"]' };
    const old = read(boot, withTools, { version: "3.5.6" });
    expect([old.usageQuality, old.usageIssue]).toEqual(["partial", "may_include_earlier_calls"]);
    const anthropic = { ...withTools, "gen_ai.system": "anthropic" };
    expect(read(boot, anthropic, { version: "3.5.6" }).usageIssue).toBe(
      "input_excludes_cache,may_include_earlier_calls",
    );
    const now = read(boot, withTools, { version: "4.1.0" });
    expect([now.usageQuality, now.usageIssue]).toEqual(["measured", undefined]);
  });

  test("version 1 says of a tool's span that it is the framework's", () => {
    const tool = {
      "gen_ai.operation.name": "framework",
      "spring.ai.kind": "tool_call",
      "spring.ai.tool.definition.name": "get_weather",
    };
    const { node, operation, tool: named } = read(boot, tool, { version: "3.5.6" });
    expect([node, operation, named]).toEqual(["tool", "execute_tool", "get_weather"]);
  });

  test.each([
    [{ "http.url": "http://localhost/v1/chat/completions" }, "http", true, 429],
    [{ "http.url": "http://localhost/orders" }, "http", false, 429],
    [{ uri: "none" }, "other", false, undefined],
  ])("a request of Spring's clients with %j is: %s", (url, node, modelRequest, httpStatus) => {
    const reading = read(
      boot,
      { ...url, method: "POST", status: "429", outcome: "CLIENT_ERROR" },
      { version: "3.5.6", kind: SpanKind.client },
    );
    expect(reading).toMatchObject({ node, modelRequest, httpStatus });
  });

  test("names embeddings in its own way", () => {
    const { node, operation, usage } = read(boot, {
      "gen_ai.operation.name": "embedding",
      "gen_ai.system": "openai",
      "gen_ai.request.model": "text-embedding-3-small",
      "gen_ai.usage.input_tokens": "42",
    });
    expect([node, operation]).toEqual(["call", "embeddings"]);
    expect([usage?.input, usage?.output]).toEqual([42, 0]);
  });

  test("its other spans, and Spring's, are nobody's calls", () => {
    expect(read(boot, { "gen_ai.operation.name": "framework" }).node).toBe("other");
    expect(read(boot, { "http.request.method": "GET" }).dialect).toBeUndefined();
  });
});

describe("Semantic Kernel", () => {
  const scope = "semantic_kernel.utils.telemetry.model_diagnostics.decorators";
  const call = { "gen_ai.system": "openai", "gen_ai.request.model": "gpt-5-mini" };

  test.each([
    ["chat.completions", "chat"],
    ["chat.streaming_completions", "chat"],
    ["text.completions", "text_completion"],
    ["text.streaming_completions", "text_completion"],
  ])("%s is a call, with usage and without", (operation, name) => {
    const named = { ...call, "gen_ai.operation.name": operation };
    const counts = { "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 3 };
    const told = read(scope, { ...named, ...counts });
    expect([told.node, told.operation, told.usage?.input]).toEqual(["call", name, 10]);
    const stream = read(scope, named);
    expect([stream.node, stream.usageQuality]).toEqual(["call", "missing"]);
  });
});

describe("Cloudflare's AI gateway", () => {
  test.each([SpanKind.client, SpanKind.server])(
    "names the provider by an attribute of its own, and no operation (kind %s)",
    (kind) => {
      const { node, provider, usage } = read(
        "",
        {
          "gen_ai.request.model": "gpt-5-mini",
          "gen_ai.model.provider": "openai",
          "gen_ai.usage.input_tokens": 1523,
          "gen_ai.usage.output_tokens": 311,
        },
        { kind },
      );
      expect([node, provider, usage?.input]).toEqual(["call", "openai", 1523]);
    },
  );
});

describe("LangChain's cache writes of Anthropic, told by how long they are kept", () => {
  // As its `_create_usage_metadata` has it: 96 uncached, 2000 read, 24 written for 5 minutes and 1000 for an hour.
  const details = {
    cache_read: 2000,
    cache_creation: 0,
    ephemeral_5m_input_tokens: 24,
    ephemeral_1h_input_tokens: 1000,
  };
  const counts = { input_tokens: 3120, output_tokens: 257, total_tokens: 3377 };
  const metadata = { ...counts, input_token_details: details };
  const known = { input: 3120, cacheRead: 2000, cacheWrite: 1024, cacheWrite1h: 1000, output: 257 };

  test("through LangSmith", () => {
    const { usage } = read("langsmith", {
      "langsmith.span.kind": "llm",
      "gen_ai.usage.input_tokens": 3120,
      "gen_ai.usage.output_tokens": 257,
      "langsmith.metadata.usage_metadata": JSON.stringify(metadata),
    });
    expect(usage).toMatchObject(known);
  });

  test("through Langfuse, which takes each out of input", () => {
    const { usage, usageIssue } = read("langfuse-sdk", {
      "langfuse.observation.type": "generation",
      "langfuse.observation.usage_details": JSON.stringify({
        input: 96,
        output: 257,
        total: 3377,
        ...Object.fromEntries(Object.entries(details).map(([key, n]) => [`input_${key}`, n])),
      }),
    });
    expect(usage).toMatchObject(known);
    expect(usageIssue).toBeUndefined();
  });

  test("through OpenInference, which keeps them in the answer alone", () => {
    const message = { kwargs: { usage_metadata: metadata } };
    const { usage } = read("openinference.instrumentation.langchain", {
      "openinference.span.kind": "LLM",
      "llm.provider": "anthropic",
      "llm.token_count.prompt": 3120,
      "llm.token_count.completion": 257,
      "llm.token_count.total": 3377,
      "llm.token_count.prompt_details.cache_read": 2000,
      "output.value": JSON.stringify({ generations: [[{ message }]] }),
    });
    expect(usage).toMatchObject(known);
  });

  test("an answer that tells them both ways is counted once", () => {
    const { usage } = read("langsmith", {
      "langsmith.span.kind": "llm",
      "gen_ai.usage.input_tokens": 3120,
      "gen_ai.usage.output_tokens": 257,
      "gen_ai.usage.input_token_details": JSON.stringify({ ...details, cache_creation: 1024 }),
    });
    expect(usage).toMatchObject(known);
  });
});

describe("what Langfuse's handler for LangChain takes out of input and output", () => {
  function usageOf(details: Record<string, number>) {
    const { usage, usageIssue } = read("langfuse-sdk", {
      "langfuse.observation.type": "generation",
      "langfuse.observation.usage_details": JSON.stringify(details),
    });
    return { ...usage, issue: usageIssue };
  }

  test("all of a priority call's tokens", () => {
    const usage = usageOf({
      input: 0,
      output: 0,
      total: 1834,
      input_priority: 499,
      input_priority_cache_read: 1024,
      output_priority: 183,
      output_priority_reasoning: 128,
    });
    expect(usage).toMatchObject({ input: 1523, cacheRead: 1024, output: 311, reasoning: 128 });
    expect(usage.issue).toBeUndefined();
  });

  test("Vertex AI's tokens by modality", () => {
    const usage = usageOf({
      input: 0,
      output: 0,
      total: 1834,
      input_modality_TEXT: 499,
      cached_modality_TEXT: 1024,
      output_modality_TEXT: 311,
    });
    expect(usage).toMatchObject({ input: 1523, cacheRead: 1024, output: 311 });
    expect(usage.issue).toBeUndefined();
  });

  test("sound under LangChain's names", () => {
    const usage = usageOf({
      input: 900,
      output: 80,
      total: 1940,
      input_audio: 700,
      output_audio: 260,
    });
    expect(usage).toMatchObject({ input: 1600, inputAudio: 700, output: 340, outputAudio: 260 });
    expect(usage.issue).toBeUndefined();
  });
});

describe("Microsoft's Agent Framework for Python", () => {
  const counts = {
    "gen_ai.operation.name": "chat",
    "gen_ai.usage.input_tokens": 96,
    "gen_ai.usage.output_tokens": 183,
    "gen_ai.usage.cache_read.input_tokens": 2000,
    "gen_ai.usage.cache_creation.input_tokens": 1024,
    "gen_ai.usage.reasoning.output_tokens": 128,
  };

  test.each([
    ["anthropic", "claude-sonnet-4-5", 3120, 183],
    ["azure.ai.foundry", "claude-sonnet-4-5", 3120, 183],
    ["google.vertex.ai", "claude-sonnet-4-5", 3120, 183],
    ["aws.bedrock", "amazon.nova-pro-v1:0", 3120, 183],
    ["gcp.gemini", "gemini-2.5-flash", 96, 311],
    ["openai", "gpt-5-mini", 96, 183],
  ])("counts are those of %s, %s", (provider, model, input, output) => {
    const { usage } = read("agent_framework", {
      ...counts,
      "gen_ai.provider.name": provider,
      "gen_ai.request.model": model,
    });
    expect([usage?.input, usage?.output]).toEqual([input, output]);
  });

  test("Claude's input without any caches is a lower bound", () => {
    const { usageQuality, usageIssue } = read("agent_framework", {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "anthropic",
      "gen_ai.request.model": "claude-sonnet-4-5",
      "gen_ai.usage.input_tokens": 96,
      "gen_ai.usage.output_tokens": 183,
    });
    expect([usageQuality, usageIssue]).toEqual(["partial", "input_excludes_cache"]);
  });
});

test.each([
  ["openai", "measured", undefined],
  ["bedrock", "partial", "input_excludes_cache"],
  ["googleai", "partial", "output_excludes_reasoning"],
  ["vertexai", "partial", "output_excludes_reasoning"],
])("of Semantic Kernel's two counts, what %s means by them", (system, quality, issue) => {
  const scope = "semantic_kernel.utils.telemetry.model_diagnostics.decorators";
  const { node, operation, usageQuality, usageIssue } = read(
    scope,
    {
      "gen_ai.operation.name": "text_completions",
      "gen_ai.system": system,
      "gen_ai.usage.input_tokens": 96,
      "gen_ai.usage.output_tokens": 183,
    },
    { kind: SpanKind.internal },
  );
  expect([node, operation]).toEqual(["call", "text_completion"]);
  expect([usageQuality, usageIssue]).toEqual([quality, issue]);
});

describe("Microsoft's frameworks for .NET", () => {
  const usage = {
    "gen_ai.request.model": "gpt-5-mini",
    "gen_ai.usage.input_tokens": 1523,
    "gen_ai.usage.output_tokens": 311,
    "gen_ai.usage.cache_read.input_tokens": 1024,
    "gen_ai.usage.reasoning.output_tokens": 128,
  };

  test.each([
    ["Experimental.Microsoft.Extensions.AI", "chat", "call"],
    ["Experimental.Microsoft.Extensions.AI", "embeddings", "call"],
    ["Experimental.Microsoft.Extensions.AI", "orchestrate_tools", "other"],
    ["Experimental.Microsoft.Extensions.AI", "execute_tool", "tool"],
    ["Experimental.Microsoft.Agents.AI", "invoke_agent", "agent"],
    ["Microsoft.SemanticKernel.Diagnostics", "chat.completions", "call"],
    ["Microsoft.SemanticKernel.Diagnostics", "text.completions", "call"],
    ["Microsoft.SemanticKernel.Diagnostics", "invoke_agent", "agent"],
  ])("%s, %s with usage is: %s", (scope, operation, node) => {
    const reading = read(
      scope,
      { ...usage, "gen_ai.operation.name": operation },
      { kind: operation.startsWith("chat") ? SpanKind.client : SpanKind.internal },
    );
    expect(reading.node).toBe(node);
    expect(reading.usage).toMatchObject({ input: 1523, cacheRead: 1024, reasoning: 128 });
  });
});
