import { describe, expect, test } from "vitest";
import { type AttributeValue, SpanKind } from "./span-view.ts";
import { readAttributes } from "./testing/read-attributes.ts";

type Attributes = Record<string, AttributeValue>;

function read(
  own: Attributes,
  scope = "io.quarkus.opentelemetry",
  kind: number = SpanKind.internal,
) {
  return readAttributes(scope, own, { name: "completion", kind });
}

function called(model: string, more: Attributes = {}): Attributes {
  return {
    "gen_ai.request.model": model,
    "gen_ai.usage.prompt_tokens": 96,
    "gen_ai.usage.completion_tokens": 257,
    ...more,
  };
}

describe("LangChain4j in Quarkus", () => {
  test("a call names neither operation nor provider", () => {
    expect(read(called("gpt-5-mini"))).toMatchObject({
      dialect: "quarkus-langchain4j",
      node: "call",
      operation: "chat",
      provider: undefined,
      usage: { input: 96, output: 257, cacheRead: undefined },
      usageQuality: "measured",
    });
  });

  test.each([
    ["claude-sonnet-4-5", "input_excludes_cache"],
    ["us.anthropic.claude-sonnet-4-5-20250929-v1:0", "input_excludes_cache"],
    ["gemini-2.5-flash", "output_excludes_reasoning"],
  ])("what %s counts is a lower bound", (model, issue) => {
    const { usageQuality, usageIssue } = read(called(model));
    expect([usageQuality, usageIssue]).toEqual(["partial", issue]);
  });

  test.each([
    ["open_ai", "openai"],
    ["azure_open_ai", "azure.ai.openai"],
    ["amazon_bedrock", "aws.bedrock"],
    ["google_ai_gemini", "gcp.gemini"],
    ["google_vertex_ai_gemini", "gcp.vertex_ai"],
    ["google_vertex_ai_anthropic", "gcp.vertex_ai"],
  ])("calls provider %s what the conventions call %s", (sent, provider) => {
    const named = { "gen_ai.operation.name": "chat", "gen_ai.provider.name": sent };
    expect(read(called("some-model", named))).toMatchObject({ node: "call", provider });
  });

  test("Bedrock's models leave caches out, whatever they are called", () => {
    const named = { "gen_ai.operation.name": "chat", "gen_ai.provider.name": "amazon_bedrock" };
    expect(read(called("arn:aws:bedrock:profile", named)).usageIssue).toBe("input_excludes_cache");
  });

  test("a tool is one, and a span of Quarkus that is about no model is none of this", () => {
    const tool = { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "get_weather" };
    expect(read(tool)).toMatchObject({ node: "tool", tool: "get_weather" });
    const http = { "http.request.method": "POST", "url.path": "/v1/chat/completions" };
    expect(read(http, undefined, SpanKind.client)).toMatchObject({
      dialect: undefined,
      node: "http",
    });
  });
});

describe("a span of an unknown scope that names a model, and neither operation nor provider", () => {
  test.each([
    ["a client", SpanKind.client, "call"],
    ["a server", SpanKind.server, "call"],
    ["an internal one", SpanKind.internal, "other"],
  ])("is as %s: %s", (_, kind, node) => {
    expect(read(called("gpt-5-mini"), "by-hand", kind)).toMatchObject({ dialect: "gen-ai", node });
  });

  test("is no call without counts", () => {
    const asked = { "gen_ai.request.model": "gpt-5-mini" };
    expect(read(asked, "by-hand", SpanKind.client).node).toBe("other");
  });

  test("keeps what other marks say of it", () => {
    const marked = called("gpt-5-mini", { "openinference.span.kind": "CHAIN" });
    expect(read(marked, "by-hand", SpanKind.client)).toMatchObject({
      dialect: "openinference",
      node: "other",
    });
  });
});
