import { createPriceBook } from "@spancost/pricing";
import { parseContract } from "@spancost/pricing/contract";
import { expect, test } from "vitest";
import { type FactsToPrice, priceFacts } from "./price-facts.ts";
import type { UnixMicros } from "./time.ts";

const startedAt = (Date.UTC(2026, 10, 20, 12) * 1000) as UnixMicros;

const silent: FactsToPrice = {
  node: "call",
  failed: false,
  startedAt,
  endedAt: (startedAt + 4_600_000) as UnixMicros,
  provider: undefined,
  requestModel: undefined,
  responseModel: undefined,
  serviceTier: undefined,
  account: undefined,
  region: undefined,
  operation: undefined,
  tool: undefined,
  units: undefined,
  inputTokens: undefined,
  cacheReadTokens: undefined,
  cacheWriteTokens: undefined,
  cacheWrite1hTokens: undefined,
  outputTokens: undefined,
  reasoningTokens: undefined,
  inputAudioTokens: undefined,
  inputImageTokens: undefined,
  cacheReadAudioTokens: undefined,
  outputAudioTokens: undefined,
  outputImageTokens: undefined,
  webSearches: undefined,
};

const { contract } = parseContract(`prices:
  - {provider: openai, account: acme, region: eu-*, tier: batch, discount: 60%}
  - {provider: vllm, gpu_hour: {usd: 3600}}
tools:
  - {tool: web_search, account: acme, usd: 0.01}
`);
const book = createPriceBook({ contract });
const source = `contract@${contract?.contractId}`;

function columns(facts: Partial<Record<keyof FactsToPrice, unknown>>) {
  return priceFacts({ ...silent, ...facts } as FactsToPrice, book);
}

const nothing = {
  costUsd: undefined,
  inputCostUsd: undefined,
  cacheReadCostUsd: undefined,
  cacheWriteCostUsd: undefined,
  outputCostUsd: undefined,
  otherCostUsd: undefined,
  unpricedReason: undefined,
  priceSource: undefined,
  priceId: undefined,
  pricedAt: undefined,
};

const mini = { provider: "openai", responseModel: "gpt-5-mini", inputTokens: 1_000_000 };

test("a call has its cost in parts, the source of its price and the time of it", () => {
  const tokens = { cacheReadTokens: 400_000, outputTokens: 100_000, webSearches: 2 };
  expect(columns({ ...mini, ...tokens })).toEqual({
    ...nothing,
    costUsd: 380_000_000_000n,
    inputCostUsd: 150_000_000_000n,
    cacheReadCostUsd: 10_000_000_000n,
    outputCostUsd: 200_000_000_000n,
    otherCostUsd: 20_000_000_000n,
    priceSource: "genai-prices@0.1.8",
    priceId: "openai/gpt-5-mini",
    pricedAt: startedAt,
  });
});

test("a call without a price has the reason and nothing else", () => {
  expect(columns({ provider: "openai", responseModel: "nobody", inputTokens: 5 })).toEqual({
    ...nothing,
    unpricedReason: "unknown_model",
  });
});

test("account, region, tier and duration decide with the model", () => {
  const scope = { account: "acme", region: "eu-1", serviceTier: "batch", outputTokens: 0 };
  expect(columns({ ...mini, ...scope })).toMatchObject({
    costUsd: 100_000_000_000n,
    priceSource: `${source}+genai-prices@0.1.8`,
  });
  // 4.6 s of a dollar a second.
  expect(columns({ provider: "vllm", requestModel: "m" })).toMatchObject({
    costUsd: 4_600_000_000_000n,
    otherCostUsd: 4_600_000_000_000n,
    inputCostUsd: undefined,
    priceId: "contract/m",
  });
});

test("sound and pictures reach the price", () => {
  const gemini = { provider: "gcp.gemini", responseModel: "gemini-2.5-flash" };
  const counts = { inputTokens: 1_000_000, inputAudioTokens: 400_000, outputTokens: 0 };
  // 0.6 × 0.30 + 0.4 × 1.00
  expect(columns({ ...gemini, ...counts })).toMatchObject({ costUsd: 580_000_000_000n });
});

const search = { node: "tool", tool: "web_search", account: "acme" };

test.each([
  ["a use", {}, 10_000_000_000n],
  ["so many units", { units: 3 }, 30_000_000_000n],
  ["a failed use that says its units", { failed: true, units: 1 }, 10_000_000_000n],
])("%s of a tool with a price is priced", (_claim, more, usd) => {
  expect(columns({ ...search, ...more })).toEqual({
    ...nothing,
    costUsd: usd,
    otherCostUsd: usd,
    priceSource: source,
    priceId: "contract/tool/web_search",
    pricedAt: startedAt,
  });
});

test.each([
  ["a failed use", { ...search, failed: true }],
  ["a use on another bill", { ...search, account: "other" }],
  ["a tool without a price", { ...search, tool: "calculator" }],
  ["a tool without a name", { ...search, tool: undefined }],
  ["a span that is no call, without tokens", { node: "agent" }],
  ["an HTTP request", { node: "http" }],
])("%s has neither a cost nor a reason", (_claim, facts) => {
  expect(columns(facts)).toEqual(nothing);
});

test("what repeats the usage of calls is priced like a call, a tool too: it may have to stand in for them", () => {
  const usage = { ...mini, outputTokens: 0 };
  expect(columns({ ...usage, node: "agent" })).toMatchObject({ costUsd: 250_000_000_000n });
  expect(columns({ ...search, ...usage })).toMatchObject({ priceId: "openai/gpt-5-mini" });
});
