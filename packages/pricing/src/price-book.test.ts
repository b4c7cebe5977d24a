import { calcPrice } from "@pydantic/genai-prices";
import { type Usage, unknownUsage } from "@spancost/semconv";
import { expect, test } from "vitest";
import { exactUsd } from "./format-money.ts";
import { createPriceBook } from "./price-book.ts";
import type { CallToPrice, Priced } from "./priced.ts";
import type { Unpriced } from "./unpriced.ts";

const at = Date.UTC(2026, 10, 20, 12);
const usage = { ...unknownUsage, input: 1_000_000, output: 1_000_000 } as Usage;
const book = createPriceBook();

function price(call: Partial<CallToPrice>): Priced | Unpriced {
  const silent = { provider: undefined, requestModel: undefined, responseModel: undefined };
  return book.price({ ...silent, startedAt: at, usage, serviceTier: undefined, ...call });
}

/** The price id, or the reason why there is no price. */
function idOf(call: Partial<CallToPrice>): string {
  const priced = price(call);
  return priced.kind === "priced" ? priced.priceId : priced.reason;
}

test("a priced call has its cost in parts, and says by which price of which source", () => {
  const priced = price({ provider: "openai", responseModel: "gpt-5-mini-2025-08-07" });
  expect(priced).toEqual({
    kind: "priced",
    cost: {
      input: 250_000_000_000n,
      cacheRead: undefined,
      cacheWrite: undefined,
      output: 2_000_000_000_000n,
      other: 0n,
      total: 2_250_000_000_000n,
    },
    source: "genai-prices@0.1.8",
    priceId: "openai/gpt-5-mini",
    match: { by: "exact", provider: "stated", model: "response", asked: "gpt-5-mini-2025-08-07" },
  });
});

// Names of providers and models as recorded spans have them, and what the bare catalogue cannot find.
test.each([
  ["openai.responses", "gpt-5-mini", "openai/gpt-5-mini"],
  ["anthropic.messages", "claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4-5"],
  ["gcp.gen_ai", "gemini-2.5-flash", "google/gemini-2.5-flash"],
  ["gcp.vertex.agent", "gemini-2.5-flash", "google/gemini-2.5-flash"],
  ["azure.ai.inference", "gpt-4o", "azure/gpt-4o"],
  ["microsoft.foundry", "gpt-4o", "azure/gpt-4o"],
  ["x_ai", "grok-4", "x-ai/grok-4-0709"],
  ["gcp.vertex_ai", "publishers/google/models/gemini-2.5-pro", "google/gemini-2.5-pro"],
  [
    "gcp.vertex_ai",
    "projects/p/locations/eu/publishers/anthropic/models/claude-sonnet-4-5@20250929",
    "google/claude-sonnet-4-5",
  ],
  ["gcp.gemini", "models/gemini-2.5-flash", "google/gemini-2.5-flash"],
  [
    "aws.bedrock",
    "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0",
  ],
  [
    "aws.bedrock",
    "regional.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0",
  ],
  ["openrouter", "openai/gpt-5-mini", "openrouter/openai/gpt-5-mini"],
  ["groq", "openai/gpt-oss-120b", "groq/openai/gpt-oss-120b"],
  // What a name cannot tell: which model is behind an application's profile or a deployment.
  ["aws.bedrock", "arn:aws:bedrock:us-east-1:1:application-inference-profile/abc", "unknown_model"],
  ["azure.ai.openai", "my-deployment", "unknown_model"],
  // A rule that goes on: recorded, for the name may be a stranger's.
  ["anthropic", "claude-sonnet-4-5-custom", "anthropic/claude-sonnet-4-5#prefix"],
  ["deepseek", "deepseek-chat-v99", "deepseek/deepseek-chat#prefix"],
  ["gcp.gemini", "gemini-2.5-pro-experimental-xyz", "google/gemini-2.5-pro#prefix"],
  ["aws.bedrock", "amazon.titan-embed-text-v2:0", "unknown_model"],
  // Nobody we know, or a service's own name: the provider by the model, if that is sure.
  [undefined, "gpt-5-mini", "openai/gpt-5-mini#provider_by_model"],
  ["support-api", "gpt-5-mini", "openai/gpt-5-mini#provider_by_model"],
  ["langchain", "claude-sonnet-4-5", "anthropic/claude-sonnet-4-5#provider_by_model"],
  ["litellm", "vertex_ai/gemini-2.5-pro", "google/gemini-2.5-pro#provider_by_model"],
  [undefined, "openai:gpt-5", "openai/gpt-5#provider_by_model"],
  [undefined, "claude-sonnet-4-5-custom", "unknown_model"],
  [undefined, "deepseek-r1:8b", "unknown_model"],
  [undefined, "gpt-oss:20b", "unknown_model"],
  // Clients of an API that others copy.
  ["openai", "claude-sonnet-4-5", "anthropic/claude-sonnet-4-5#provider_by_model"],
  ["openai", "anthropic/claude-sonnet-4-5", "anthropic/claude-sonnet-4-5#provider_by_model"],
  [
    "anthropic",
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0#provider_by_model",
  ],
  // A host sets its own prices; the maker's would be a guess.
  ["fireworks", "deepseek-v4-flash", "unknown_model"],
  ["ibm.watsonx.ai", "mistral-large", "unpriced_provider"],
  ["ollama", "deepseek-r1:8b", "self_hosted"],
  // An empty card is no price of 0, unless the model is a free one.
  ["cerebras", "qwen-3-coder-480b", "empty_card"],
  ["openrouter", "openai/gpt-oss-20b:free", "openrouter/openai/gpt-oss-20b:free"],
  ["openai", "gpt-realtime", "no_rate:output_modality"],
  ["openai", "whisper-1", "no_rate:input"],
])("%s and %s are priced as %s", (provider, requestModel, id) => {
  expect(idOf({ provider, requestModel })).toBe(id);
});

test("a free model costs 0, which is known", () => {
  const priced = price({ provider: "openrouter", requestModel: "openai/gpt-oss-20b:free" });
  expect(priced.kind === "priced" && priced.cost.total).toBe(0n);
});

const gpt = "gpt-5-mini";
const bedrock = "global.anthropic.claude-sonnet-4-5-20250929-v1:0";

test.each<[string, Partial<CallToPrice>, string]>([
  ["the response's model", { responseModel: gpt, requestModel: "gpt-5" }, "openai/gpt-5-mini"],
  ["the request's where the response names none", { requestModel: gpt }, "openai/gpt-5-mini"],
  [
    "the request's where nobody knows the response's",
    { responseModel: "prod-deployment-7", requestModel: gpt },
    "openai/gpt-5-mini#request_model",
  ],
  ["neither", { responseModel: "foo", requestModel: "bar" }, "unknown_model"],
  ["none named", {}, "no_model"],
  ["none but blanks", { responseModel: "", requestModel: "  " }, "no_model"],
  [
    // The response says "claude-sonnet-4-5-20250929", which the catalogue takes for a regional profile.
    "at Bedrock the request's, for it has the profile",
    { provider: "aws.bedrock", requestModel: bedrock, responseModel: "claude-sonnet-4-5-20250929" },
    `aws/${bedrock}`,
  ],
])("priced is %s", (_claim, call, id) => {
  expect(idOf({ provider: "openai", ...call })).toBe(id);
});

test.each<[string, Partial<CallToPrice>, string]>([
  ["no usage", { usage: unknownUsage }, "no_usage"],
  ["no usage object at all", { usage: undefined as unknown as Usage }, "no_usage"],
  [
    "more cached than input",
    { usage: { ...usage, cacheRead: 1_000_001 as never } },
    "contradictory_usage",
  ],
  ["no time", { startedAt: Number.NaN }, "no_time"],
  ["a date that is none", { startedAt: new Date("never") }, "no_time"],
  [
    "a tier that nobody publishes a price for",
    { serviceTier: "scale-fast" },
    "no_rate:service_tier=scale_fast",
  ],
  ["the default tier", { serviceTier: "default" }, "openai/gpt-5-mini"],
  ["a name of a megabyte", { requestModel: "x".repeat(1 << 20) }, "unknown_model"],
  ["a number for a name", { requestModel: 5 as unknown as string }, "no_model"],
])("with %s a call is priced as %s", (_claim, call, expected) => {
  expect(idOf({ provider: "openai", requestModel: gpt, ...call })).toBe(expected);
});

test("a usage that contradicts itself is told before a model that nobody knows", () => {
  expect(idOf({ requestModel: "nobody", usage: unknownUsage })).toBe("no_usage");
});

test("who writes to the catalogue's answer changes no price that the book has given", () => {
  const call = { provider: "openai", requestModel: "gpt-4.1-nano" };
  const before = price(call);
  const answer = calcPrice({}, "gpt-4.1-nano", { providerId: "openai" });
  if (answer === null) throw new Error("the catalogue has no gpt-4.1-nano");
  const { input_mtok } = answer.model_price;
  try {
    answer.model_price["input_mtok"] = 999;
    expect(calcPrice({}, "gpt-4.1-nano", { providerId: "openai" })?.model_price["input_mtok"]).toBe(
      999,
    );
    expect(price(call)).toEqual(before);
  } finally {
    answer.model_price["input_mtok"] = input_mtok;
  }
});

test("a price is that of the call's time, whatever was asked before", () => {
  const inputAt = (time: string) => {
    const priced = price({
      provider: "deepseek",
      requestModel: "deepseek-chat",
      startedAt: new Date(time),
    });
    return (
      priced.kind === "priced" && priced.cost.input !== undefined && exactUsd(priced.cost.input)
    );
  };
  const night = "2026-11-20T23:00:00Z";
  const day = "2026-11-20T10:00:00Z";
  expect([night, day, night].map(inputAt)).toEqual([
    "0.135000000000",
    "0.270000000000",
    "0.135000000000",
  ]);
});

test("float dirt of the catalogue does not reach a rate", () => {
  const card = book.card({
    provider: "huggingface_together",
    model: "Qwen/Qwen3-VL-8B-Instruct",
    at,
  });
  expect(card.kind === "card" && card.cells.input?.rate.base).toBe(180_000_000n);
});

test("a card tells each rate, its source and when it holds", () => {
  const card = book.card({ provider: "openai", model: "gpt-5.6-sol", at });
  expect(card).toMatchObject({
    kind: "card",
    priceId: "openai/gpt-5.6-sol",
    source: "genai-prices@0.1.8",
    free: false,
    notCounted: [{ key: "storage_searches_kcount", usd: "2.5" }],
  });
  expect(card.kind === "card" && card.cells).toMatchObject({
    cache_write: {
      rate: { base: 5_000_000_000n, tiers: [{ above: 271_999, rate: 10_000_000_000n }] },
      source: "genai-prices@0.1.8",
      effective: { from: "2026-08-21", until: undefined, hours: undefined },
    },
    cache_write_1h: undefined,
    reasoning: undefined,
    // USD 10 per 1,000 searches.
    web_search: { rate: { base: 10_000_000_000_000n, tiers: [] } },
  });
});

test.each([
  [
    "openai",
    "o3",
    "2025-01-01T00:00:00Z",
    { from: undefined, until: "2025-06-10", hours: undefined },
  ],
  [
    "openai",
    "o3",
    "2026-01-01T00:00:00Z",
    { from: "2025-06-10", until: undefined, hours: undefined },
  ],
  [
    "deepseek",
    "deepseek-chat",
    "2026-01-01T10:00:00Z",
    { from: undefined, until: undefined, hours: "00:30:00Z-16:30:00Z" },
  ],
  [
    "deepseek",
    "deepseek-chat",
    "2026-01-01T20:00:00Z",
    { from: undefined, until: undefined, hours: "outside 00:30:00Z-16:30:00Z" },
  ],
  [
    "deepseek",
    "deepseek-v4-pro",
    "2026-11-20T12:00:00Z",
    {
      from: "2026-08-17",
      until: undefined,
      hours: "outside 01:00:00Z-04:00:00Z, 06:00:00Z-10:00:00Z",
    },
  ],
  [
    "deepseek",
    "deepseek-v4-pro",
    "2026-06-01T12:00:00Z",
    { from: undefined, until: "2026-08-17", hours: undefined },
  ],
])("the input rate of %s %s at %s holds %j", (provider, model, time, effective) => {
  const card = book.card({ provider, model, at: new Date(time) });
  expect(card.kind === "card" && card.cells.input?.effective).toEqual(effective);
});

test.each([
  [{ model: "gpt-5-mini", at }, "openai/gpt-5-mini#provider_by_model"],
  [{ model: "nobody", at }, "unknown_model"],
  [{ model: "", at }, "no_model"],
  [{ model: "gpt-5-mini", at: Number.NaN }, "no_time"],
])("the card for %j is %s", (query, expected) => {
  const card = book.card(query);
  expect(card.kind === "card" ? card.priceId : card.reason).toBe(expected);
});

test("names that hold anything are not mixed up with other calls'", () => {
  expect(idOf({ responseModel: "undefined", requestModel: gpt })).toBe(
    "openai/gpt-5-mini#provider_by_model,request_model",
  );
  expect(idOf({ requestModel: gpt })).toBe("openai/gpt-5-mini#provider_by_model");
  expect(idOf({ provider: "openai\n", requestModel: gpt })).toBe("openai/gpt-5-mini");
});

/** A call that read half of its input from a cache. */
const fromCache = { ...usage, cacheRead: 500_000 } as Usage;

test.each<[string, Partial<CallToPrice>, string]>([
  ["has a doubt where the card has no rate for it", {}, "moonshotai/kimi-k2#cache_at_input_rate"],
  [
    "has that doubt beside those about the match",
    { provider: undefined },
    "moonshotai/kimi-k2#provider_by_model,cache_at_input_rate",
  ],
  [
    "has none where the card has a rate",
    { provider: "openai", responseModel: "gpt-5-mini" },
    "openai/gpt-5-mini",
  ],
  ["has none where nothing came from the cache", { usage }, "moonshotai/kimi-k2"],
])("the price of tokens from the cache %s", (_, call, expected) => {
  const kimi = { provider: "moonshotai", responseModel: "kimi-k2", usage: fromCache };
  expect(idOf({ ...kimi, ...call })).toBe(expected);
});
