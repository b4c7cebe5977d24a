import {
  calcPrice,
  findProvider,
  type ModelPrice,
  type Provider,
  type TieredPrices,
} from "@pydantic/genai-prices";
import type { Usage } from "@spancost/semconv";
import fc from "fast-check";
import { expect, test } from "vitest";
import { answeringName, modelsOf } from "./candidates.ts";
import { createPriceBook } from "./price-book.ts";
import type { Priced } from "./priced.ts";
import { catalogueProviderIds } from "./providers.ts";

/** Friday noon: no daily window of the catalogue changes what DeepSeek V4 costs then. */
const at = new Date("2026-11-20T12:00:00Z");

/** A model of the catalogue under a name that it answers to, and its provider with this model alone: quick to ask. */
interface Listed {
  readonly provider: string;
  readonly name: string;
  readonly seller: Provider;
}

const everyModel: readonly Listed[] = catalogueProviderIds.flatMap((provider) => {
  const whole = findProvider({ providerId: provider });
  return modelsOf(provider).flatMap((info) => {
    const name = answeringName(provider, info);
    if (name === undefined || whole === undefined) return [];
    return [{ provider, name, seller: { ...whole, models: [info] } }];
  });
});

const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
  minLength: 6,
  maxLength: 6,
});

/** Counts on both sides of every tier, with splits that fit into them, with and without sound and pictures. */
const usages: fc.Arbitrary<Usage> = fc
  .tuple(
    fc.oneof(fc.nat(5_000), fc.nat(1_000_000)),
    fc.nat(100_000),
    shares,
    fc.constantFrom("text", "sound", "pictures", "both"),
    fc.constantFrom(undefined, undefined, undefined, 0, 0, 1, 7),
  )
  .map(([input, output, [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0], kinds, webSearches]) => {
    const part = (whole: number, share: number) => Math.floor(whole * share);
    const hasSound = kinds === "sound" || kinds === "both";
    const hasPictures = kinds === "pictures" || kinds === "both";
    const cacheRead = hasPictures ? 0 : part(input, a);
    const cacheWrite = part(input - cacheRead, b);
    const cacheReadAudio = hasSound ? part(cacheRead, c) : 0;
    const freshAudio = hasSound ? part(input - cacheRead - cacheWrite, d) : 0;
    const outputAudio = hasSound ? part(output, c) : 0;
    const outputImage = hasPictures ? part(output - outputAudio, d) : 0;
    return {
      input,
      cacheRead,
      cacheWrite,
      cacheWrite1h: c < 0.5 ? 0 : part(cacheWrite, c),
      output,
      reasoning: part(output - outputAudio - outputImage, e),
      inputAudio: cacheReadAudio + freshAudio,
      inputImage: hasPictures ? part(input - cacheRead - cacheWrite - freshAudio, f) : 0,
      cacheReadAudio,
      outputAudio,
      outputImage,
      webSearches,
    } as Usage;
  });

/** The counts by the catalogue's names. */
function asCatalogueUsage(usage: Usage): Record<string, number> {
  return {
    input_tokens: usage.input ?? 0,
    cache_read_tokens: usage.cacheRead ?? 0,
    cache_write_tokens: usage.cacheWrite ?? 0,
    cache_write_1h_tokens: usage.cacheWrite1h ?? 0,
    output_tokens: usage.output ?? 0,
    output_reasoning_tokens: usage.reasoning ?? 0,
    input_audio_tokens: usage.inputAudio ?? 0,
    cache_audio_read_tokens: usage.cacheReadAudio ?? 0,
    output_audio_tokens: usage.outputAudio ?? 0,
    output_audio_reasoning_tokens: 0,
    input_image_tokens: usage.inputImage ?? 0,
    cache_image_read_tokens: 0,
    cache_image_write_tokens: 0,
    cache_audio_write_tokens: 0,
    output_image_tokens: usage.outputImage ?? 0,
    web_searches: usage.webSearches ?? 0,
  };
}

/** A line of a bill: so many units, and the catalogue's price per million of them, in decimals. */
type Line = readonly [units: number, usd: string];

/**
 * The cost in pico-dollars, by another way than the code under test: numbers as text, one decimal
 * point, and rounding on the digits.
 */
function expectedParts(prices: ModelPrice, usage: Usage): Record<string, string> {
  const count = (name: keyof Usage) => usage[name] ?? 0;
  const input = count("input");
  const usd = (...keys: string[]): string => {
    const price = keys.map((key) => prices[key]).find((found) => found !== undefined) ?? 0;
    return (typeof price === "number" ? price : tierOf(price, input)).toFixed(9);
  };
  const isOwn = (key: string) => prices[key] !== undefined;
  const sound = isOwn("input_audio_mtok") ? count("inputAudio") - count("cacheReadAudio") : 0;
  // Sound from the cache of a model that has no rate for a cache costs what sound costs.
  const isSoundCached =
    isOwn("cache_audio_read_mtok") || (isOwn("input_audio_mtok") && !isOwn("cache_read_mtok"));
  const cachedSound = isSoundCached ? count("cacheReadAudio") : 0;
  const pictures = isOwn("input_image_mtok") ? count("inputImage") : 0;
  const soundOut = isOwn("output_audio_mtok") ? count("outputAudio") : 0;
  const picturesOut = isOwn("output_image_mtok") ? count("outputImage") : 0;
  const { cacheWrite, cacheWrite1h } = {
    cacheWrite: count("cacheWrite"),
    cacheWrite1h: count("cacheWrite1h"),
  };
  const text = input - count("cacheRead") - cacheWrite - sound - pictures;
  return {
    input: rounded([
      [text, usd("input_mtok")],
      [sound, usd("input_audio_mtok")],
      [pictures, usd("input_image_mtok")],
    ]),
    cacheRead: rounded([
      [count("cacheRead") - cachedSound, usd("cache_read_mtok", "input_mtok")],
      [cachedSound, usd("cache_audio_read_mtok", "input_audio_mtok")],
    ]),
    cacheWrite: rounded([
      [cacheWrite - cacheWrite1h, usd("cache_write_mtok", "input_mtok")],
      [cacheWrite1h, usd("cache_write_1h_mtok")],
    ]),
    output: rounded([
      [count("output") - count("reasoning") - soundOut - picturesOut, usd("output_mtok")],
      [count("reasoning"), usd("output_reasoning_mtok", "output_mtok")],
      [soundOut, usd("output_audio_mtok")],
      [picturesOut, usd("output_image_mtok")],
    ]),
    // USD per 1,000 is a thousandth of it for each.
    other: rounded([
      [1_000, usd("requests_kcount")],
      [1_000 * count("webSearches"), usd("web_searches_kcount")],
    ]),
  };
}

function rounded(lines: readonly Line[]): string {
  const femto = lines.reduce(
    (sum, [n, text]) => sum + BigInt(n) * BigInt(text.replace(".", "")),
    0n,
  );
  const digits = String(femto).padStart(4, "0");
  const [kept, cut] = [BigInt(digits.slice(0, -3)), digits.slice(-3)];
  const up = cut > "500" || (cut === "500" && /[13579]$/.test(String(kept)));
  return String(up ? kept + 1n : kept);
}

function tierOf(price: TieredPrices, input: number): number {
  return price.tiers.reduce((found, tier) => (input > tier.start ? tier.price : found), price.base);
}

function partsOf({ cost }: Priced): Record<string, string> {
  const { input, cacheRead, cacheWrite, output, other } = cost;
  const parts = { input, cacheRead, cacheWrite, output, other };
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, String(part)]));
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
  "no_rate:output_modality": (keys) => keys.includes("output_video_mtok"),
  "no_rate:input_audio": (keys) => !keys.includes("input_mtok"),
  "no_rate:input_image": (keys) => !keys.includes("input_mtok"),
  "no_rate:output_audio": (keys) => !keys.includes("output_mtok"),
  "no_rate:output_image": (keys) => !keys.includes("output_mtok"),
  "no_rate:web_search": (keys) => !keys.includes("web_searches_kcount"),
};

const book = createPriceBook();

/** How many questions had a cost for an answer, and how many of them with rates for sound or pictures. */
const seen = { priced: 0, withModalities: 0 };

/** What the two say that they do not agree on; empty where they agree. */
function disagreement({ provider, name, seller }: Listed, usage: Usage): readonly unknown[] {
  const names = { provider, requestModel: name, responseModel: undefined };
  const ours = book.price({ ...names, startedAt: at, usage, serviceTier: undefined });
  const theirs = calcPrice(asCatalogueUsage(usage), name, { provider: seller, timestamp: at });
  const prices = theirs?.model_price ?? {};
  if (ours.kind === "unpriced") {
    return justified[ours.reason]?.(Object.keys(prices)) ? [] : [ours.reason];
  }
  if (ours.source.endsWith("+overlay")) {
    const isLong = provider === "aws" && (usage.input ?? 0) > 200_000;
    return usage.cacheWrite1h === 0 && !isLong ? [ours.source] : [];
  }
  seen.priced += 1;
  if (Object.keys(prices).some((key) => /audio|image/.test(key))) seen.withModalities += 1;
  const expected = expectedParts(prices, usage);
  const parts = partsOf(ours);
  const differing = Object.keys(expected).filter((part) => parts[part] !== expected[part]);
  const { total, ...each } = ours.cost;
  const sum = Object.values(each).reduce((all: bigint, part) => all + (part ?? 0n), 0n);
  if (sum !== total) return ["the parts are not the whole", sum, total];
  const usd = Number(total) / 1e12;
  const theirUsd = theirs?.total_price ?? Number.NaN;
  // Five parts are rounded by half a pico-dollar at most; the rest is for the doubles of the catalogue.
  const isClose = Math.abs(usd - theirUsd) <= 3e-12 + 1e-12 * theirUsd;
  return isClose || hasDirt(prices) ? differing : [...differing, usd, theirUsd];
}

test("every model costs what the catalogue says, and to the last digit what another arithmetic says", () => {
  fc.assert(
    // Several at a time, so that a model's card is made once for all of them.
    fc.property(fc.array(usages, { minLength: 24, maxLength: 24 }), (several) => {
      for (const model of everyModel) {
        for (const usage of several) {
          const unlike = disagreement(model, usage);
          if (unlike.length === 0) continue;
          const asked = `${model.provider} ${model.name} ${JSON.stringify(usage)}`;
          throw new Error(`${asked}: ${unlike.join(", ")}`);
        }
      }
    }),
    { numRuns: 8, endOnFailure: true },
  );
  expect(seen.priced).toBeGreaterThan(100_000);
  expect(seen.withModalities).toBeGreaterThan(1_000);
}, 60_000);

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
