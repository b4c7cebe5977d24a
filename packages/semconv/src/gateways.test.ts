import { describe, expect, test } from "vitest";
import type { SpanReading } from "./reading.ts";
import type { AttributeValue } from "./span-view.ts";
import { readAttributes } from "./testing/read-attributes.ts";

function read(
  scope: string,
  name: string,
  attributes: Record<string, AttributeValue>,
): SpanReading {
  return readAttributes(scope, attributes, { name });
}

describe("Envoy's AI gateway", () => {
  const scope = "envoyproxy/ai-gateway";
  const asked = {
    "openinference.span.kind": "LLM",
    "llm.system": "anthropic",
    "llm.model_name": "claude-sonnet-4-5",
    "llm.token_count.prompt": 3120,
  };

  test("a message to Anthropic is read as OpenInference says: caches are in input", () => {
    const { node, usage, usageIssue } = read(scope, "Message", {
      ...asked,
      "llm.token_count.completion": 257,
      "llm.token_count.total": 3377,
      "llm.token_count.prompt_details.cache_read": 2000,
      "llm.token_count.prompt_details.cache_write": 1024,
    });
    expect([node, usage?.input, usage?.cacheRead, usage?.cacheWrite]).toEqual([
      "call",
      3120,
      2000,
      1024,
    ]);
    expect(usageIssue).toBeUndefined();
  });

  test("a count of tokens, which is free, is no call", () => {
    expect(read(scope, "CountTokens", asked).node).toBe("other");
  });
});

describe("Kong's AI gateway", () => {
  const scope = "kong-internal";
  const asked = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-5-mini",
    "gen_ai.usage.input_tokens": 1523,
    "gen_ai.usage.output_tokens": 311,
  };

  test("follows the conventions", () => {
    const { node, usage, usageQuality } = read(scope, "kong.gen_ai", asked);
    expect([node, usage?.input, usage?.output, usageQuality]).toEqual([
      "call",
      1523,
      311,
      "measured",
    ]);
  });

  test.each(["anthropic", "bedrock"])("of %s its input may leave caches out", (provider) => {
    const span = { ...asked, "gen_ai.provider.name": provider };
    const { usageQuality, usageIssue } = read(scope, "kong.gen_ai", span);
    expect([usageQuality, usageIssue]).toEqual(["partial", "input_may_exclude_cache"]);
  });

  test("its other spans are about something else", () => {
    expect(read(scope, "kong.access.plugin.ai-proxy", {}).dialect).toBeUndefined();
  });
});
