import type { MatchedBy } from "./matched-by.ts";
import { Layer, type LayerNames, type Layers } from "./price-layers.ts";
import type { TieredRate } from "./rates.ts";

/** What a card has a rate for, per million tokens. `input`, `cache_read` and `output` are those of text. */
export const tokenCells = [
  "input",
  "cache_read",
  "cache_write",
  "cache_write_1h",
  "output",
  "reasoning",
  "input_audio",
  "cache_read_audio",
  "output_audio",
  "input_image",
  "output_image",
] as const;

/** What a card has a rate for, per million pieces: calls, and searches of the web that the provider made. */
export const pieceCells = ["request", "web_search"] as const;

export const cellNames = [...tokenCells, ...pieceCells] as const;

export type CellName = (typeof cellNames)[number];

export type Cells = Readonly<Record<CellName, Cell | undefined>>;

/** When a rate holds. All `undefined`: as far as its source knows, always. */
export interface Effective {
  /** First day, UTC, such as "2026-08-21"; an instant such as "2026-08-21T09:30:00.000Z" in a contract. */
  readonly from: string | undefined;
  /** First day or instant at which it holds no longer. */
  readonly until: string | undefined;
  /** Daily window, such as "01:00:00Z-04:00:00Z", or "outside" of some. */
  readonly hours: string | undefined;
}

/** One rate, where it comes from and when it holds. */
export interface Cell {
  readonly rate: TieredRate;
  /** Such as "genai-prices@0.1.8", "overlay" or "contract@1a2b3c4d5e6f+genai-prices@0.1.8". */
  readonly source: string;
  /** The layers that `source` names. */
  readonly layers: Layers;
  /** Further layers that the rates of long inputs come from. */
  readonly longLayers?: Layers;
  /** Which entry of a contract, or why a row of the overlay is there; `undefined` for the catalogue's own. */
  readonly note: string | undefined;
  readonly effective: Effective;
  /** Total input above which nobody says the rate; `undefined`: it holds for any. */
  readonly upTo: number | undefined;
}

/** What an hour of the machine costs that a call ran on. A call costs its share of the time it took. */
export interface GpuHour {
  /** Of all GPUs together, in 10^-12 USD. */
  readonly picoUsd: bigint;
  /** How many calls share the machine at a time, in millionths. */
  readonly microCalls: bigint;
  readonly source: string;
  readonly note: string;
  readonly effective: Effective;
}

/** How a call came to its card. */
export interface Match {
  /** How the model's name met the catalogue's rule; "prefix" and "contains" may be a stranger. */
  readonly by: MatchedBy;
  /** The provider as the span states it, or found by the model's name where it states none we know. */
  readonly provider: "stated" | "by_model";
  /** Which of the call's two model names was priced. */
  readonly model: "response" | "request";
  /** The name as the catalogue was asked for it. */
  readonly asked: string;
}

/** A price of the catalogue that no cost contains, since spans do not count its unit. */
export interface NotCounted {
  /** The catalogue's name with its unit, such as "storage_searches_kcount": USD per 1,000 searches. */
  readonly key: string;
  readonly usd: string;
}

/** The prices of one model at one time, each with its source. */
export interface PriceCard {
  readonly kind: "card";
  /** The catalogue's ids, such as "openai" and "gpt-5-mini"; the call's own names where only a contract knows it. */
  readonly provider: string;
  readonly model: string;
  /**
   * "openai/gpt-5-mini", or "contract/qwen3-32b" where only a contract knows the model. What is less than
   * certain about the match follows a "#": "openai/gpt-5-mini#provider_by_model,prefix".
   */
  readonly priceId: string;
  /** The same for a call that read from a cache: a doubt more where the card has no rate for that. */
  readonly cacheReadPriceId: string;
  readonly match: Match;
  /** The service tier that the rates are of: "standard", "flex" … */
  readonly tier: string;
  /** Where its input and output rates come from. */
  readonly source: string;
  readonly layerNames: LayerNames;
  /** Layers that every cost by this card has, whatever was used: of an alias, of a moved clock. */
  readonly baseLayers: Layers;
  readonly cells: Cells;
  /** Cells whose rate nobody says although the model has one in the standard tier: nothing stands in for them. */
  readonly unknownCells: ReadonlySet<CellName>;
  readonly gpuHour: GpuHour | undefined;
  /** At other hours of the day it may be another one. */
  readonly dependsOnHour: boolean;
  /** The catalogue lists the model without prices, and its name says that it is free. */
  readonly free: boolean;
  /** A contract says that tokens cost nothing, so that their number need not be known. */
  readonly tokensAreFree: boolean;
  /** Kinds of output whose rates differ from the text's: without their split, output has no price. */
  readonly outputByModality: OutputModalities | undefined;
  readonly notCounted: readonly NotCounted[];
}

/** Which kinds of output have rates of their own. */
export interface OutputModalities {
  readonly audio: boolean;
  readonly image: boolean;
  /** Something that no usage tells, such as video: output has no price at all. */
  readonly other: boolean;
}

/** Cells with no rate in them. */
export const noCells: Cells = Object.fromEntries(
  cellNames.map((name) => [name, undefined]),
) as Record<CellName, undefined>;

/** The ids of a card's prices, each together with every doubt about it. */
export function priceIdsOf(
  provider: string,
  model: string,
  match: Match,
  fellBack: boolean,
  cells: Cells,
): Pick<PriceCard, "priceId" | "cacheReadPriceId"> {
  const doubts: string[] = [];
  if (match.provider === "by_model") doubts.push("provider_by_model");
  if (fellBack) doubts.push("request_model");
  if (match.by === "prefix" || match.by === "contains") doubts.push(match.by);
  const idWith = (all: readonly string[]) =>
    all.length === 0 ? `${provider}/${model}` : `${provider}/${model}#${all.join(",")}`;
  const priceId = idWith(doubts);
  return {
    priceId,
    cacheReadPriceId: lacksCacheRate(cells) ? idWith([...doubts, "cache_at_input_rate"]) : priceId,
  };
}

/**
 * Whether cached tokens have the rate of input only for want of one of their own: the provider may sell them for less, so
 * that a cost with them is an upper bound. A contract's own rates say what is meant by leaving one out.
 */
function lacksCacheRate({ input, cache_read }: Cells): boolean {
  return cache_read === undefined && input !== undefined && (input.layers & ~Layer.contract) !== 0;
}
