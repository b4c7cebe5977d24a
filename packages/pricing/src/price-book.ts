import { type Usage, unknownUsage } from "@spancost/semconv";
import { BoundedMemo } from "./bounded-memo.ts";
import { type Candidate, candidatesFor } from "./candidates.ts";
import type { Contract, ContractPrice } from "./contract/contract.ts";
import { ScopeClasses } from "./contract/scope-classes.ts";
import { contradicts } from "./contradicts.ts";
import { costOf } from "./cost.ts";
import { type CardsAsked, findCards } from "./find-cards.ts";
import { ModelCards } from "./model-cards.ts";
import type { PriceCard } from "./price-card.ts";
import { sourceNamed } from "./price-layers.ts";
import type { CallToPrice, Priced, ToolUse } from "./priced.ts";
import type { TieredRate } from "./rates.ts";
import { specialTier, standardTier } from "./service-tier.ts";
import { instantOf } from "./timeline.ts";
import { ToolPrices } from "./tool-price.ts";
import { type Unpriced, unpriced } from "./unpriced.ts";

export interface CardQuery {
  readonly model: string;
  readonly provider?: string | undefined;
  /** Milliseconds since 1970. */
  readonly at: number | Date;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  /** As spans have it; `undefined` is the standard one. */
  readonly tier?: string | undefined;
}

/** Prices of models, and what calls cost by them. Nothing here throws, whatever a span says. */
export interface PriceBook {
  price(call: CallToPrice): Priced | Unpriced;
  /** What a use of a tool costs by a contract, or `undefined` where none has a price for it. */
  priceTool(use: ToolUse): Priced | undefined;
  /** The prices of one model at one time, each with its source, or why there are none. */
  card(query: CardQuery): PriceCard | Unpriced;
  /** Some of a contract's prices hold for an account or a region alone. */
  readonly dependsOnPlace: boolean;
  /** The models of the catalogue that a partial name may mean, best first. */
  candidates(model: string): readonly Candidate[];
}

/** Models in use at a time. An entry takes 3 kB, measured, so that two full generations hold 6 MB. */
const memoSize = 1_000;

/** Longer names are not kept in memory. Real ones fit: a name of a model has up to 512 characters. */
const maxKeyLength = 1_200;

/** What the prices come from beside the bundled catalogue and the overlay. */
export interface PriceBookOptions {
  readonly contract?: Contract | undefined;
}

/** A book on a user's contract where there is one, the overlay, and the bundled catalogue. */
export function createPriceBook({ contract }: PriceBookOptions = {}): PriceBook {
  const memo = new BoundedMemo<ModelCards | Unpriced>(memoSize);
  const accounts = new ScopeClasses(contract, "account");
  const regions = new ScopeClasses(contract, "region");
  const tools = new ToolPrices(contract);
  let lastAsked: CardsAsked | undefined;
  let lastCards: ModelCards | Unpriced = unpriced("no_usage");
  const someNeedNoUsage = contract?.prices.some(needsNoUsage) ?? false;

  function cardsOf(call: CallToPrice, tier: string): ModelCards | Unpriced {
    const asked: CardsAsked = {
      provider: text(call.provider),
      request: text(call.requestModel),
      response: text(call.responseModel),
      account: shortText(call.account),
      region: shortText(call.region),
      tier,
    };
    // Calls of one run ask for one model again and again: that needs no key, which is a text to be made.
    if (lastAsked !== undefined && isSame(asked, lastAsked)) return lastCards;
    const key = keyOf(asked, accounts.of(asked.account), regions.of(asked.region));
    const known = memo.get(key);
    const cards = known ?? findCards(asked, contract);
    if (key.length <= maxKeyLength) {
      if (known === undefined) memo.set(key, cards);
      lastAsked = asked;
      lastCards = cards;
    }
    return cards;
  }

  return {
    price(call) {
      const usage = call.usage ?? unknownUsage;
      const hasNoUsage = usage.input === undefined && usage.output === undefined;
      // Before anything about prices: no price added later can cure it, but one for the time or the call.
      if (hasNoUsage && !someNeedNoUsage) return unpriced("no_usage");
      if (contradicts(usage)) return unpriced("contradictory_usage");
      const at = instantOf(call.startedAt);
      if (at === undefined) return unpriced("no_time");
      const cards = cardsOf(call, specialTier(text(call.serviceTier)) ?? standardTier);
      const card = cards instanceof ModelCards ? cards.at(at) : cards;
      if (card.kind === "unpriced") return hasNoUsage ? unpriced("no_usage") : card;
      return pricedBy(card, usage, call.durationMicros);
    },
    priceTool: (use) => tools.of(use),
    card({ model, provider, at, account, region, tier }) {
      const instant = instantOf(at);
      if (instant === undefined) return unpriced("no_time");
      const asked: CardsAsked = {
        provider: text(provider),
        request: text(model),
        response: undefined,
        account: shortText(account),
        region: shortText(region),
        tier: specialTier(text(tier)) ?? standardTier,
      };
      const cards = findCards(asked, contract);
      return cards instanceof ModelCards ? cards.at(instant) : cards;
    },
    dependsOnPlace:
      contract?.prices.some(({ account, region }) => (account ?? region) !== undefined) ?? false,
    candidates: (model) => candidatesFor(model),
  };
}

/** Whether an entry prices calls whose tokens nobody counted: by time, or with tokens for nothing. */
function needsNoUsage({ terms }: ContractPrice): boolean {
  if (terms.kind === "share") return false;
  return (
    terms.kind === "gpu_hour" || (isNothing(terms.cells.input) && isNothing(terms.cells.output))
  );
}

function isNothing(rate: TieredRate | undefined): boolean {
  return rate?.base === 0n && rate.tiers.length === 0;
}

function pricedBy(
  card: PriceCard,
  usage: Usage,
  durationMicros: number | undefined,
): Priced | Unpriced {
  const metered = costOf(usage, card, durationMicros);
  if ("kind" in metered) return metered;
  const { cost, layers } = metered;
  const source = layers === 0 ? card.source : sourceNamed(layers, card.layerNames);
  const priceId = (usage.cacheRead ?? 0) > 0 ? card.cacheReadPriceId : card.priceId;
  return { kind: "priced", cost, source, priceId, match: card.match };
}

function isSame(a: CardsAsked, b: CardsAsked): boolean {
  return (
    a.response === b.response &&
    a.request === b.request &&
    a.provider === b.provider &&
    a.tier === b.tier &&
    a.account === b.account &&
    a.region === b.region
  );
}

/** No two different calls have the same key, whatever their names hold. */
function keyOf(
  { provider = "", response = "", request = "", tier }: CardsAsked,
  accounts: string,
  regions: string,
): string {
  const names = `${provider.length} ${response.length} ${provider}${response}${request}`;
  const isPlain = tier === standardTier && accounts === "" && regions === "";
  return isPlain ? names : `${tier}/${accounts}/${regions} ${names}`;
}

/** What a span says where a text is expected may be anything; nothing but a text with content counts. */
function text(value: string | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Accounts and regions are short; what is longer is none. */
function shortText(value: string | undefined): string | undefined {
  const found = text(value);
  return found === undefined || found.length > 256 ? undefined : found;
}
