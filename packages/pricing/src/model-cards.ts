import type { PriceCalculation } from "@pydantic/genai-prices";
import { type ListPrices, pricesOf } from "./catalogue-card.ts";
import { catalogueVersion, sourceOf } from "./catalogue-version.ts";
import type { ContractPrice } from "./contract/contract.ts";
import { type LayeredPrices, type LowerLayers, withContract } from "./contract/contract-cells.ts";
import { askCatalogue, type FoundModel } from "./find-model.ts";
import { withAddedCells } from "./overlay/added-cells.ts";
import { overlayClock } from "./overlay/clock.ts";
import { withLongContext } from "./overlay/long-context.ts";
import { tierPrices } from "./overlay/tiers.ts";
import {
  type CellName,
  type Cells,
  cellNames,
  type Match,
  type OutputModalities,
  type PriceCard,
  priceIdsOf,
  tokenCells,
} from "./price-card.ts";
import { Layer, type LayerNames, type Layers, sourceNamed } from "./price-layers.ts";
import { sameRate } from "./rates.ts";
import { standardTier } from "./service-tier.ts";
import { stretchAt, type Timeline, timelineOf, withDates } from "./timeline.ts";
import { type Unpriced, unpriced } from "./unpriced.ts";

/** A model that a call names, and what may have prices for it. */
export interface NamedModel {
  /** The name as the call has it, and whose of its two it is. */
  readonly name: string;
  readonly by: Match["model"];
  /** The response's model was named, and nobody knows it. */
  readonly fellBack: boolean;
  /** As far as the call states it, in one form. */
  readonly provider: string | undefined;
  /** In the catalogue; otherwise why it is not. */
  readonly found: FoundModel | Unpriced;
  /** A contract said which model the name means. */
  readonly isAlias: boolean;
  /** "standard" or a special one. */
  readonly tier: string;
  /** Entries of the contract about it, of whatever tier and time. */
  readonly entries: readonly ContractPrice[];
  /** "contract@1a2b3c4d5e6f" */
  readonly contractSource: string;
}

/**
 * The price cards of one model in one tier, by time.
 *
 * A card is made when the first call of its stretch of the timeline needs it, and kept: a model has few
 * stretches, one in nearly all cases, so that this memo is bounded by catalogue and contract.
 */
export class ModelCards {
  readonly #model: NamedModel;
  readonly #timeline: Timeline;
  readonly #clock: ((millis: number) => number) | undefined;
  readonly #cards: (PriceCard | Unpriced | undefined)[] = [];

  constructor(model: NamedModel) {
    this.#model = model;
    const { found, entries } = model;
    const info =
      found.kind === "found" ? askCatalogue(found.provider, found.asked, 0)?.model : undefined;
    const timeline = info === undefined ? { starts: [], edges: [] } : timelineOf(info);
    this.#timeline = withDates(
      timeline,
      entries.flatMap(({ from, until }) => [from, until]),
    );
    this.#clock =
      info === undefined || found.kind !== "found"
        ? undefined
        : overlayClock(found.provider, info.id);
  }

  /** The card that holds at an instant in milliseconds since 1970, which must be one. */
  at(millis: number): PriceCard | Unpriced {
    const instant = this.#clock?.(millis) ?? millis;
    const slot = 2 * stretchAt(this.#timeline, millis) + (instant === millis ? 0 : 1);
    this.#cards[slot] ??= this.#make(millis, instant);
    return this.#cards[slot];
  }

  #make(millis: number, instant: number): PriceCard | Unpriced {
    const { found, entries, tier, contractSource } = this.#model;
    if (found.kind !== "found") return this.#ownCard(millis, found);
    const answer = askCatalogue(found.provider, found.asked, instant);
    if (answer === undefined) return this.#ownCard(millis, unpriced("unknown_model"));
    const names = { contract: contractSource, catalogue: sourceOf(answer.provider) };
    const below = lowerLayers(found.provider, answer, names.catalogue, tier);
    const prices = withContract(entries, below, tier, millis, names);
    const isOwn = prices.gpuHour !== undefined || hasContractCell(prices.cells);
    if (!isOwn && isEmpty(below.standard)) return unpriced("empty_card");
    if (!isOwn && below.tier === undefined) return unpriced(`no_rate:service_tier=${tier}`);
    const moved =
      instant !== millis &&
      askCatalogue(found.provider, found.asked, millis)?.model_price !== answer.model_price;
    return this.#listedCard(found, answer.model.id, names, below, prices, isOwn, moved);
  }

  #listedCard(
    found: FoundModel,
    model: string,
    names: LayerNames,
    below: LowerLayers & { readonly standard: ListPrices },
    prices: LayeredPrices,
    isOwn: boolean,
    moved: boolean,
  ): PriceCard {
    const { by, fellBack, isAlias, tier } = this.#model;
    const match: Match = {
      by: found.by,
      provider: found.providerBy,
      model: by,
      asked: found.asked,
    };
    const baseLayers = (isAlias ? Layer.contract : 0) | (moved ? Layer.overlay : 0);
    return {
      kind: "card",
      provider: found.provider,
      model,
      ...priceIdsOf(found.provider, model, match, fellBack, prices.cells),
      match,
      tier,
      ...layered(prices, names, baseLayers, below),
      dependsOnHour: this.#timeline.edges.length > 0 || this.#clock !== undefined,
      free: below.standard.free && !isOwn,
      notCounted: below.standard.notCounted,
    };
  }

  /** The card of a model that only a contract knows. */
  #ownCard(millis: number, otherwise: Unpriced): PriceCard | Unpriced {
    const { name, by, fellBack, isAlias, provider, tier, entries, contractSource } = this.#model;
    const names = { contract: contractSource, catalogue: catalogueVersion.source };
    const nothing: LowerLayers = { standard: undefined, tier: undefined };
    const prices = withContract(entries, nothing, tier, millis, names);
    if (prices.gpuHour === undefined && !hasContractCell(prices.cells)) return otherwise;
    const match: Match = { by: "contract", provider: "stated", model: by, asked: name };
    return {
      kind: "card",
      provider: provider ?? "",
      model: name,
      ...priceIdsOf("contract", name, match, fellBack, prices.cells),
      match,
      tier,
      ...layered(prices, names, isAlias ? Layer.contract : 0, nothing),
      dependsOnHour: false,
      free: false,
      notCounted: [],
    };
  }
}

function lowerLayers(
  provider: string,
  answer: PriceCalculation,
  source: string,
  tier: string,
): LowerLayers & { readonly standard: ListPrices } {
  const model = answer.model.id;
  const listed = pricesOf(answer, source);
  const standard = { ...listed, cells: completed(provider, model, listed.cells) };
  return {
    standard,
    tier: tier === standardTier ? standard : tierPrices(provider, model, tier, standard),
  };
}

/** What follows for a card from its cells and those below. */
function layered(
  { cells, gpuHour }: LayeredPrices,
  names: LayerNames,
  baseLayers: Layers,
  { standard, tier }: LowerLayers,
) {
  const lacking = cellNames.filter(
    (name) => cells[name] === undefined && standard?.cells[name] !== undefined,
  );
  const unknownCells = new Set<CellName>([...((tier ?? standard)?.unknownCells ?? []), ...lacking]);
  const rates = (cells.input?.layers ?? 0) | (cells.output?.layers ?? 0);
  const fees = cellNames.reduce((all, name) => all | (cells[name]?.layers ?? 0), 0);
  const layers = baseLayers | (rates === 0 ? fees : rates);
  return {
    cells,
    gpuHour,
    source: sourceNamed(layers === 0 ? Layer.catalogue : layers, names),
    layerNames: names,
    baseLayers,
    unknownCells,
    tokensAreFree: tokensAreFree(cells),
    outputByModality: outputModalities(cells, unknownCells, standard?.otherOutput ?? false),
  };
}

/** Whether a list says nothing at all: such a model is unpriced, not free of charge. */
function isEmpty({ free, notCounted, cells }: ListPrices): boolean {
  return !free && notCounted.length === 0 && cellNames.every((name) => cells[name] === undefined);
}

function hasContractCell(cells: Cells): boolean {
  return cellNames.some((name) => ((cells[name]?.layers ?? 0) & Layer.contract) !== 0);
}

/** A contract says that input and output cost nothing, and no kind of token costs anything. */
function tokensAreFree(cells: Cells): boolean {
  const { input, output } = cells;
  if (input?.layers !== Layer.contract || output?.layers !== Layer.contract) return false;
  return tokenCells.every((name) => {
    const rate = cells[name]?.rate;
    return rate === undefined || (rate.base === 0n && rate.tiers.length === 0);
  });
}

function outputModalities(
  cells: Cells,
  unknownCells: ReadonlySet<CellName>,
  other: boolean,
): OutputModalities | undefined {
  const differs = (name: CellName): boolean => {
    const [own, text] = [cells[name], cells.output];
    if (own === undefined) return unknownCells.has(name);
    return text === undefined || !sameRate(own.rate, text.rate);
  };
  const [audio, image] = [differs("output_audio"), differs("output_image")];
  return audio || image || other ? { audio, image, other } : undefined;
}

/** The catalogue's cells with what the overlay knows beside them. */
function completed(provider: string, model: string, cells: Cells): Cells {
  return withLongContext(provider, model, withAddedCells(provider, model, cells));
}
