import { describe, expect, test } from "vitest";
import { keepAttribute } from "./keep-attribute.ts";
import { readSpan } from "./read-span.ts";
import type { SpanReading } from "./reading.ts";
import { type AttributeValue, SpanKind } from "./span-view.ts";

interface Place {
  readonly scope?: string;
  readonly name?: string;
  readonly kind?: number;
  readonly failed?: boolean;
  readonly events?: readonly string[];
  readonly resource?: Record<string, AttributeValue>;
}

/** The reading of a client span with these attributes, of a scope without a dialect of its own. */
function read(attributes: Record<string, AttributeValue>, place: Place = {}): SpanReading {
  return readSpan({
    name: place.name ?? "chat",
    kind: place.kind ?? SpanKind.client,
    failed: place.failed ?? false,
    scopeName: place.scope ?? "my-service",
    scopeVersion: "1.0.0",
    attributes: new Map(Object.entries(attributes)),
    resource: new Map(Object.entries({ "service.name": "my-service", ...place.resource })),
    eventNames: place.events ?? [],
  });
}

const chat = { "gen_ai.operation.name": "chat", "gen_ai.request.model": "m" };

function usage(attributes: Record<string, AttributeValue>) {
  const reading = read({ ...chat, ...attributes });
  const { input, cacheRead, cacheWrite, output, reasoning } = reading.usage ?? {};
  return [
    [input, cacheRead, cacheWrite, output, reasoning],
    reading.usageQuality,
    reading.usageIssue,
  ];
}

describe("old and new names", () => {
  test.each([
    ["gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"],
    ["gen_ai.usage.prompt_tokens", "gen_ai.usage.completion_tokens"],
  ])("%s and %s", (input, output) => {
    expect(usage({ [input]: 10, [output]: 2 })).toEqual([
      [10, undefined, undefined, 2, undefined],
      "measured",
      undefined,
    ]);
  });

  test.each([
    "gen_ai.usage.cache_write.input_tokens",
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
  ])("%s", (key) => {
    const [counts] = usage({ "gen_ai.usage.input_tokens": 10, [key]: 4 });
    expect(counts).toEqual([10, undefined, 4, undefined, undefined]);
  });

  test("the same count under two names is read once", () => {
    const [counts] = usage({ "gen_ai.usage.input_tokens": 10, "gen_ai.usage.prompt_tokens": 10 });
    expect(counts).toEqual([10, undefined, undefined, undefined, undefined]);
  });
});

describe("counts that are none", () => {
  test.each<[AttributeValue]>([
    [-1],
    [1.5],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [1e12 + 1],
    [Number.MAX_SAFE_INTEGER],
    [1e30],
    [2n ** 63n],
    ["twelve"],
    [true],
    [[1]],
  ])("%s is unknown and flagged", (value) => {
    expect(usage({ "gen_ai.usage.input_tokens": value, "gen_ai.usage.output_tokens": 2 })).toEqual([
      [undefined, undefined, undefined, 2, undefined],
      "partial",
      "invalid_token_count",
    ]);
  });
});

test("a count of 10^12 is kept: what is beyond could overflow the sums of a table", () => {
  const counts = { "gen_ai.usage.input_tokens": 1e12, "gen_ai.usage.output_tokens": 2 };
  expect(usage(counts)).toEqual([
    [1e12, undefined, undefined, 2, undefined],
    "measured",
    undefined,
  ]);
});

interface Counts {
  readonly input: number;
  readonly output: number;
  readonly read?: number;
  readonly reasoning?: number;
  readonly total?: number;
}

describe("counts that contradict each other are kept and named", () => {
  test.each<[Counts, string | undefined]>([
    [{ input: 10, read: 20, output: 1 }, "cached_exceeds_input"],
    [{ input: 10, reasoning: 5, output: 1 }, "reasoning_exceeds_output"],
    [{ input: 10, output: 1, total: 99 }, "total_mismatch"],
    [
      { input: 10, read: 20, reasoning: 5, output: 1 },
      "cached_exceeds_input,reasoning_exceeds_output",
    ],
    [{ input: 10, read: 10, reasoning: 1, output: 1, total: 11 }, undefined],
  ])("%j: %s", ({ input, read: cached, output, reasoning, total }, issue) => {
    const [counts, , found] = usage({
      "gen_ai.usage.input_tokens": input,
      "gen_ai.usage.output_tokens": output,
      "gen_ai.usage.total_tokens": total,
      "gen_ai.usage.cache_read.input_tokens": cached,
      "gen_ai.usage.reasoning.output_tokens": reasoning,
    });
    expect(counts).toEqual([input, cached, undefined, output, reasoning]);
    expect(found).toBe(issue);
  });

  test("the span's own total shows that input leaves caches out", () => {
    const [counts, , issue] = usage({
      "gen_ai.usage.input_tokens": 10,
      "gen_ai.usage.output_tokens": 1,
      "gen_ai.usage.total_tokens": 31,
      "gen_ai.usage.cache_read.input_tokens": 20,
    });
    expect([counts, issue]).toEqual([[30, 20, undefined, 1, undefined], undefined]);
  });
});

describe("what a span is", () => {
  test.each([
    [{ "gen_ai.operation.name": "chat" }, "call"],
    [{ "gen_ai.operation.name": "embeddings" }, "call"],
    [{ "gen_ai.operation.name": "invoke_agent" }, "agent"],
    [{ "gen_ai.operation.name": "invoke_workflow" }, "run"],
    [{ "gen_ai.operation.name": "execute_tool" }, "tool"],
    [{ "gen_ai.operation.name": "fetch_response" }, "other"],
    [{ "gen_ai.operation.name": "something_new" }, "other"],
    [{ "http.request.method": "POST" }, "http"],
    [{}, "other"],
  ])("%j: %s", (attributes, node) => {
    expect(read(attributes).node).toBe(node);
  });

  test("a new operation with a model and usage is a call", () => {
    const attributes = { "gen_ai.operation.name": "rerank", "gen_ai.request.model": "m" };
    expect(read({ ...attributes, "gen_ai.usage.input_tokens": 3 }).node).toBe("call");
  });

  test("an HTTP request that was received is none that was sent", () => {
    expect(read({ "http.request.method": "POST" }, { kind: SpanKind.server }).node).toBe("other");
  });
});

describe("requests to model APIs", () => {
  test.each([
    ["https://api.openai.com/v1/chat/completions", true],
    ["https://api.anthropic.com/v1/messages?beta=true", true],
    ["https://x.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", true],
    ["https://bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.x/converse", true],
    // Claude on Vertex AI, and a list of texts to embed.
    ["https://x.googleapis.com/v1/publishers/anthropic/models/claude-opus-4-5:rawPredict", true],
    ["https://x.googleapis.com/v1/publishers/anthropic/models/claude-x:streamRawPredict", true],
    ["https://x.googleapis.com/v1beta/models/gemini-embedding-001:batchEmbedContents", true],
    ["https://x.googleapis.com/v1beta/models/gemini-2.5-flash:countTokens", false],
    ["https://example.com/v1/chat/completions/123", false],
    ["https://example.com/orders", false],
  ])("%s: %s", (url, expected) => {
    expect(read({ "http.request.method": "POST", "url.full": url }).modelRequest).toBe(expected);
  });
});

describe("a reported cost", () => {
  test.each([
    [0.25, 0.25],
    [0, undefined],
    [-1, undefined],
    [Number.NaN, undefined],
    [1e9, undefined],
  ])("of %s with tokens used is kept as %s", (sent, kept) => {
    const attributes = { ...chat, "gen_ai.usage.input_tokens": 5, "gen_ai.usage.cost": sent };
    expect(read(attributes).reportedCostUsd).toBe(kept);
  });

  test("is the one that spancost put its own in place of", () => {
    const ours = { "gen_ai.usage.cost": 0.25, "spancost.cost.usd": 0.25 };
    const attributes = { ...chat, "gen_ai.usage.input_tokens": 5, ...ours };
    expect(read(attributes).reportedCostUsd).toBeUndefined();
    expect(read({ ...attributes, "spancost.reported_cost_usd": 0.5 }).reportedCostUsd).toBe(0.5);
    expect(read({ ...attributes, "gen_ai.usage.total_cost": 0.5 }).reportedCostUsd).toBe(0.5);
  });
});

describe("the provider", () => {
  test.each([
    ["openai.responses", "openai"],
    ["OpenAI", "openai"],
    ["my-service", undefined],
    ["langchain", undefined],
    ["gcp.gemini", "gcp.gemini"],
  ])("%s is %s", (sent, name) => {
    expect(read({ ...chat, "gen_ai.system": sent }).provider).toBe(name);
  });
});

describe("attribution", () => {
  test("a feature that a person named comes before a framework's name for the run", () => {
    const { attribution } = read({ "ai.telemetry.functionId": "fn", "app.feature": "search" });
    expect([attribution.feature, attribution.fallback.feature]).toEqual(["search", "fn"]);
  });

  test("baggage and resource are fallbacks, in that order", () => {
    const resource = { "spancost.feature": "from resource", "spancost.team": "core" };
    const { fallback } = read(
      { "baggage.spancost.feature": "from baggage" },
      { resource },
    ).attribution;
    expect([fallback.feature, fallback.team]).toEqual(["from baggage", "core"]);
  });

  test("tags are short scalars under a metadata prefix, without what frameworks put there", () => {
    const { tags, feature } = read({
      "traceloop.association.properties.feature": "search",
      "ai.telemetry.metadata.plan": "pro",
      "langsmith.metadata.ls_provider": "openai",
      "mastra.metadata.body": '{"secret":"text"}',
      "spancost.tag.retries": 3,
      "spancost.tag.long": "x".repeat(200),
    }).attribution;
    expect(feature).toBe("search");
    expect(tags).toEqual(
      new Map([
        ["feature", "search"],
        ["plan", "pro"],
        ["retries", "3"],
      ]),
    );
  });
});

test("attempts are read from a span's own events", () => {
  const events = ["gen_ai.request.attempt", "other", "gen_ai.request.attempt"];
  expect(read(chat, { events }).retryCount).toBe(1);
});

test("content is not kept", () => {
  const content = [
    "gen_ai.input.messages",
    "gen_ai.output.messages",
    "gen_ai.system_instructions",
    "gen_ai.prompt",
    "gen_ai.completion",
    "input.value",
    "llm.input_messages.0.message.content",
    "ai.prompt",
    "ai.response.text",
    "mastra.metadata.body",
    "traceloop.entity.input",
    "langfuse.observation.input",
  ];
  expect(content.filter(keepAttribute)).toEqual([]);
});

test("odd attributes never throw", () => {
  const odd: AttributeValue[] = [
    "",
    "{",
    "{}",
    "null",
    [],
    [undefined],
    0,
    -0,
    true,
    2n ** 70n,
    undefined,
  ];
  for (const scope of ["ai", "gen_ai", "langfuse-sdk", "gcp.vertex.agent", "litellm", "x"]) {
    for (const value of odd) {
      const everything = new Proxy(new Map<string, AttributeValue>([["gen_ai.system", "x"]]), {
        get: (target, name) =>
          name === "get" ? () => value : Reflect.get(target, name)?.bind(target),
      });
      const view = { name: "call_llm", kind: 3, failed: false, scopeName: scope, scopeVersion: "" };
      expect(() =>
        readSpan({ ...view, attributes: everything, resource: everything, eventNames: [] }),
      ).not.toThrow();
    }
  }
});
