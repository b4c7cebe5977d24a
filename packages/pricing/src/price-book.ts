import { type Usage, unknownUsage } from "@spancost/semconv";
import { BoundedMemo } from "./bounded-memo.ts";
import { type Candidate, candidatesFor } from "./candidates.ts";
import { type CostParts, contradicts, costOf } from "./cost.ts";
import { findModel } from "./find-model.ts";
import { ModelCards } from "./model-cards.ts";
import { overlaySource } from "./overlay.ts";
import type { Match, PriceCard } from "./price-card.ts";
import { providerNamed } from "./providers.ts";
import { specialTier } from "./service-tier.ts";
import { instantOf } from "./timeline.ts";
import { type Unpriced, unpriced } from "./unpriced.ts";

/** What a call says of itself, as far as its price depends on it. */
export interface CallToPrice {
  /** As the span states it: "openai", "gcp.vertex_ai", "openai.responses", or anything else. */
  readonly provider: string | undefined;
  readonly requestModel: string | undefined;
  readonly responseModel: string | undefined;
  /** Milliseconds since 1970. The price of that instant holds. */
  readonly startedAt: number | Date;
  readonly usage: Usage;
  /** The tier that served the call; where only the request's is known, that one. */
  readonly serviceTier: string | undefined;
  /** Whose bill it is on, and where it ran: contract prices may depend on them. */
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  /** How long the call took, in microseconds: what a share of a GPU's hour depends on. */
  readonly durationMicros?: number | undefined;
}

/** A use of a tool, as far as a price may depend on it. */
export interface ToolUse {
  readonly tool: string;
  readonly operation?: string | undefined;
  readonly provider?: string | undefined;
  /** Priced units that it used, where the span says so; unknown is one. */
  readonly units: number | undefined;
  /** Milliseconds since 1970. */
  readonly startedAt: number | Date;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

export interface Priced {
  readonly kind: "priced";
  readonly cost: CostParts;
  /** "genai-prices@0.1.8", with "+overlay" where a rate of the overlay went into the cost. */
  readonly source: string;
  /** "openai/gpt-5-mini"; doubts about the match follow a "#". */
  readonly priceId: string;
  readonly match: Match;
}

export interface CardQuery {
  readonly model: string;
  readonly provider?: string | undefined;
  /** Milliseconds since 1970. */
  readonly at: number | Date;
}

/** Prices of models, and what calls cost by them. Nothing here throws, whatever a span says. */
export interface PriceBook {
  price(call: CallToPrice): Priced | Unpriced;
  /** What a use of a tool costs by a contract, or `undefined` where none has a price for it. */
  priceTool(use: ToolUse): Priced | undefined;
  /** The prices of one model at one time, each with its source, or why there are none. */
  card(query: CardQuery): PriceCard | Unpriced;
  /** The models of the catalogue that a partial name may mean, best first. */
  candidates(model: string): readonly Candidate[];
}

/** Models in use at a time. An entry takes 2.6 kB, measured, so that two full generations hold 5 MB. */
const memoSize = 1_000;

/** Longer names are not kept in memory. Real ones fit: a name of a model has up to 512 characters. */
const maxKeyLength = 1_200;

/**
 * A book on the bundled catalogue and the overlay.
 *
 * The response's model is priced, since a request may name an alias; where the catalogue does not know
 * it, the request's. At Bedrock the request's comes first, for only it names the inference profile, whose
 * region makes a difference of 10 %.
 */
export function createPriceBook(): PriceBook {
  const memo = new BoundedMemo<ModelCards | Unpriced>(memoSize);

  function cardsOf(call: CallToPrice): ModelCards | Unpriced {
    const provider = text(call.provider);
    const request = text(call.requestModel);
    const response = text(call.responseModel);
    const key = keyOf(provider ?? "", response ?? "", request ?? "");
    const known = memo.get(key);
    if (known !== undefined) return known;
    const cards = findCards(provider, request, response);
    if (key.length <= maxKeyLength) memo.set(key, cards);
    return cards;
  }

  return {
    price(call) {
      const usage = call.usage ?? unknownUsage;
      // Before anything about prices: no price added later can cure it.
      if (usage.input === undefined && usage.output === undefined) return unpriced("no_usage");
      if (contradicts(usage)) return unpriced("contradictory_usage");
      const at = instantOf(call.startedAt);
      if (at === undefined) return unpriced("no_time");
      const cards = cardsOf(call);
      const card = cards instanceof ModelCards ? cards.at(at) : cards;
      if (card.kind === "unpriced") return card;
      const tier = specialTier(text(call.serviceTier));
      if (tier !== undefined) return unpriced(`no_rate:service_tier=${tier}`);
      return pricedBy(card, usage);
    },
    priceTool: () => undefined,
    card({ model, provider, at }) {
      const instant = instantOf(at);
      if (instant === undefined) return unpriced("no_time");
      const cards = findCards(text(provider), text(model), undefined);
      return cards instanceof ModelCards ? cards.at(instant) : cards;
    },
    candidates: (model) => candidatesFor(model),
  };
}

function pricedBy(card: PriceCard, usage: Usage): Priced | Unpriced {
  const cost = costOf(usage, card);
  if ("kind" in cost) return cost;
  const overlaid =
    (usage.cacheWrite1h ?? 0) > 0 && card.cells.cache_write_1h?.source === overlaySource;
  const source = overlaid ? `${card.source}+${overlaySource}` : card.source;
  return { kind: "priced", cost, source, priceId: card.priceId, match: card.match };
}

/** No two different calls have the same key, whatever their names hold. */
function keyOf(provider: string, response: string, request: string): string {
  return `${provider.length} ${response.length} ${provider}${response}${request}`;
}

/** What a span says where a text is expected may be anything; nothing but a text with content counts. */
function text(value: string | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function findCards(
  provider: string | undefined,
  request: string | undefined,
  response: string | undefined,
): ModelCards | Unpriced {
  const byRequest = { name: request, model: "request", fellBack: false } as const;
  const byResponse = { name: response, model: "response", fellBack: false } as const;
  const stated = providerNamed(provider);
  const order =
    stated?.kind === "catalogue" && stated.id === "aws"
      ? [byRequest, byResponse]
      : [byResponse, { ...byRequest, fellBack: response !== undefined }];
  let reason: Unpriced = unpriced("no_model");
  for (const { name, ...named } of order) {
    if (name === undefined) continue;
    const found = findModel(provider, name);
    if (found.kind === "found") return new ModelCards(found, named);
    reason = found;
  }
  return reason;
}
