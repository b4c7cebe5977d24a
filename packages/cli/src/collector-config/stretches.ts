import type { PriceBook } from "@spancost/pricing";
import { type CardRates, type ModelName, ratesOf } from "./rates.ts";

/** A stretch of time through which a model's prices stay the same. */
export interface Stretch {
  /** Milliseconds since 1970, half-open; `undefined` is open. */
  readonly from: number | undefined;
  readonly until: number | undefined;
  readonly tier: string;
  readonly priceId: string;
  readonly prices: CardRates;
}

/** A model without a price at the time that was asked for. */
export interface WithoutPrice {
  readonly reason: string;
}

/** More changes are known of no model. */
const maxStretches = 20;

/** Tiers that some providers sell at prices of their own. */
export const tiers = ["standard", "flex", "priority", "batch"] as const;

/**
 * The prices of a model from `since` on, as far as they are known today: one stretch, and one more for each change that
 * the catalogue or a contract dates.
 *
 * @param since milliseconds since 1970
 */
export function stretchesOf(
  book: PriceBook,
  name: ModelName,
  since: number,
): readonly Stretch[] | WithoutPrice {
  const standard = book.card({ ...name, at: since });
  const all = tiers.flatMap((tier) => ofTier(book, name, tier, since));
  if (all.length > 0) return all;
  return { reason: standard.kind === "unpriced" ? standard.reason : "no rate" };
}

function ofTier(book: PriceBook, name: ModelName, tier: string, since: number): Stretch[] {
  const found: Stretch[] = [];
  let at: number | undefined = since;
  while (at !== undefined && found.length < maxStretches) {
    const card = book.card({ ...name, at, tier });
    if (card.kind === "unpriced") break;
    const dates = Object.values(card.cells).flatMap((cell) =>
      cell === undefined ? [] : [cell.effective],
    );
    if (card.gpuHour !== undefined) dates.push(card.gpuHour.effective);
    const from = latest(dates.map((each) => each.from));
    const until = earliest(dates.map((each) => each.until));
    const prices = ratesOf(book, name, tier, at, card);
    found.push({ from, until, tier, priceId: card.priceId, prices });
    at = until !== undefined && until > at ? until : undefined;
  }
  return found;
}

function latest(dates: readonly (string | undefined)[]): number | undefined {
  const known = dates.filter((date) => date !== undefined).map((date) => Date.parse(date));
  return known.length === 0 ? undefined : Math.max(...known);
}

function earliest(dates: readonly (string | undefined)[]): number | undefined {
  const known = dates.filter((date) => date !== undefined).map((date) => Date.parse(date));
  return known.length === 0 ? undefined : Math.min(...known);
}
