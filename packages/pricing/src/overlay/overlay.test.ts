import { type Usage, unknownUsage } from "@spancost/semconv";
import { expect, test } from "vitest";
import { modelsOf } from "../candidates.ts";
import { catalogueVersion } from "../catalogue-version.ts";
import { exactUsd } from "../format-money.ts";
import { createPriceBook } from "../price-book.ts";
import type { Cell, CellName, PriceCard } from "../price-card.ts";
import { catalogueProviderIds } from "../providers.ts";
import { timesRate } from "../rates.ts";

const book = createPriceBook();

function card(provider: string, model: string, at = "2026-11-20T12:00:00Z"): PriceCard {
  const found = book.card({ provider, model, at: new Date(at) });
  if (found.kind !== "card") throw new Error(`${provider} ${model}: ${found.reason}`);
  return found;
}

function cell(of: PriceCard, name: CellName): Cell {
  const found = of.cells[name];
  if (found === undefined) throw new Error(`${of.priceId} has no ${name}`);
  return found;
}

test.each([
  ["aws", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"],
  ["aws", "global.anthropic.claude-opus-4-5-v1:0"],
  ["google", "claude-sonnet-4-5@20250929"],
  ["google", "claude-opus-5"],
])("%s %s gets a one-hour rate of twice its input, and says that it is ours", (provider, model) => {
  const hour = cell(card(provider, model), "cache_write_1h");
  expect(hour.source).toBe("overlay");
  expect(hour.rate).toEqual(timesRate(cell(card(provider, model), "input").rate, 2n));
});

test.each([
  // The catalogue has the rate.
  ["anthropic", "claude-sonnet-4-5"],
  ["aws", "us.anthropic.claude-opus-5-5"],
  ["azure", "claude-sonnet-4-5"],
  ["google", "claude-opus-4-5"],
])("%s %s keeps the rate of the catalogue", (provider, model) => {
  expect(cell(card(provider, model), "cache_write_1h").source).toBe(catalogueVersion.source);
});

test.each([
  // No cache on the card, so that no rule says what an hour of it costs; and no Claude.
  ["aws", "anthropic.claude-3-haiku-20240307-v1:0"],
  ["openrouter", "anthropic/claude-sonnet-4.5"],
  ["google", "gemini-2.5-pro"],
])("%s %s gets none", (provider, model) => {
  expect(card(provider, model).cells.cache_write_1h).toBeUndefined();
});

test("every one-hour rate that the catalogue has is twice the input's: the rule is the providers' own", () => {
  const stated = catalogueProviderIds.flatMap((provider) =>
    modelsOf(provider)
      .map(({ id }) => book.card({ provider, model: id, at: Date.UTC(2026, 10, 20) }))
      .filter((found) => found.kind === "card")
      .filter(({ cells }) => cells.cache_write_1h?.source === catalogueVersion.source),
  );
  expect(stated.length).toBeGreaterThan(20);
  for (const found of stated) {
    expect([found.priceId, cell(found, "cache_write_1h").rate]).toEqual([
      found.priceId,
      timesRate(cell(found, "input").rate, 2n),
    ]);
  }
});

const ours = `${catalogueVersion.source}+overlay`;

test.each([
  // No peak hours before 2026-08-17: the flat rate of then.
  ["2026-08-16T02:00:00Z", 140_000_000n, ours],
  ["2026-08-16T05:00:00Z", 140_000_000n, catalogueVersion.source],
  ["2026-08-17T02:00:00Z", 440_000_000n, catalogueVersion.source],
  ["2026-08-17T05:00:00Z", 220_000_000n, catalogueVersion.source],
  // A Saturday before weekends were cheaper, then the first Sunday, and the Monday after.
  ["2026-08-22T02:00:00Z", 440_000_000n, catalogueVersion.source],
  ["2026-08-23T02:00:00Z", 220_000_000n, ours],
  ["2026-08-23T09:59:59Z", 220_000_000n, ours],
  ["2026-08-24T02:00:00Z", 440_000_000n, catalogueVersion.source],
  ["2026-11-20T06:00:00Z", 440_000_000n, catalogueVersion.source],
  ["2026-11-21T06:00:00Z", 220_000_000n, ours],
])("DeepSeek V4 at %s has an input rate of %s", (at, rate, source) => {
  const found = card("deepseek", "deepseek-v4-flash", at);
  expect(cell(found, "input").rate.base).toBe(rate);
  expect(found.source).toBe(source);
});

test("one book tells a weekday's peak from a weekend's, in any order", () => {
  const inputAt = (at: string) => {
    const usage = { ...unknownUsage, input: 1_000_000, output: 0 } as Usage;
    const names = {
      provider: "deepseek",
      requestModel: "deepseek-v4-pro",
      responseModel: undefined,
    };
    const priced = book.price({ ...names, startedAt: new Date(at), usage, serviceTier: undefined });
    return priced.kind === "priced" ? exactUsd(priced.cost.total) : priced.reason;
  };
  const friday = "2026-11-20T02:00:00Z";
  const saturday = "2026-11-21T02:00:00Z";
  expect([friday, saturday, friday].map(inputAt)).toEqual([
    "1.320000000000",
    "0.660000000000",
    "1.320000000000",
  ]);
});

test.each([
  ["aws", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", 5, ours],
  ["aws", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", 0, catalogueVersion.source],
  ["anthropic", "claude-sonnet-4-5", 5, catalogueVersion.source],
])(
  "a cost at %s of %s with %i one-hour tokens has the source %s",
  (provider, model, hour, source) => {
    const counts = { input: 10, cacheWrite: 10, cacheWrite1h: hour, output: 0 };
    const usage = { ...unknownUsage, ...counts } as Usage;
    const names = { provider, requestModel: model, responseModel: undefined };
    const startedAt = Date.UTC(2026, 10, 20);
    expect(book.price({ ...names, startedAt, usage, serviceTier: undefined })).toMatchObject({
      source,
    });
  },
);
