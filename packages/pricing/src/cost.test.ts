import { type Usage, unknownUsage } from "@spancost/semconv";
import { expect, test } from "vitest";
import { costOf, type Metered } from "./cost.ts";
import { exactUsd } from "./format-money.ts";
import type { CellName, GpuHour, PriceCard } from "./price-card.ts";
import { cellNames, noCells } from "./price-card.ts";
import { Layer } from "./price-layers.ts";
import { flatRate, rateFromNumber, type TieredRate } from "./rates.ts";
import type { Unpriced } from "./unpriced.ts";

type Counts = Partial<Record<keyof Usage, number>>;
type Prices = Partial<Record<CellName, number | TieredRate>>;

function usage(counts: Counts): Usage {
  return { ...unknownUsage, ...counts } as Usage;
}

function flat(usd: number): TieredRate {
  const rate = rateFromNumber(usd);
  if (rate === undefined) throw new Error(`${usd} is no rate`);
  return flatRate(rate);
}

function tiered(base: number, above: number, usd: number): TieredRate {
  return { base: flat(base).base, tiers: [{ above, rate: flat(usd).base }] };
}

const always = { from: undefined, until: undefined, hours: undefined };

/** A card with these USD rates per million. */
function card(prices: Prices, more: Partial<PriceCard> = {}): PriceCard {
  const cells = { ...noCells };
  for (const name of cellNames) {
    const price = prices[name];
    const rate = typeof price === "number" ? flat(price) : price;
    if (rate === undefined) continue;
    const origin = { source: "test", layers: Layer.catalogue, note: undefined };
    cells[name] = { rate, ...origin, effective: always, upTo: undefined };
  }
  return {
    kind: "card",
    provider: "p",
    model: "m",
    priceId: "p/m",
    cacheReadPriceId: "p/m",
    match: { by: "exact", provider: "stated", model: "response", asked: "m" },
    tier: "standard",
    source: "test",
    layerNames: { contract: "contract", catalogue: "test" },
    baseLayers: 0,
    cells,
    unknownCells: new Set(),
    gpuHour: undefined,
    dependsOnHour: false,
    free: false,
    tokensAreFree: false,
    outputByModality: undefined,
    notCounted: [],
    ...more,
  };
}

/** "input cacheRead cacheWrite output other = total" in USD; "?" is unknown. Or the reason. */
function shown(answer: Metered | Unpriced): string {
  if ("kind" in answer) return answer.reason;
  const { input, cacheRead, cacheWrite, output, other, total } = answer.cost;
  const parts = [input, cacheRead, cacheWrite, output, other, total].map((part) =>
    part === undefined ? "?" : exactUsd(part).replace(/\.?0+$/, ""),
  );
  return `${parts.slice(0, 5).join(" ")} = ${parts[5]}`;
}

const claude = card({
  input: 3,
  cache_read: 0.3,
  cache_write: 3.75,
  cache_write_1h: 6,
  output: 15,
});
const plain = card({ input: 1, output: 2 });
const million = 1_000_000;

test.each<[string, Counts, PriceCard, string]>([
  [
    "each split at its own rate, the rest at the input's",
    {
      input: 10 * million,
      cacheRead: million,
      cacheWrite: 2 * million,
      cacheWrite1h: 0,
      output: million,
    },
    claude,
    "21 0.3 7.5 15 0 = 43.8",
  ],
  [
    "one-hour writes at their own rate, within the write part",
    {
      input: 3 * million,
      cacheRead: 0,
      cacheWrite: 3 * million,
      cacheWrite1h: 2 * million,
      output: 0,
    },
    claude,
    "0 0 15.75 0 0 = 15.75",
  ],
  [
    "one-hour writes whose whole is not known",
    { input: 3 * million, cacheWrite1h: million, output: 0 },
    claude,
    "6 ? 6 0 0 = 12",
  ],
  [
    "an unknown split leaves all of the input, and its own part unknown",
    { input: million, output: million },
    claude,
    "3 ? ? 15 0 = 18",
  ],
  ["output unknown", { input: million, cacheRead: 0, cacheWrite: 0 }, claude, "3 0 0 ? 0 = 3"],
  ["input unknown", { output: million }, claude, "? ? ? 15 0 = 15"],
  [
    "input unknown, cache reads known",
    { cacheRead: million, output: 0 },
    claude,
    "? 0.3 ? 0 0 = 0.3",
  ],
  ["nothing used", { input: 0, cacheRead: 0, cacheWrite: 0, output: 0 }, plain, "0 0 0 0 0 = 0"],
  [
    "no cache rates: the input's, as the catalogue does",
    { input: 3 * million, cacheRead: million, cacheWrite: million, output: 0 },
    plain,
    "1 1 1 0 0 = 3",
  ],
  [
    "no reasoning rate: the output's",
    { input: 0, output: million, reasoning: million },
    plain,
    "0 ? ? 2 0 = 2",
  ],
  [
    "a reasoning rate holds for reasoning only",
    { input: 0, output: 3 * million, reasoning: million },
    card({ input: 1, output: 8, reasoning: 3 }),
    "0 ? ? 19 0 = 19",
  ],
  [
    "a price per call, which is per million calls on the card",
    { input: million, output: million },
    card({ input: 1, output: 2, request: 12_000 }),
    "1 ? ? 2 0.012 = 3.012",
  ],
  [
    "a card for input only, as of embeddings",
    { input: million },
    card({ input: 0.02 }),
    "0.02 ? ? ? 0 = 0.02",
  ],
  [
    "the same with an output of 0",
    { input: million, output: 0 },
    card({ input: 0.02 }),
    "0.02 ? ? 0 0 = 0.02",
  ],
  ["a free model", { input: million, output: 5 }, card({}, { free: true }), "0 ? ? 0 0 = 0"],
  [
    "each part rounded by itself: two halves of a pico-dollar stay two",
    { input: 3, cacheRead: 0, cacheWrite: 0, output: 3 },
    card({ input: 0.0000005, output: 0.0000005 }),
    "0.000000000002 0 0 0.000000000002 0 = 0.000000000004",
  ],
  [
    "the lines of one part rounded together",
    { input: 2, cacheRead: 0, cacheWrite: 2, cacheWrite1h: 1, output: 0 },
    card({ input: 1, cache_write: 0.0000005, cache_write_1h: 0.0000005, output: 1 }),
    "0 0 0.000000000001 0 0 = 0.000000000001",
  ],
])("%s", (_claim, counts, prices, expected) => {
  expect(shown(costOf(usage(counts), prices))).toBe(expected);
});

const long = card({ input: tiered(3, 200_000, 6), output: tiered(15, 200_000, 22.5) });

test.each<[Counts, string]>([
  [{ input: 200_000, output: million }, "0.6 ? ? 15 0 = 15.6"],
  [{ input: 200_001, output: million }, "1.200006 ? ? 22.5 0 = 23.700006"],
  // The cliff is on the whole input, cached tokens too, and not on what is left of it.
  [{ input: 200_001, cacheRead: 200_001, output: 0 }, "0 1.200006 ? 0 0 = 1.200006"],
  [{ output: million }, "no_rate:tier"],
  [{ output: 0 }, "no_usage"],
])("a tiered card prices %j as %s", (counts, expected) => {
  expect(shown(costOf(usage(counts), long))).toBe(expected);
});

test.each<[Counts, PriceCard, string]>([
  [{}, claude, "no_usage"],
  [{ cacheRead: 5, reasoning: 5 }, claude, "no_usage"],
  [{ output: 0 }, claude, "no_usage"],
  [{ input: 0 }, claude, "no_usage"],
  [{ input: 10, cacheRead: 11, output: 0 }, claude, "contradictory_usage"],
  [{ input: 10, cacheRead: 6, cacheWrite: 5, output: 0 }, claude, "contradictory_usage"],
  [{ input: 10, cacheWrite: 5, cacheWrite1h: 6 }, claude, "contradictory_usage"],
  [{ input: 10, cacheWrite1h: 11 }, claude, "contradictory_usage"],
  [{ input: 10, output: 5, reasoning: 6 }, claude, "contradictory_usage"],
  [{ input: -1, output: 5 }, claude, "contradictory_usage"],
  [{ input: 1.5, output: 5 }, claude, "contradictory_usage"],
  [{ input: Number.NaN, output: 5 }, claude, "contradictory_usage"],
  [{ input: 2 ** 53, output: 5 }, claude, "contradictory_usage"],
  [{ input: 10, output: 5 }, card({ output: 1 }), "no_rate:input"],
  [{ input: 10, output: 5 }, card({ input: 1 }), "no_rate:output"],
  [{ input: 10, cacheRead: 10 }, card({ output: 1 }), "no_rate:cache_read"],
  [
    { input: 10, cacheWrite: 10, cacheWrite1h: 1 },
    card({ input: 1, cache_write: 2 }),
    "no_rate:cache_write_1h",
  ],
  [{ input: 10, cacheWrite: 10, cacheWrite1h: 1 }, plain, "no_rate:cache_write_1h"],
  [
    { input: 1, output: 5 },
    card(
      { input: 1, output: 2 },
      { outputByModality: { audio: true, image: false, other: false } },
    ),
    "no_rate:output_modality",
  ],
  [{ input: Number.MAX_SAFE_INTEGER, output: 0 }, card({ input: 1000 }), "out_of_range"],
])("%j is unpriced: %#", (counts, prices, reason) => {
  expect(costOf(usage(counts), prices)).toEqual({ kind: "unpriced", reason });
});

test("the largest record is priced, a pico-dollar more is not", () => {
  const whole = { input: 999_999_999_999, output: 0 };
  const cents = card({ input: 1_000_000, output: 1, request: 0.999999999999 * million });
  expect(shown(costOf(usage({ input: 999_999, output: 0 }), cents))).toBe(
    "999999 ? ? 0 0.999999999999 = 999999.999999999999",
  );
  expect(shown(costOf(usage({ ...whole, input: 1_000_000 }), cents))).toBe("out_of_range");
});

const sound = card(
  {
    input: 4,
    cache_read: 0.4,
    output: 16,
    input_audio: 32,
    cache_read_audio: 0.5,
    output_audio: 64,
    input_image: 5,
  },
  { outputByModality: { audio: true, image: false, other: false } },
);
const picture = card(
  { input: 2, output: 10, output_image: 30 },
  { outputByModality: { audio: false, image: true, other: false } },
);

test.each<[string, Counts, PriceCard, string]>([
  [
    "sound and pictures at their own rates, the rest as text",
    { input: 10 * million, inputAudio: 3 * million, inputImage: 2 * million, output: 0 },
    sound,
    // 5 × 4 + 3 × 32 + 2 × 5
    "126 ? ? 0 0 = 126",
  ],
  [
    "sound out of the cache within the cached part, and no longer within the input",
    {
      input: 10 * million,
      cacheRead: 4 * million,
      inputAudio: 3 * million,
      cacheReadAudio: million,
      output: 0,
    },
    sound,
    // 4 × 4 + 2 × 32, and 3 × 0.4 + 1 × 0.5
    "80 1.7 ? 0 0 = 81.7",
  ],
  [
    "sound in the answer, reasoning within its text",
    { input: 0, output: 10 * million, outputAudio: 4 * million, reasoning: million },
    sound,
    // 5 × 16 + 1 × 16 + 4 × 64
    "0 ? ? 352 0 = 352",
  ],
  [
    "an answer without sound, which is said",
    { input: 0, output: million, outputAudio: 0 },
    sound,
    "0 ? ? 16 0 = 16",
  ],
  [
    "a picture as the answer",
    { input: million, output: 2 * million, outputImage: million },
    picture,
    "2 ? ? 40 0 = 42",
  ],
  [
    "no rates for sound and pictures: the text's, as the catalogue does",
    { input: 3 * million, inputAudio: million, inputImage: million, output: 2, outputAudio: 1 },
    plain,
    "3 ? ? 0.000004 0 = 3.000004",
  ],
  [
    "a rate for cached sound alone: fresh sound is text",
    {
      input: 3 * million,
      cacheRead: million,
      inputAudio: 2 * million,
      cacheReadAudio: million,
      output: 0,
    },
    card({ input: 1, output: 9, cache_read_audio: 0.5 }),
    "2 0.5 ? 0 0 = 2.5",
  ],
  [
    "cached sound where the card has no cache: the sound's",
    { input: million, cacheRead: million, inputAudio: million, cacheReadAudio: million, output: 0 },
    card({ input: 1, output: 2, input_audio: 7 }),
    "0 7 ? 0 0 = 7",
  ],
  [
    "pictures out of the cache, where pictures cost what text costs",
    { input: 10, cacheRead: 8, inputImage: 9, output: 0 },
    plain,
    "0.000002 0.000008 ? 0 0 = 0.00001",
  ],
  [
    "searches of the web beside the tokens",
    { input: million, output: 0, webSearches: 3 },
    card({ input: 1, output: 2, web_search: 10_000 }),
    "1 ? ? 0 0.03 = 1.03",
  ],
  [
    "searches that nobody told of",
    { input: million, output: 0 },
    card({ input: 1, output: 2, web_search: 10_000 }),
    "1 ? ? 0 0 = 1",
  ],
])("%s", (_claim, counts, prices, expected) => {
  expect(shown(costOf(usage(counts), prices))).toBe(expected);
});

test.each<[string, Counts, PriceCard, string]>([
  ["more sound than input", { input: 5, inputAudio: 6 }, plain, "contradictory_usage"],
  [
    "sound and pictures together more than the output",
    { output: 5, outputAudio: 3, outputImage: 3 },
    plain,
    "contradictory_usage",
  ],
  [
    "more sound out of the cache than there was sound",
    { input: 9, cacheRead: 5, inputAudio: 2, cacheReadAudio: 3 },
    plain,
    "contradictory_usage",
  ],
  ["half a search", { input: 5, output: 0, webSearches: 0.5 }, plain, "contradictory_usage"],
  [
    "pictures that may be cached, at rates of their own",
    { input: 10, cacheRead: 1, inputImage: 5, output: 0 },
    sound,
    "no_rate:input_modality",
  ],
  [
    "sound that may be cached, at rates of its own",
    { input: 10, cacheRead: 1, inputAudio: 5, output: 0 },
    sound,
    "no_rate:input_modality",
  ],
  [
    "sound that leaves no room for what was written to the cache",
    { input: 10, cacheRead: 0, cacheWrite: 6, inputAudio: 5, output: 0 },
    sound,
    "no_rate:input_modality",
  ],
  [
    "cached sound where the card has a rate for sound and one for the cache",
    { input: 9, cacheRead: 5, inputAudio: 5, cacheReadAudio: 5, output: 0 },
    card({ input: 1, cache_read: 0.1, input_audio: 7 }),
    "no_rate:cache_read_audio",
  ],
  [
    "output of which nobody says how much is sound",
    { input: 1, output: 5 },
    sound,
    "no_rate:output_modality",
  ],
  [
    "sound and reasoning that do not fit into the output together",
    { input: 0, output: 5, outputAudio: 4, reasoning: 3 },
    sound,
    "no_rate:output_modality",
  ],
  [
    "video, which no usage tells",
    { input: 0, output: 5, outputAudio: 0, outputImage: 0 },
    card({ output: 1 }, { outputByModality: { audio: false, image: false, other: true } }),
    "no_rate:output_modality",
  ],
  ["searches without a rate", { input: 1, output: 1, webSearches: 1 }, plain, "no_rate:web_search"],
  [
    "cached tokens in a tier that nobody says the rate of",
    { input: 5, cacheRead: 5, output: 0 },
    card({ input: 1, output: 2 }, { unknownCells: new Set(["cache_read"]) }),
    "no_rate:cache_read",
  ],
])("%s has no price", (_claim, counts, prices, reason) => {
  expect(shown(costOf(usage(counts), prices))).toBe(reason);
});

const shared: GpuHour = {
  picoUsd: 5_000_000_000_000n,
  microCalls: 8_000_000n,
  source: "contract",
  note: "our machine",
  effective: always,
};
const machine = card({ input: 0, output: 0 }, { gpuHour: shared, tokensAreFree: true });

test.each<[string, Counts, number | undefined, string]>([
  // 5 USD × 4.6 s / 3,600 s / 8
  [
    "tokens known",
    { input: 100, output: 20 },
    4_600_000,
    "0 ? ? 0 0.000798611111 = 0.000798611111",
  ],
  ["tokens unknown", {}, 4_600_000, "? ? ? ? 0.000798611111 = 0.000798611111"],
  ["a whole hour", {}, 3_600_000_000, "? ? ? ? 0.625 = 0.625"],
  ["no time known", { input: 100, output: 20 }, undefined, "no_duration"],
  ["a clock that was set back", { input: 100, output: 20 }, 0, "no_duration"],
  ["a time that is none", { input: 100, output: 20 }, Number.NaN, "no_duration"],
])(
  "a call on a shared machine with %s costs its share of the time",
  (_claim, counts, micros, expected) => {
    expect(shown(costOf(usage(counts), machine, micros))).toBe(expected);
  },
);

test("a rate that is published up to a size holds for no larger input", () => {
  const { input, output } = card({ input: 5, output: 30 }).cells;
  const upTo = 271_999;
  if (input === undefined || output === undefined) throw new Error("no cells");
  const cells = { ...noCells, input: { ...input, upTo }, output: { ...output, upTo } };
  const fast = card({}, { cells });
  expect(shown(costOf(usage({ input: 271_999, output: 0 }), fast))).toBe(
    "1.359995 ? ? 0 0 = 1.359995",
  );
  expect(shown(costOf(usage({ input: 272_000, output: 0 }), fast))).toBe("no_rate:tier");
  expect(shown(costOf(usage({ output: 5 }), fast))).toBe("no_rate:tier");
});

test("a cost says which layers its own parts came from, and not what the card has beside", () => {
  const mixed = card({ input: 1, cache_read: 0.1, output: 2 });
  const cached = mixed.cells.cache_read;
  if (cached === undefined) throw new Error("no cell");
  const cells = { ...mixed.cells, cache_read: { ...cached, layers: Layer.contract } };
  const layersOf = (counts: Counts) => {
    const answer = costOf(usage(counts), { ...mixed, cells });
    return "kind" in answer ? answer.reason : answer.layers;
  };
  expect(layersOf({ input: 5, cacheRead: 0, output: 5 })).toBe(Layer.catalogue);
  expect(layersOf({ input: 5, cacheRead: 5, output: 5 })).toBe(Layer.catalogue | Layer.contract);
  expect(layersOf({ input: 5, cacheRead: 5, output: 0 })).toBe(Layer.contract);
});
