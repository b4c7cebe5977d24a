import { describe, expect, test } from "vitest";
import type { SpanReading } from "./reading.ts";
import type { AttributeValue } from "./span-view.ts";
import { readAttributes } from "./testing/read-attributes.ts";

/** Frameworks of voices make spans of kind `internal`, in scopes without a version. */
function read(scope: string, attributes: Record<string, AttributeValue>): SpanReading {
  return readAttributes(scope, attributes, { name: "llm" });
}

describe("Pipecat", () => {
  const chat = {
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "m",
    "gen_ai.usage.input_tokens": 96,
    "gen_ai.usage.output_tokens": 257,
  };
  const cached = {
    "gen_ai.usage.cache_read.input_tokens": 2000,
    "gen_ai.usage.cache_creation.input_tokens": 1024,
  };
  const since113 = { "param.use_provider_thinking_default": false };

  test.each([
    ["anthropic", {}, 3120, "partial", "input_may_be_overstated"],
    ["anthropic", since113, 3120, "measured", undefined],
    ["aws.bedrock", {}, 3120, "measured", undefined],
    ["openai", {}, 96, "measured", "cached_exceeds_input"],
  ])("%s %j: an input of 96 beside 3024 cached is %s", (provider, mark, input, quality, issue) => {
    const reading = read("pipecat", {
      ...chat,
      ...cached,
      ...mark,
      "gen_ai.provider.name": provider,
    });
    expect(reading.usage).toMatchObject({ input, cacheRead: 2000, cacheWrite: 1024 });
    expect([reading.usageQuality, reading.usageIssue]).toEqual([quality, issue]);
  });

  test("versions that tell of no caches of Bedrock's send a lower bound", () => {
    const { usageQuality, usageIssue } = read("pipecat", {
      ...chat,
      "gen_ai.provider.name": "aws.bedrock",
    });
    expect([usageQuality, usageIssue]).toEqual(["partial", "input_excludes_cache"]);
  });

  test.each([
    [{}, 357],
    [since113, 257],
  ])("of Google's output %j thinking is part since 1.13", (mark, output) => {
    const { usage } = read("pipecat", {
      ...chat,
      ...mark,
      "gen_ai.provider.name": "gcp.gemini",
      "gen_ai.usage.reasoning.output_tokens": 100,
    });
    expect([usage?.output, usage?.reasoning]).toEqual([output, 100]);
  });

  test.each([
    ["openai", {}, 257],
    ["gcp.gemini", { "gen_ai.usage.reasoning_tokens": 100 }, 357],
    ["gcp.gemini", { "gen_ai.usage.reasoning.output_tokens": 100 }, 257],
  ])("a spoken answer of %s with %j is a call", (provider, thinking, output) => {
    const { node, operation, usage } = read("pipecat", {
      ...chat,
      ...thinking,
      "gen_ai.operation.name": "llm_response",
      "gen_ai.provider.name": provider,
    });
    expect([node, operation, usage?.input, usage?.output]).toEqual(["call", "chat", 96, output]);
  });

  test.each(["llm_setup", "llm_request", "llm_response"])(
    "%s without usage is none",
    (operation) => {
      const begun = { "gen_ai.operation.name": operation, "gen_ai.request.model": "m" };
      expect(read("pipecat", begun).node).toBe("other");
    },
  );

  test("an older name of Azure's is Azure's", () => {
    expect(read("pipecat", { ...chat, "gen_ai.system": "az.ai.openai" }).provider).toBe(
      "azure.ai.openai",
    );
  });
});

describe("LiveKit Agents", () => {
  function reading(plugin: string, total: number) {
    return read("livekit-agents", {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "models.example.com",
      "gen_ai.usage.input_tokens": 1523,
      "gen_ai.usage.output_tokens": 183,
      "lk.llm_metrics": JSON.stringify({ label: `livekit.${plugin}.llm.LLM`, total_tokens: total }),
    });
  }

  test.each([
    ["plugins.google", 1834, 311, 128, "measured", "reasoning_from_total"],
    ["plugins.google", 1706, 183, 0, "measured", undefined],
    ["plugins.google", 0, 183, undefined, "partial", "output_excludes_reasoning"],
    ["plugins.anthropic", 1706, 183, undefined, "partial", "output_may_be_overstated"],
    ["plugins.aws", 1706, 183, undefined, "measured", undefined],
    ["plugins.openai", 1706, 183, 0, "measured", undefined],
    ["agents.inference", 1706, 183, 0, "measured", undefined],
    ["plugins.mistralai", 1706, 183, undefined, "measured", undefined],
  ])(
    "%s with a total of %i: an output of %i",
    (plugin, total, output, reasoning, quality, issue) => {
      const { usage, usageQuality, usageIssue } = reading(plugin, total);
      expect([usage?.output, usage?.reasoning]).toEqual([output, reasoning]);
      expect([usageQuality, usageIssue]).toEqual([quality, issue]);
    },
  );
});
