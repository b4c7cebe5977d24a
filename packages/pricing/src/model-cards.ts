import type { PriceCalculation } from "@pydantic/genai-prices";
import { pricesOf } from "./catalogue-card.ts";
import { sourceOf } from "./catalogue-version.ts";
import { askCatalogue, type FoundModel } from "./find-model.ts";
import { overlayClock, overlaySource, withOverlay } from "./overlay.ts";
import { isEmpty, type Match, type PriceCard, priceIdOf } from "./price-card.ts";
import { stretchAt, type Timeline, timelineOf } from "./timeline.ts";
import { type Unpriced, unpriced } from "./unpriced.ts";

/** Which of a call's names led to the model. */
export interface NamedBy {
  readonly model: Match["model"];
  /** The response's model was named, and the catalogue does not know it. */
  readonly fellBack: boolean;
}

/**
 * The price cards of one model, by time.
 *
 * A card is made when the first call of its stretch of the timeline needs it, and kept: a model has few
 * stretches, one in nearly all cases, so that this memo is bounded by the catalogue.
 */
export class ModelCards {
  readonly #found: FoundModel;
  readonly #named: NamedBy;
  readonly #timeline: Timeline;
  readonly #clock: ((millis: number) => number) | undefined;
  readonly #cards: (PriceCard | Unpriced | undefined)[] = [];

  constructor(found: FoundModel, named: NamedBy) {
    this.#found = found;
    this.#named = named;
    const model = askCatalogue(found.provider, found.asked, 0)?.model;
    this.#timeline = model === undefined ? { starts: [], edges: [] } : timelineOf(model);
    this.#clock = model === undefined ? undefined : overlayClock(found.provider, model.id);
  }

  /** The card that holds at an instant in milliseconds since 1970, which must be one. */
  at(millis: number): PriceCard | Unpriced {
    const instant = this.#clock?.(millis) ?? millis;
    const slot = 2 * stretchAt(this.#timeline, millis) + (instant === millis ? 0 : 1);
    this.#cards[slot] ??= this.#make(millis, instant);
    return this.#cards[slot];
  }

  #make(millis: number, instant: number): PriceCard | Unpriced {
    const { provider, asked } = this.#found;
    const answer = askCatalogue(provider, asked, instant);
    if (answer === undefined) return unpriced("unknown_model");
    const source = sourceOf(answer.provider);
    const moved =
      instant !== millis &&
      askCatalogue(provider, asked, millis)?.model_price !== answer.model_price;
    const card = this.#card(answer, moved ? `${source}+${overlaySource}` : source);
    return isEmpty(card) ? unpriced("empty_card") : card;
  }

  #card(answer: PriceCalculation, source: string): PriceCard {
    const { provider, asked, by, providerBy } = this.#found;
    const model = answer.model.id;
    const match: Match = { by, provider: providerBy, model: this.#named.model, asked };
    const prices = pricesOf(answer, source);
    return {
      kind: "card",
      provider,
      model,
      priceId: priceIdOf(provider, model, match, this.#named.fellBack),
      match,
      source,
      ...prices,
      cells: withOverlay(provider, model, prices.cells),
    };
  }
}
