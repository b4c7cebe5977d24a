import { type Usage, unknownUsage } from "@spancost/semconv";
import { expect, test } from "vitest";
import { modelsOf } from "../candidates.ts";
import { createPriceBook } from "../price-book.ts";
import type { CellName, PriceCard } from "../price-card.ts";
import { formatRate } from "../rates.ts";
import { overlayRows } from "./overlay.ts";
import { tierRows } from "./tiers.ts";

const book = createPriceBook();

function cardIn(tier: string, provider: string, model: string, at = "2026-11-20"): PriceCard {
  const card = book.card({ provider, model, tier, at: new Date(at) });
  if (card.kind !== "card") throw new Error(`${provider} ${model} ${tier}: ${card.reason}`);
  return card;
}

/** Rates in USD per million, up to the first tier. */
function rates(card: PriceCard, names: readonly CellName[]): (string | undefined)[] {
  return names.map((name) => {
    const rate = card.cells[name]?.rate;
    return rate === undefined ? undefined : formatRate(rate.base);
  });
}

const main = ["input", "cache_read", "output"] as const;

// Each line as the provider's own page has it.
test.each([
  ["flex", "openai", "gpt-5-mini", ["0.125", "0.0125", "1"]],
  ["flex", "openai", "gpt-5.4", ["1.25", "0.13", "7.5"]],
  ["flex", "openai", "o4-mini", ["0.55", "0.138", "2.2"]],
  ["batch", "openai", "gpt-5", ["0.625", "0.0625", "5"]],
  ["batch", "openai", "gpt-4.1", ["1", undefined, "4"]],
  ["priority", "openai", "gpt-5.5", ["12.5", "1.25", "75"]],
  ["priority", "openai", "gpt-5.4", ["5", "0.5", "30"]],
  ["priority", "openai", "gpt-5.4-mini", ["1.5", "0.15", "9"]],
  ["priority", "openai", "gpt-5.2", ["3.5", "0.35", "28"]],
  ["priority", "openai", "gpt-5", ["2.5", "0.25", "20"]],
  ["priority", "openai", "gpt-5-mini", ["0.45", "0.045", "3.6"]],
  ["priority", "openai", "gpt-4.1", ["3.5", "0.875", "14"]],
  ["fast", "openai", "gpt-5.6-sol", ["8", "0.8", "40"]],
  ["fast", "openai", "gpt-5.6-terra", ["4", "0.4", "24"]],
  ["fast", "openai", "gpt-5.6-luna", ["0.4", "0.04", "2.4"]],
  ["batch", "anthropic", "claude-opus-4-8", ["2.5", "0.25", "12.5"]],
  ["batch", "anthropic", "claude-haiku-4-5", ["0.5", "0.05", "2.5"]],
  ["flex", "groq", "openai/gpt-oss-120b", ["0.15", "0.075", "0.6"]],
  ["flex", "aws.bedrock", "openai.gpt-oss-120b-1:0", ["0.075", undefined, "0.3"]],
  ["priority", "aws.bedrock", "amazon.nova-pro-v1:0", ["1.4", "0.35", "5.6"]],
  ["flex", "gcp.gemini", "gemini-3.8-flash", ["0.375", "0.0375", "1.875"]],
  ["priority", "gcp.gemini", "gemini-2.5-flash", ["0.54", "0.054", "4.5"]],
  ["flex", "azure", "gpt-5.5", ["2.5", "0.25", "15"]],
] as const)("%s at %s: %s costs %j", (tier, provider, model, expected) => {
  expect(rates(cardIn(tier, provider, model), main)).toEqual(expected);
});

test("fast mode before GPT-5.6 Sol's cut was twice the price of then", () => {
  const before = cardIn("priority", "openai", "gpt-5.6-sol", "2026-08-20");
  expect(rates(before, main)).toEqual(["10", "1", "60"]);
});

test("fast mode has the long context's prices where it is sold, and none where it is not", () => {
  const sol = cardIn("priority", "openai", "gpt-5.6-sol").cells;
  expect([sol.input?.rate.tiers[0], sol.output?.rate.tiers[0]]).toEqual([
    { above: 271_999, rate: 16_000_000_000n },
    { above: 271_999, rate: 60_000_000_000n },
  ]);
  expect(cardIn("priority", "openai", "gpt-5.4").cells.input).toMatchObject({
    rate: { tiers: [] },
    upTo: 271_999,
  });
});

test("batches of Claude halve one-hour writes too", () => {
  const { cells } = cardIn("batch", "anthropic", "claude-sonnet-4-5");
  const written = rates(cardIn("batch", "anthropic", "claude-sonnet-4-5"), [
    "cache_write",
    "cache_write_1h",
  ]);
  expect(written).toEqual(["1.875", "3"]);
  expect(cells.input?.rate.tiers[0]).toEqual({ above: 200_000, rate: 3_000_000_000n });
});

test("a search of the web costs the same in every tier", () => {
  expect(rates(cardIn("batch", "anthropic", "claude-sonnet-4-5"), ["web_search"])).toEqual([
    "10000",
  ]);
});

test.each([
  ["priority", "anthropic", "claude-sonnet-4-5"],
  ["flex", "anthropic", "claude-sonnet-4-5"],
  ["flex", "openai", "gpt-4.1"],
  ["priority", "openai", "gpt-5-nano"],
  ["flex", "aws.bedrock", "global.anthropic.claude-sonnet-4-5-20250929-v1:0"],
  ["priority", "aws.bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"],
  ["reserved", "aws.bedrock", "openai.gpt-oss-120b-1:0"],
  ["batch", "mistral", "mistral-large-latest"],
  ["performance", "groq", "openai/gpt-oss-120b"],
  ["flex", "openrouter", "openai/gpt-5-mini"],
])("%s at %s has no price for %s", (tier, provider, model) => {
  expect(book.card({ provider, model, tier, at: new Date("2026-11-20") })).toEqual({
    kind: "unpriced",
    reason: `no_rate:service_tier=${tier}`,
  });
});

function priced(tier: string, model: string, counts: Partial<Record<keyof Usage, number>>) {
  const answer = book.price({
    ...{ provider: "openai", requestModel: model, responseModel: undefined, serviceTier: tier },
    startedAt: new Date("2026-11-20"),
    usage: { ...unknownUsage, ...counts } as Usage,
  });
  return answer.kind === "priced" ? answer.source : answer.reason;
}

test("a tier's price comes from catalogue and overlay, with the reason on each cell", () => {
  expect(priced("flex", "gpt-5-mini", { input: 5, output: 5 })).toBe("genai-prices@0.1.8+overlay");
  expect(cardIn("flex", "openai", "gpt-5-mini").cells.input).toMatchObject({
    source: "genai-prices@0.1.8+overlay",
    note: "Flex tokens are priced at the Batch API's rates, half the standard ones.",
  });
});

test("what a tier says nothing of is not taken from the standard price", () => {
  expect(priced("batch", "gpt-4.1", { input: 5, cacheRead: 0, output: 5 })).toBe(
    "genai-prices@0.1.8+overlay",
  );
  expect(priced("batch", "gpt-4.1", { input: 5, cacheRead: 5, output: 5 })).toBe(
    "no_rate:cache_read",
  );
});

test("fast mode without a long context has no price for one", () => {
  expect(priced("priority", "gpt-5.4", { input: 271_999, output: 5 })).toBe(
    "genai-prices@0.1.8+overlay",
  );
  expect(priced("priority", "gpt-5.4", { input: 272_000, output: 5 })).toBe("no_rate:tier");
});

test("every model of every row is one of the catalogue's, and stands in one row of a tier", () => {
  const seen = new Set<string>();
  for (const { provider, tiers, models } of tierRows) {
    // Azure's newer models are priced by OpenAI's entries.
    const sellers = provider === "azure" ? ["azure", "openai"] : [provider];
    const ids = sellers.flatMap(modelsOf).map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(0);
    for (const model of models === "all" ? ["*"] : models) {
      expect([provider, ...ids, "*"]).toContain(model);
      for (const tier of tiers) {
        const key = `${provider} ${tier} ${model}`;
        expect([key, seen.has(key)]).toEqual([key, false]);
        seen.add(key);
      }
    }
  }
});

test("every row says why it is there, and where that is written", () => {
  expect(overlayRows.length).toBeGreaterThan(15);
  for (const { reason, source } of overlayRows) {
    expect(reason.length).toBeGreaterThan(30);
    expect(source).toMatch(/^https:\/\/\S+$/);
  }
});
