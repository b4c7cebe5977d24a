import type { MatchedBy } from "./matched-by.ts";
import type { TieredRate } from "./rates.ts";

/** What a card has a rate for. All are per million tokens but `request`, which is per million calls. */
export const cellNames = [
  "input",
  "cache_read",
  "cache_write",
  "cache_write_1h",
  "output",
  "reasoning",
  "request",
] as const;

export type CellName = (typeof cellNames)[number];

/** When a rate holds. All `undefined`: as far as its source knows, always. */
export interface Effective {
  /** First day, UTC, such as "2026-08-21". */
  readonly from: string | undefined;
  /** First day on which it holds no longer. */
  readonly until: string | undefined;
  /** Daily window, such as "01:00:00Z-04:00:00Z". */
  readonly hours: string | undefined;
}

/** One rate, where it comes from and when it holds. */
export interface Cell {
  readonly rate: TieredRate;
  /** Such as "genai-prices@0.1.8" or "overlay". */
  readonly source: string;
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
  /** The catalogue's name with its unit, such as "web_searches_kcount": USD per 1,000 searches. */
  readonly key: string;
  readonly usd: string;
}

/** The prices of one model at one time, each with its source. */
export interface PriceCard {
  readonly kind: "card";
  /** The catalogue's ids, such as "openai" and "gpt-5-mini". */
  readonly provider: string;
  readonly model: string;
  /**
   * "openai/gpt-5-mini". What is less than certain about the match follows a "#":
   * "openai/gpt-5-mini#provider_by_model,prefix".
   */
  readonly priceId: string;
  readonly match: Match;
  /** Where its rates come from, without regard to single cells. */
  readonly source: string;
  readonly cells: Readonly<Record<CellName, Cell | undefined>>;
  /** The catalogue lists the model without prices, and its name says that it is free. */
  readonly free: boolean;
  /** Text, sound and image output have different rates. */
  readonly outputByModality: boolean;
  readonly notCounted: readonly NotCounted[];
}

/** Whether the card says nothing at all: such a model is unpriced, not free of charge. */
export function isEmpty(card: PriceCard): boolean {
  return (
    !card.free &&
    card.notCounted.length === 0 &&
    cellNames.every((name) => card.cells[name] === undefined)
  );
}

/** The id of a price together with every doubt about it. */
export function priceIdOf(
  provider: string,
  model: string,
  match: Match,
  fellBack: boolean,
): string {
  const doubts: string[] = [];
  if (match.provider === "by_model") doubts.push("provider_by_model");
  if (fellBack) doubts.push("request_model");
  if (match.by === "prefix" || match.by === "contains") doubts.push(match.by);
  return doubts.length === 0 ? `${provider}/${model}` : `${provider}/${model}#${doubts.join(",")}`;
}
