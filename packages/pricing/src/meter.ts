import type { Cell, CellName, PriceCard } from "./price-card.ts";
import type { Layers } from "./price-layers.ts";
import { femtoUsd, rateAt } from "./rates.ts";

/** What a call used that has no rate. */
export type Lacking = CellName | "tier" | "input_modality" | "output_modality";

/** Whose rate holds where a card has none for a kind of token. */
const parents: Readonly<Partial<Record<CellName, CellName>>> = {
  cache_read: "input",
  cache_write: "input",
  reasoning: "output",
  input_audio: "input",
  input_image: "input",
  output_audio: "output",
  output_image: "output",
};

/**
 * Prices the lines of one call by a card, and remembers the first that has no rate, and the layers that were used.
 *
 * A card without a cache rate charges its tokens the input's, without a reasoning rate the output's, without one
 * for sound or pictures the text's: the catalogue's own rule, for there a missing rate means that the provider does not
 * price them apart. Two are excepted. One-hour writes, since who sells them sells them dearer. And sound from the
 * cache where the card has a rate for sound and one for the cache: either would be a guess.
 */
export class Meter {
  missing: Lacking | undefined;
  layers: Layers;
  readonly #card: PriceCard;
  readonly #totalInput: number | undefined;

  constructor(card: PriceCard, totalInput: number | undefined) {
    this.#card = card;
    this.#totalInput = totalInput;
    this.layers = card.baseLayers;
  }

  /** What so many tokens or pieces cost in 10^-15 USD; 0 where `missing` is set. */
  femto(units: number, name: CellName): bigint {
    if (units === 0 || this.#card.free) return 0n;
    const cell = this.#cell(name);
    if (cell === undefined) return this.lacks(name);
    this.layers |= cell.layers;
    const { rate, upTo } = cell;
    if (rate.tiers.length === 0 && upTo === undefined) return femtoUsd(units, rate.base);
    const input = this.#totalInput;
    if (input === undefined || (upTo !== undefined && input > upTo)) return this.lacks("tier");
    const [long] = rate.tiers;
    if (long !== undefined && input > long.above) this.layers |= cell.longLayers ?? 0;
    return femtoUsd(units, rateAt(rate, input));
  }

  lacks(what: Lacking): bigint {
    this.missing ??= what;
    return 0n;
  }

  #cell(name: CellName): Cell | undefined {
    const { cells, unknownCells } = this.#card;
    const own = cells[name];
    if (own !== undefined || unknownCells.has(name)) return own;
    const parent = name === "cache_read_audio" ? this.#parentOfCachedSound() : parents[name];
    return parent === undefined ? undefined : this.#cell(parent);
  }

  #parentOfCachedSound(): CellName | undefined {
    const { input_audio, cache_read } = this.#card.cells;
    if (input_audio === undefined) return "cache_read";
    return cache_read === undefined ? "input_audio" : undefined;
  }
}
