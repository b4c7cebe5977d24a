import { type Usage, unknownUsage } from "@spancost/semconv";
import { expect, test } from "vitest";
import { type CostParts, costOf } from "./cost.ts";
import { exactUsd } from "./format-money.ts";
import type { Cell, CellName, PriceCard } from "./price-card.ts";
import { cellNames } from "./price-card.ts";
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

/** A card with these USD rates per million. */
function card(prices: Prices, more: Partial<PriceCard> = {}): PriceCard {
  const cells = {} as Record<CellName, Cell | undefined>;
  for (const name of cellNames) {
    const price = prices[name];
    const rate = typeof price === "number" ? flat(price) : price;
    const effective = { from: undefined, until: undefined, hours: undefined };
    cells[name] = rate === undefined ? undefined : { rate, source: "test", effective };
  }
  return {
    kind: "card",
    provider: "p",
    model: "m",
    priceId: "p/m",
    match: { by: "exact", provider: "stated", model: "response", asked: "m" },
    source: "test",
    cells,
    free: false,
    outputByModality: false,
    notCounted: [],
    ...more,
  };
}

/** "input cacheRead cacheWrite output other = total" in USD; "?" is unknown. Or the reason. */
function shown(cost: CostParts | Unpriced): string {
  if ("kind" in cost) return cost.reason;
  const { input, cacheRead, cacheWrite, output, other, total } = cost;
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
    card({ input: 1, output: 2 }, { outputByModality: true }),
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
