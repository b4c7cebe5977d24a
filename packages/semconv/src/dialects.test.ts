import { describe, expect, test } from "vitest";
import { dialectOfScope, dialects } from "./dialects.ts";
import { readSpan } from "./read-span.ts";
import { type AttributeValue, SpanKind } from "./span-view.ts";

/** Input, cache reads and writes, output, reasoning, as read from a client span of that scope. */
function read(
  scope: string,
  version: string,
  attributes: Record<string, AttributeValue>,
  name = "chat",
) {
  const { usage, usageQuality, usageIssue } = readSpan({
    name,
    kind: SpanKind.client,
    failed: false,
    scopeName: scope,
    scopeVersion: version,
    attributes: new Map(Object.entries(attributes)),
    resource: new Map(),
    eventNames: [],
  });
  return [usage?.input, usage?.output, usageQuality, usageIssue];
}

test("each dialect has a name of its own", () => {
  const ids = dialects.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThan(30);
});

describe("versions of one scope that mean different things", () => {
  test.each([
    ["@traceloop/instrumentation-anthropic", "0.27.0", "openllmetry-js-anthropic"],
    ["@traceloop/instrumentation-anthropic", "0.28.0", "openllmetry-js-anthropic-inclusive"],
    ["openinference.instrumentation.anthropic", "0.1.13", "openinference-before-caches"],
    ["openinference.instrumentation.anthropic", "0.1.14", "openinference"],
    ["openinference.instrumentation.bedrock", "0.1.17", "openinference-before-caches"],
    ["openinference.instrumentation.bedrock", "0.1.40", "openinference-bedrock-before-converse"],
    ["openinference.instrumentation.bedrock", "0.1.42", "openinference"],
    [
      "opentelemetry.instrumentation.botocore.bedrock-runtime",
      "0.65b0",
      "otel-botocore-before-0.66",
    ],
    ["opentelemetry.instrumentation.botocore.bedrock-runtime", "0.66b0", "otel-botocore"],
    ["opentelemetry.instrumentation.google_genai", "0.7b2", "otel-google-genai-before-1.0"],
    ["opentelemetry.instrumentation.google_genai", "1.3b0", "otel-genai-python"],
    ["opentelemetry.util.genai.handler", "0.4b0", "gen-ai"],
    ["opentelemetry.util.genai.handler", "1.0b0", "otel-genai-handler-1.0"],
    ["opentelemetry.util.genai.handler", "1.1b0", "otel-genai-python"],
    ["logfire.anthropic", "4.30.0", "logfire-anthropic-before-4.31"],
    ["logfire.anthropic", "4.31.0", "logfire"],
  ])("%s %s: %s", (scope, version, id) => {
    expect(dialectOfScope(scope, version)?.id).toBe(id);
  });

  test.each([
    ["@traceloop/instrumentation-anthropic", "openllmetry-js-anthropic-inclusive"],
    ["openinference.instrumentation.anthropic", "openinference"],
    ["opentelemetry.instrumentation.botocore.bedrock-runtime", "otel-botocore"],
    ["opentelemetry.instrumentation.google_genai", "otel-genai-python"],
    ["logfire.anthropic", "logfire"],
  ])("%s without a version means what its newest does", (scope, id) => {
    expect(dialectOfScope(scope, "")?.id).toBe(id);
  });
});

/** What one cached call looks like under the conventions' names: 96 uncached, 2000 read, 1024 written. */
const cached = {
  "gen_ai.operation.name": "chat",
  "gen_ai.request.model": "claude",
  "gen_ai.provider.name": "anthropic",
  "gen_ai.usage.output_tokens": 257,
  "gen_ai.usage.cache_read.input_tokens": 2000,
  "gen_ai.usage.cache_creation.input_tokens": 1024,
};

describe("a cached call is the same, before and after an emitter changed its mind", () => {
  test.each([
    ["@traceloop/instrumentation-anthropic", "0.27.0", 96],
    ["@traceloop/instrumentation-anthropic", "0.28.0", 3120],
    ["opentelemetry.instrumentation.anthropic", "0.62.4", 3120],
    ["opentelemetry.instrumentation.bedrock", "0.62.4", 96],
    ["opentelemetry.instrumentation.genai.anthropic", "1.3b0", 3120],
    ["opentelemetry.instrumentation.genai.bedrock", "1.3b0", 96],
    ["com.anthropic.sdk.python", "2.12.0", 3120],
    ["strands.telemetry.tracer", "", 3120],
  ])("%s %s sends %s", (scope, version, input) => {
    const told = read(scope, version, { ...cached, "gen_ai.usage.input_tokens": input });
    expect(told).toEqual([3120, 257, "measured", undefined]);
  });

  test("Strands before 1.54, told by the names of its counts", () => {
    const old = {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "us.anthropic.claude-sonnet-4-5",
      "gen_ai.usage.input_tokens": 96,
      "gen_ai.usage.output_tokens": 257,
      "gen_ai.usage.cache_read_input_tokens": 2000,
      "gen_ai.usage.cache_write_input_tokens": 1024,
    };
    expect(read("strands.telemetry.tracer", "", old)[0]).toBe(3120);
    // 1.54 had the new meaning under the old names: the provider's total tells.
    const between = {
      ...old,
      "gen_ai.usage.input_tokens": 3120,
      "gen_ai.usage.total_tokens": 3377,
    };
    expect(read("strands.telemetry.tracer", "", between)[0]).toBe(3120);
    const ofOpenai = { ...old, "gen_ai.request.model": "gpt-5", "gen_ai.usage.input_tokens": 3120 };
    expect(read("strands.telemetry.tracer", "", ofOpenai)[0]).toBe(3120);
  });
});

describe("what cannot be known is marked", () => {
  const bare = {
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "m",
    "gen_ai.usage.input_tokens": 96,
    "gen_ai.usage.output_tokens": 257,
  };

  test.each([
    ["opentelemetry.instrumentation.bedrock", "0.61.0", "input_excludes_cache"],
    ["opentelemetry.instrumentation.botocore.bedrock-runtime", "0.65b0", "input_excludes_cache"],
    ["logfire.anthropic", "4.30.0", "input_excludes_cache"],
    ["opentelemetry.instrumentation.google_genai", "0.7b0", "output_excludes_reasoning"],
  ])("%s %s: %s", (scope, version, issue) => {
    expect(read(scope, version, bare)).toEqual([96, 257, "partial", issue]);
  });

  test("what LiteLLM wrote to somebody else's span", () => {
    const attributes = { ...bare, hidden_params: "{}" };
    expect(read("my-service", "", attributes)).toEqual([
      96,
      257,
      "measured",
      "may_be_last_of_several",
    ]);
  });

  test("the AI SDK with a tracer that somebody gave it", () => {
    const attributes = {
      "ai.operationId": "ai.generateText.doGenerate",
      "gen_ai.system": "anthropic.messages",
      "gen_ai.usage.input_tokens": 96,
      "gen_ai.usage.output_tokens": 257,
      "ai.usage.cachedInputTokens": 2000,
    };
    // Its version 5 leaves caches out of Anthropic's input.
    expect(read("my-service", "", attributes)).toEqual([2096, 257, "measured", undefined]);
  });

  test("compactions are billed, and how much of them was cached is not told", () => {
    const attributes = {
      ...bare,
      "anthropic.usage.compaction.input_tokens": 1000,
      "anthropic.usage.compaction.output_tokens": 50,
    };
    expect(read("com.anthropic.sdk.python", "2.12.0", attributes)).toEqual([
      1096,
      307,
      "measured",
      "cache_split_incomplete",
    ]);
  });
});

test("OpenInference's old answers tell of caches where they are kept", () => {
  const attributes = {
    "openinference.span.kind": "LLM",
    "llm.token_count.prompt": 96,
    "llm.token_count.completion": 257,
  };
  const usage = { cache_read_input_tokens: 2000, cache_creation_input_tokens: 1024 };
  const scope = "openinference.instrumentation.anthropic";
  expect(
    read(scope, "0.1.13", { ...attributes, "output.value": JSON.stringify({ usage }) }),
  ).toEqual([3120, 257, "measured", undefined]);
  expect(read(scope, "0.1.13", attributes)).toEqual([96, 257, "partial", "input_excludes_cache"]);
  const bedrock = "openinference.instrumentation.bedrock";
  expect(read(bedrock, "0.1.40", attributes, "bedrock.converse")[3]).toBe("input_excludes_cache");
  expect(read(bedrock, "0.1.40", attributes, "bedrock.invoke_model")[3]).toBeUndefined();
});

describe("Genkit's plugins count as their providers do", () => {
  const usage = { inputTokens: 96, outputTokens: 257, totalTokens: 353 };

  test.each<[string, object, number, number]>([
    ["openai/gpt-5-mini", { usage }, 96, 257],
    [
      "googleai/gemini-2.5-flash",
      { usage: { ...usage, thoughtsTokens: 100, totalTokens: 453 } },
      96,
      357,
    ],
    [
      "anthropic/claude-sonnet-4-5",
      { usage, raw: { usage: { cache_read_input_tokens: 2000, cache_creation_input_tokens: 4 } } },
      2100,
      257,
    ],
  ])("%s", (name, output, input, all) => {
    const attributes = {
      "genkit:metadata:subtype": "model",
      "genkit:name": name,
      "genkit:output": JSON.stringify(output),
    };
    expect(read("genkit-tracer", "v1", attributes).slice(0, 3)).toEqual([input, all, "measured"]);
  });
});

describe("Logfire", () => {
  const attributes = { "gen_ai.operation.name": "chat", "gen_ai.request.model": "m" };
  const node = (more: Record<string, AttributeValue>, failed = false) =>
    readSpan({
      name: "Chat Completion with {request_data[model]!r}",
      kind: SpanKind.client,
      failed,
      scopeName: "logfire.openai",
      scopeVersion: "5.2.0",
      attributes: new Map<string, AttributeValue>(Object.entries({ ...attributes, ...more })),
      resource: new Map(),
      eventNames: [],
    }).node;

  test.each<[string, Record<string, AttributeValue>, boolean, string]>([
    ["an answered request", { "gen_ai.response.id": "r" }, false, "call"],
    ["the request of a stream", {}, false, "other"],
    ["a failed request", {}, true, "call"],
  ])("%s", (_, more, failed, expected) => {
    expect(node({ "logfire.span_type": "span", ...more }, failed)).toBe(expected);
  });

  test("the log after a stream is the call, and what is pending is none", () => {
    expect(node({ "logfire.span_type": "log", "gen_ai.usage.input_tokens": 1 })).toBe("call");
    expect(node({ "logfire.span_type": "pending_span" })).toBe("other");
  });
});
