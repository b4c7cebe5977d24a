import type { ModelInfo, ModelPrice, PriceCalculation, TieredPrices } from "@pydantic/genai-prices";
import type { CellName, Cells, Effective, NotCounted } from "./price-card.ts";
import { cellNames, noCells } from "./price-card.ts";
import { Layer } from "./price-layers.ts";
import { flatRate, formatRate, rateFromNumber, type TieredRate, timesRate } from "./rates.ts";

/** The catalogue's keys for what a card has a cell for. `_mtok`: per million tokens; `_kcount`: per 1,000. */
const priceKeys: Readonly<Record<CellName, string>> = {
  input: "input_mtok",
  cache_read: "cache_read_mtok",
  cache_write: "cache_write_mtok",
  cache_write_1h: "cache_write_1h_mtok",
  output: "output_mtok",
  reasoning: "output_reasoning_mtok",
  input_audio: "input_audio_mtok",
  cache_read_audio: "cache_audio_read_mtok",
  output_audio: "output_audio_mtok",
  input_image: "input_image_mtok",
  output_image: "output_image_mtok",
  request: "requests_kcount",
  web_search: "web_searches_kcount",
};

const counted: ReadonlySet<string> = new Set(Object.values(priceKeys));

/** Output that no usage tells. */
const otherOutput = "output_video_mtok";

/** The prices of the lower layers: the catalogue, completed by the overlay. */
export interface ListPrices {
  readonly cells: Cells;
  readonly unknownCells: ReadonlySet<CellName>;
  readonly free: boolean;
  /** There is a rate for output that no usage tells, such as video. */
  readonly otherOutput: boolean;
  readonly notCounted: readonly NotCounted[];
}

/**
 * The prices in an answer of the catalogue, in our own numbers and with nothing shared.
 *
 * A model without any price is free only where its name says so (":free", as OpenRouter marks them).
 */
export function pricesOf(answer: PriceCalculation, source: string): ListPrices {
  const prices = answer.model_price;
  const keys = Object.keys(prices).filter((key) => prices[key] !== undefined);
  return {
    cells: cellsOf(prices, source, effectiveOf(answer.model, prices)),
    unknownCells: new Set(),
    free: keys.length === 0 && answer.model.id.endsWith(":free"),
    otherOutput: keys.includes(otherOutput),
    notCounted: keys.filter((key) => !counted.has(key)).map((key) => notCounted(key, prices[key])),
  };
}

function cellsOf(prices: ModelPrice, source: string, effective: Effective): Cells {
  const cells = { ...noCells };
  for (const name of cellNames) {
    const key = priceKeys[name];
    const price = tieredRate(prices[key]);
    if (price === undefined) continue;
    const rate = key.endsWith("_kcount") ? timesRate(price, 1000n) : price;
    const layers = Layer.catalogue;
    cells[name] = { rate, source, layers, note: undefined, effective, upTo: undefined };
  }
  return cells;
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

/**
 * When the prices hold: the entry of the model's list that they stand in, until the next day that starts one. Entries for
 * hours of the day that follow it, up to that day's, go before it in their hours.
 */
function effectiveOf(model: ModelInfo, prices: ModelPrice): Effective {
  if (!Array.isArray(model.prices)) return always;
  const at = model.prices.findIndex((entry) => entry.prices === prices);
  const own = model.prices[at]?.constraint;
  const later = model.prices.slice(at + 1).map(({ constraint }) => constraint);
  const nextAt = later.findIndex((constraint) => constraint?.type === "start_date");
  const next = later[nextAt];
  const others = (nextAt < 0 ? later : later.slice(0, nextAt)).flatMap((constraint) =>
    constraint?.type === "time_of_date" ? [hoursOf(constraint)] : [],
  );
  return {
    from: own?.type === "start_date" ? own.start_date : undefined,
    until: next?.type === "start_date" ? next.start_date : undefined,
    hours:
      own?.type === "time_of_date"
        ? hoursOf(own)
        : others.length > 0
          ? `outside ${others.join(", ")}`
          : undefined,
  };
}

function hoursOf(day: { readonly start_time: string; readonly end_time: string }): string {
  return `${day.start_time}-${day.end_time}`;
}
