import type { ModelInfo, ModelPrice, PriceCalculation, TieredPrices } from "@pydantic/genai-prices";
import type { Cell, CellName, Effective, NotCounted, PriceCard } from "./price-card.ts";
import { cellNames } from "./price-card.ts";
import { flatRate, formatRate, rateFromNumber, type TieredRate, timesRate } from "./rates.ts";

/** The catalogue's keys for what a card has a cell for. `_mtok`: per million tokens; `_kcount`: per 1,000. */
const priceKeys: Readonly<Record<CellName, string>> = {
  input: "input_mtok",
  cache_read: "cache_read_mtok",
  cache_write: "cache_write_mtok",
  cache_write_1h: "cache_write_1h_mtok",
  output: "output_mtok",
  reasoning: "output_reasoning_mtok",
  request: "requests_kcount",
};

const counted: ReadonlySet<string> = new Set(Object.values(priceKeys));

const modalityOfOutput = /^output_(?:audio|image|video)_mtok$/;

/** What a card takes from the catalogue; the rest of it says how a call came to it. */
export type CardPrices = Pick<PriceCard, "cells" | "free" | "outputByModality" | "notCounted">;

/**
 * The prices in an answer of the catalogue, in our own numbers and with nothing shared.
 *
 * A model without any price is free only where its name says so (":free", as OpenRouter marks them).
 */
export function pricesOf(answer: PriceCalculation, source: string): CardPrices {
  const prices = answer.model_price;
  const effective = effectiveOf(answer.model, prices);
  const cells: Record<string, Cell | undefined> = {};
  for (const name of cellNames) cells[name] = cellOf(name, prices, source, effective);
  const keys = Object.keys(prices).filter((key) => prices[key] !== undefined);
  return {
    cells: cells as Record<CellName, Cell | undefined>,
    free: keys.length === 0 && answer.model.id.endsWith(":free"),
    outputByModality: keys.some((key) => modalityOfOutput.test(key)),
    notCounted: keys.filter((key) => !counted.has(key)).map((key) => notCounted(key, prices[key])),
  };
}

function cellOf(
  name: CellName,
  prices: ModelPrice,
  source: string,
  effective: Effective,
): Cell | undefined {
  const price = tieredRate(prices[priceKeys[name]]);
  if (price === undefined) return undefined;
  return { rate: name === "request" ? timesRate(price, 1000n) : price, source, effective };
}

function tieredRate(price: number | TieredPrices | undefined): TieredRate | undefined {
  if (price === undefined) return undefined;
  if (typeof price === "number") {
    const rate = rateFromNumber(price);
    return rate === undefined ? undefined : flatRate(rate);
  }
  const base = rateFromNumber(price.base);
  const tiers = price.tiers.map(({ start, price: usd }) => ({
    above: start,
    rate: rateFromNumber(usd),
  }));
  tiers.sort((a, b) => a.above - b.above);
  if (base === undefined || tiers.some(({ rate }) => rate === undefined)) return undefined;
  return { base, tiers } as TieredRate;
}

function notCounted(key: string, price: number | TieredPrices | undefined): NotCounted {
  const rate = tieredRate(price)?.base;
  return { key, usd: rate === undefined ? "unknown" : formatRate(rate) };
}

const always: Effective = { from: undefined, until: undefined, hours: undefined };

/** When the prices hold: the entry of the model's list that they stand in, until the next day that starts one. */
function effectiveOf(model: ModelInfo, prices: ModelPrice): Effective {
  if (!Array.isArray(model.prices)) return always;
  const at = model.prices.findIndex((entry) => entry.prices === prices);
  const own = model.prices[at]?.constraint;
  const next = model.prices
    .slice(at + 1)
    .map(({ constraint }) => constraint)
    .find((constraint) => constraint?.type === "start_date");
  return {
    from: own?.type === "start_date" ? own.start_date : undefined,
    until: next?.type === "start_date" ? next.start_date : undefined,
    hours: own?.type === "time_of_date" ? `${own.start_time}-${own.end_time}` : undefined,
  };
}
