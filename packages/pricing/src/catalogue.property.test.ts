import { calcPrice, type ModelPrice, type TieredPrices } from "@pydantic/genai-prices";
import type { Usage } from "@spancost/semconv";
import fc from "fast-check";
import { expect, test } from "vitest";
import { answeringName, modelsOf } from "./candidates.ts";
import { createPriceBook, type Priced } from "./price-book.ts";
import { catalogueProviderIds } from "./providers.ts";

/** Friday noon: no daily window of the catalogue changes what DeepSeek V4 costs then. */
const at = new Date("2026-11-20T12:00:00Z");

/** Every model of the catalogue that answers to a name, under that name. */
const everyModel = catalogueProviderIds.flatMap((provider) =>
  modelsOf(provider).flatMap((info) => {
    const name = answeringName(provider, info);
    return name === undefined ? [] : [{ provider, name }];
  }),
);

/** Counts on both sides of every tier, with splits that fit into them. */
const usages: fc.Arbitrary<Usage> = fc
  .tuple(
    fc.oneof(fc.nat(5_000), fc.nat(1_000_000)),
    fc.nat(100_000),
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
  )
  .map(([input, output, [read = 0, write = 0, hour = 0, reasoning = 0]]) => {
    const cacheRead = Math.floor(input * read);
    const cacheWrite = Math.floor((input - cacheRead) * write);
    const cacheWrite1h = hour < 0.5 ? 0 : Math.floor(cacheWrite * hour);
    return {
      input,
      cacheRead,
      cacheWrite,
      cacheWrite1h,
      output,
      reasoning: Math.floor(output * reasoning),
    } as Usage;
  });

/** The counts by the catalogue's names. */
function asCatalogueUsage(usage: Usage): Record<string, number> {
  const {
    input = 0,
    cacheRead = 0,
    cacheWrite = 0,
    cacheWrite1h = 0,
    output = 0,
    reasoning = 0,
  } = usage;
  return {
    input_tokens: input,
    cache_read_tokens: cacheRead,
    cache_write_tokens: cacheWrite,
    cache_write_1h_tokens: cacheWrite1h,
    output_tokens: output,
    output_reasoning_tokens: reasoning,
  };
}

/**
 * The cost in pico-dollars, by another way than the code under test: numbers as text, one decimal
 * point, and rounding on the digits.
 */
function expectedParts(prices: ModelPrice, usage: Usage): Record<string, string> {
  const {
    input = 0,
    cacheRead = 0,
    cacheWrite = 0,
    cacheWrite1h = 0,
    output = 0,
    reasoning = 0,
  } = usage;
  const usd = (...keys: string[]): string => {
    const price = keys.map((key) => prices[key]).find((found) => found !== undefined) ?? 0;
    return (typeof price === "number" ? price : tierOf(price, input)).toFixed(9);
  };
  const cost = (...lines: [number, string][]): string => {
    const digits = String(
      lines.reduce((sum, [n, text]) => sum + BigInt(n) * BigInt(text.replace(".", "")), 0n),
    ).padStart(4, "0");
    const kept = BigInt(digits.slice(0, -3));
    const cut = digits.slice(-3);
    const up = cut > "500" || (cut === "500" && /[13579]$/.test(String(kept)));
    return String(up ? kept + 1n : kept);
  };
  return {
    input: cost([input - cacheRead - cacheWrite, usd("input_mtok")]),
    cacheRead: cost([cacheRead, usd("cache_read_mtok", "input_mtok")]),
    cacheWrite: cost(
      [cacheWrite - cacheWrite1h, usd("cache_write_mtok", "input_mtok")],
      [cacheWrite1h, usd("cache_write_1h_mtok")],
    ),
    output: cost(
      [output - reasoning, usd("output_mtok")],
      [reasoning, usd("output_reasoning_mtok", "output_mtok")],
    ),
    // USD per 1,000 requests is a thousandth of it for the one.
    other: cost([1_000, usd("requests_kcount")]),
  };
}

function tierOf(price: TieredPrices, input: number): number {
  return price.tiers.reduce((found, tier) => (input > tier.start ? tier.price : found), price.base);
}

function partsOf({ cost }: Priced): Record<string, string> {
  const { input, cacheRead, cacheWrite, output, other } = cost;
  return Object.fromEntries(
    Object.entries({ input, cacheRead, cacheWrite, output, other }).map(([name, part]) => [
      name,
      String(part),
    ]),
  );
}

/** Whether a double of the catalogue is off what it means by more than the comparison allows. */
function hasDirt(prices: ModelPrice): boolean {
  return Object.values(prices)
    .flatMap((price) =>
      typeof price === "object"
        ? [price.base, ...price.tiers.map((tier) => tier.price)]
        : [price ?? 0],
    )
    .some((price) => Math.abs(Number(price.toFixed(9)) - price) > 1e-12 * price);
}

/** What must be absent from the catalogue's prices, or there, for a reason to be the right one. */
const justified: Readonly<Record<string, (keys: readonly string[]) => boolean>> = {
  empty_card: (keys) => keys.length === 0,
  "no_rate:input": (keys) => !keys.includes("input_mtok"),
  "no_rate:cache_read": (keys) => !keys.includes("input_mtok"),
  "no_rate:cache_write": (keys) => !keys.includes("input_mtok"),
  "no_rate:cache_write_1h": (keys) => !keys.includes("cache_write_1h_mtok"),
  "no_rate:output": (keys) => !keys.includes("output_mtok"),
  "no_rate:reasoning": (keys) => !keys.includes("output_mtok"),
  "no_rate:output_modality": (keys) => keys.some((key) => /^output_(audio|image|video)_/.test(key)),
};

interface Question {
  readonly provider: string;
  readonly name: string;
  readonly usage: Usage;
}

const book = createPriceBook();

/** What the two say that they do not agree on; empty where they agree. */
function disagreement({ provider, name, usage }: Question): readonly unknown[] {
  const names = { provider, requestModel: name, responseModel: undefined };
  const ours = book.price({ ...names, startedAt: at, usage, serviceTier: undefined });
  const theirs = calcPrice(asCatalogueUsage(usage), name, { providerId: provider, timestamp: at });
  const prices = theirs?.model_price ?? {};
  if (ours.kind === "unpriced")
    return justified[ours.reason]?.(Object.keys(prices)) ? [] : [ours.reason];
  if (ours.source.endsWith("+overlay")) return usage.cacheWrite1h === 0 ? [ours.source] : [];
  const expected = expectedParts(prices, usage);
  const parts = partsOf(ours);
  const differing = Object.keys(expected).filter((part) => parts[part] !== expected[part]);
  const total = Number(ours.cost.total) / 1e12;
  const theirTotal = theirs?.total_price ?? Number.NaN;
  // Five parts are rounded by half a pico-dollar at most; the rest is for the doubles of the catalogue.
  const isClose = Math.abs(total - theirTotal) <= 3e-12 + 1e-12 * theirTotal;
  return isClose || hasDirt(prices) ? differing : [...differing, total, theirTotal];
}

test("every model costs what the catalogue says, and to the last digit what another arithmetic says", () => {
  let compared = 0;
  fc.assert(
    fc.property(usages, (usage) => {
      for (const { provider, name } of everyModel) {
        const unlike = disagreement({ provider, name, usage });
        if (unlike.length > 0) throw new Error(`${provider} ${name}: ${unlike.join(", ")}`);
        compared += 1;
      }
    }),
    { numRuns: 20 },
  );
  expect(compared).toBeGreaterThan(20_000);
});

/** Models whose price depends on the day or the hour. */
const datedModels = everyModel.filter(({ provider, name }) =>
  modelsOf(provider).some(({ id, prices }) => id === name && Array.isArray(prices)),
);

test("a used book tells what a new one tells, and the catalogue where the overlay does not know better", () => {
  const used = createPriceBook();
  const times = fc.date({
    min: new Date("2025-01-01"),
    max: new Date("2027-06-01"),
    noInvalidDate: true,
  });
  const usage = { input: 1_000, output: 1_000 } as Usage;
  expect(datedModels.length).toBeGreaterThan(15);
  fc.assert(
    fc.property(fc.constantFrom(...datedModels), times, ({ provider, name }, startedAt) => {
      const names = { provider, requestModel: name, responseModel: undefined };
      const call = { ...names, startedAt, usage, serviceTier: undefined };
      expect(used.price(call)).toEqual(createPriceBook().price(call));
      const card = used.card({ provider, model: name, at: startedAt });
      if (card.kind === "unpriced" || card.source.endsWith("+overlay")) return;
      const price = calcPrice({}, name, { providerId: provider, timestamp: startedAt })
        ?.model_price["input_mtok"];
      const base = typeof price === "object" ? price.base : price;
      const rate = base === undefined ? undefined : BigInt(base.toFixed(9).replace(".", ""));
      expect(card.cells.input?.rate.base).toBe(rate);
    }),
    { numRuns: 500 },
  );
});
