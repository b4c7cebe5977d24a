import type { ListPrices } from "../catalogue-card.ts";
import {
  type Cell,
  type CellName,
  type Cells,
  cellNames,
  type Effective,
  type GpuHour,
  noCells,
} from "../price-card.ts";
import { Layer, type LayerNames, type Layers, sourceNamed } from "../price-layers.ts";
import { flatRate, type Rate, shareOfRate, type TieredRate } from "../rates.ts";
import { standardTier } from "../service-tier.ts";
import type { CellShare, ContractPrice } from "./contract.ts";
import { cutByDates } from "./effective.ts";
import { fitsValue, holdsAt } from "./patterns.ts";

/** What the layers below a contract say of a model. */
export interface LowerLayers {
  readonly standard: ListPrices | undefined;
  /** In the tier of the call; `undefined` where nobody publishes prices for it. */
  readonly tier: ListPrices | undefined;
}

/** Cells with the contract's on top, and the machine that the call shares. */
export interface LayeredPrices {
  readonly cells: Cells;
  readonly gpuHour: GpuHour | undefined;
}

const always: Effective = { from: undefined, until: undefined, hours: undefined };

/**
 * Puts the entries of a contract that are about a model on top of what the layers below say, at one instant.
 *
 * - For each cell the first entry decides that holds, fits the tier and says something on the cell.
 * - A discount is taken once, off the first rate below it that is no discount. An entry that names a tier says
 *   what that tier costs, so that its discount is off the standard price; one that names none is off the price of
 *   whatever tier the call had. A discount off nothing says nothing.
 * - Rates and a GPU's hour are those of the entry's tiers; rates without a tier are the standard tier's.
 */
export function withContract(
  entries: readonly ContractPrice[],
  below: LowerLayers,
  tier: string,
  millis: number,
  names: LayerNames,
): LayeredPrices {
  const now = entries.filter((entry) => holdsAt(entry, millis));
  const layer = new ContractLayer(entries, now, below, names, millis);
  const cells = { ...noCells };
  for (const name of cellNames) cells[name] = layer.cell(name, tier);
  return { cells, gpuHour: layer.gpuHour(tier) };
}

class ContractLayer {
  readonly #all: readonly ContractPrice[];
  readonly #now: readonly ContractPrice[];
  readonly #below: LowerLayers;
  readonly #names: LayerNames;
  readonly #millis: number;

  constructor(
    all: readonly ContractPrice[],
    now: readonly ContractPrice[],
    below: LowerLayers,
    names: LayerNames,
    millis: number,
  ) {
    this.#all = all;
    this.#now = now;
    this.#below = below;
    this.#names = names;
    this.#millis = millis;
  }

  cell(name: CellName, tier: string): Cell | undefined {
    for (const [at, entry] of this.#now.entries()) {
      const said = this.#said(entry, at, name, tier);
      if (said !== undefined) return this.#cut(said, name);
    }
    const cell = this.#listed(name, tier);
    return cell === undefined ? undefined : this.#cut(cell, name);
  }

  gpuHour(tier: string): GpuHour | undefined {
    const entry = this.#now.find(
      (each) => each.terms.kind === "gpu_hour" && fitsValue(each.tier, tier),
    );
    if (entry?.terms.kind !== "gpu_hour") return undefined;
    const { picoUsd, microCalls } = entry.terms;
    const hours = this.#all.filter(({ terms }) => terms.kind === "gpu_hour");
    const effective = cutByDates(always, hours, this.#millis);
    return { picoUsd, microCalls, source: this.#names.contract, note: entry.name, effective };
  }

  /** What an entry says on a cell; a discount is applied to what is below it. */
  #said(entry: ContractPrice, at: number, name: CellName, tier: string): Cell | undefined {
    if (entry.terms.kind !== "share") {
      const rate = this.#stated(entry, name, tier);
      return rate === undefined ? undefined : this.#own(rate, entry);
    }
    const share = entry.terms.cells[name];
    if (share === undefined || !fitsValue(entry.tier, tier)) return undefined;
    const base = this.#base(at + 1, name, entry.tier === undefined ? tier : standardTier);
    return base === undefined ? undefined : this.#shared(base, share, entry);
  }

  /** The first rate from an entry on that is no discount, or the one of the layers below. */
  #base(from: number, name: CellName, tier: string): Cell | undefined {
    for (const entry of this.#now.slice(from)) {
      const rate = this.#stated(entry, name, tier);
      if (rate !== undefined) return this.#own(rate, entry);
    }
    return this.#listed(name, tier);
  }

  /** The rate that an entry itself has for a cell in a tier. */
  #stated(entry: ContractPrice, name: CellName, tier: string): TieredRate | undefined {
    const { terms } = entry;
    if (terms.kind === "share") return undefined;
    if (terms.kind === "gpu_hour") {
      return fitsValue(entry.tier, tier) && this.#isPaidByTime(name) ? nothing : undefined;
    }
    const fits = entry.tier === undefined ? tier === standardTier : fitsValue(entry.tier, tier);
    return fits ? terms.cells[name] : undefined;
  }

  /** Input and output, and whatever else has a price elsewhere; the rest goes with input and output. */
  #isPaidByTime(name: CellName): boolean {
    if (name === "web_search") return false;
    if (name === "input" || name === "output" || name === "cache_write_1h") return true;
    const { standard, tier } = this.#below;
    if (standard?.cells[name] !== undefined || tier?.cells[name] !== undefined) return true;
    return this.#all.some(
      ({ terms }) => terms.kind !== "gpu_hour" && terms.cells[name] !== undefined,
    );
  }

  #listed(name: CellName, tier: string): Cell | undefined {
    const list = tier === standardTier ? this.#below.standard : this.#below.tier;
    return list?.cells[name];
  }

  #own(rate: TieredRate, { name }: ContractPrice): Cell {
    const source = this.#names.contract;
    const layers = Layer.contract;
    return { rate, source, layers, note: name, effective: always, upTo: undefined };
  }

  #shared(base: Cell, share: CellShare, { name }: ContractPrice): Cell {
    const layers: Layers = base.layers | Layer.contract;
    return {
      ...base,
      rate: shareOfRate(base.rate, share),
      source: sourceNamed(layers | (base.longLayers ?? 0), this.#names),
      layers,
      note: `${name}: ${share.text}`,
    };
  }

  #cut(cell: Cell, name: CellName): Cell {
    const about = this.#all.filter((entry) => isAbout(entry, name));
    if (about.length === 0) return cell;
    return { ...cell, effective: cutByDates(cell.effective, about, this.#millis) };
  }
}

/** What a call that runs on the user's own machine pays for its tokens, and for being a call. */
const nothing = flatRate(0n as Rate);

function isAbout({ terms }: ContractPrice, name: CellName): boolean {
  return terms.kind === "gpu_hour" ? name !== "web_search" : terms.cells[name] !== undefined;
}
