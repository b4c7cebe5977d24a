import { describe, expect, test } from "vitest";
import { type AttributeValue, SpanKind } from "./span-view.ts";
import { readAttributes } from "./testing/read-attributes.ts";

function read(scope: string, own: Record<string, AttributeValue>) {
  const { usage, usageQuality, usageIssue, node } = readAttributes(
    scope,
    { ...called, ...own },
    { kind: SpanKind.client },
  );
  return { node, ...usage, quality: usageQuality, issue: usageIssue };
}

const called = { "gen_ai.operation.name": "chat", "gen_ai.request.model": "gemini-2.5-flash" };
const counts = { "gen_ai.usage.input_tokens": 1523, "gen_ai.usage.output_tokens": 183 };
const whole = { ...counts, "gen_ai.usage.total_tokens": 1834 };

describe("counts that somebody copied as the provider sends them", () => {
  test.each(["gemini-2.5-flash", "models/gemini-3-pro", "grok-4", "xai/grok-4-fast"])(
    "of %s tell of thinking in their total alone",
    (model) => {
      expect(read("by-hand", { ...whole, "gen_ai.request.model": model })).toMatchObject({
        input: 1523,
        output: 311,
        reasoning: 128,
        quality: "measured",
        issue: "reasoning_from_total",
      });
    },
  );

  test("the answer's model counts where nobody names the one that was asked for", () => {
    const answered = {
      ...whole,
      "gen_ai.request.model": "fast",
      "gen_ai.response.model": "gemini-2.5-flash",
    };
    expect(read("by-hand", answered)).toMatchObject({ output: 311, reasoning: 128 });
  });

  test("may be texts, as Micrometer's are", () => {
    const texts = Object.entries(whole).map(([key, value]) => [key, String(value)]);
    expect(read("by-hand", Object.fromEntries(texts))).toMatchObject({ output: 311 });
  });

  test("where thinking is told, it is not told again", () => {
    expect(read("by-hand", { ...whole, "gen_ai.usage.reasoning_tokens": 128 })).toMatchObject({
      output: 311,
      reasoning: 128,
      issue: undefined,
    });
  });

  test.each([
    ["another model's", { "gen_ai.request.model": "claude-sonnet-4-5" }],
    ["smaller than its parts", { "gen_ai.usage.total_tokens": 1600 }],
    ["told beside another thinking", { "gen_ai.usage.reasoning_tokens": 7 }],
  ])("a total that is %s says nothing", (_, more) => {
    expect(read("by-hand", { ...whole, ...more })).toMatchObject({
      output: 183,
      issue: "total_mismatch",
    });
  });

  test("a total of caches is one of caches", () => {
    const cached = { "gen_ai.usage.cache_read.input_tokens": 128 };
    expect(read("by-hand", { ...whole, ...cached })).toMatchObject({ input: 1651, output: 183 });
  });
});

describe("instrumentations of Google's packages", () => {
  test("OpenLLMetry tells the same of Vertex AI as of Gemini", () => {
    expect(read("opentelemetry.instrumentation.vertexai", whole)).toMatchObject({
      output: 311,
      reasoning: 128,
      issue: "reasoning_from_total",
    });
  });

  test.each([
    ["google_ai_studio", "gen_ai.usage.reasoning_tokens"],
    ["google_adk", "gen_ai.usage.completion_tokens_details.reasoning_tokens"],
  ])("OpenLIT's %s tells thinking beside output", (name, key) => {
    const scope = `openlit.instrumentation.${name}`;
    expect(read(scope, { ...counts, [key]: 128 })).toMatchObject({
      output: 311,
      reasoning: 128,
      quality: "measured",
    });
    expect(read(scope, counts)).toMatchObject({ output: 183, reasoning: 0, quality: "measured" });
  });

  test("OpenLIT's Vertex AI does not tell of thinking", () => {
    expect(read("openlit.instrumentation.vertexai", counts)).toMatchObject({
      output: 183,
      reasoning: undefined,
      quality: "partial",
      issue: "output_excludes_reasoning",
    });
  });

  test("a turn that OpenLIT takes for an agent is none", () => {
    const scope = "openlit.instrumentation.openai_agents";
    const agent = { "gen_ai.operation.name": "invoke_agent" };
    expect(read(scope, agent).node).toBe("other");
    expect(read(scope, { ...agent, "gen_ai.agent.name": "weather_agent" }).node).toBe("agent");
    expect(read("openlit.instrumentation.crewai", agent).node).toBe("agent");
  });
});
