import { type TokenCount, tokenCount, type Usage } from "@spancost/semconv";
import { addUsd, fitsRecord, type PicoUsd, zeroUsd } from "./money.ts";
import type { Cell, CellName, PriceCard } from "./price-card.ts";
import { femtoUsd, rateAt, usdFromFemto } from "./rates.ts";
import { type Unpriced, unpriced } from "./unpriced.ts";

/** What a call cost, in parts. `undefined` is unknown; `total` is the exact sum of the known parts. */
export interface CostParts {
  /** Input that was neither read from nor written to a cache. */
  readonly input: PicoUsd | undefined;
  readonly cacheRead: PicoUsd | undefined;
  readonly cacheWrite: PicoUsd | undefined;
  /** Reasoning included. */
  readonly output: PicoUsd | undefined;
  /** What the card charges for each call; 0 where it charges nothing. Searches and tool runs are not in a usage. */
  readonly other: PicoUsd | undefined;
  readonly total: PicoUsd;
}

/** Counts that cannot be true: more cached than there was input, or what is no count at all. */
export function contradicts(usage: Usage): boolean {
  const { input, cacheRead, cacheWrite, cacheWrite1h, output, reasoning } = usage;
  return (
    ![input, cacheRead, cacheWrite, cacheWrite1h, output, reasoning].every(isCountOrUnknown) ||
    (input !== undefined && (cacheRead ?? 0) + (cacheWrite ?? cacheWrite1h ?? 0) > input) ||
    (cacheWrite !== undefined && (cacheWrite1h ?? 0) > cacheWrite) ||
    (output !== undefined && (reasoning ?? 0) > output)
  );
}

function isCountOrUnknown(count: TokenCount | undefined): boolean {
  return count === undefined || tokenCount(count) !== undefined;
}

/**
 * What `usage` costs by `card`, in integers throughout.
 *
 * - The uncached input is what cache reads and writes leave of the input; an unknown split leaves all of it.
 * - A part whose tokens are unknown is unknown. Without input and output there is no cost ("no_usage"), nor where
 *   one of them is unknown and what is known costs nothing: the 0 would pass for the whole.
 * - Each part is rounded by itself, half-even to 12 decimals; it is exact for rates of up to 6 decimals.
 * - A card without a cache rate charges its tokens the input's, without a reasoning rate the output's: the
 *   catalogue's own rule, for there a missing rate means that the provider does not price them apart.
 *   One-hour writes are excepted, since who sells them sells them dearer: without a rate they are unpriced.
 * - Tokens that have no rate at all make the whole call unpriced ("no_rate:output"), never 0.
 * - A tier's rate holds for all tokens of a call with more input than the tier starts from.
 */
export function costOf(usage: Usage, card: PriceCard): CostParts | Unpriced {
  const { input, cacheRead, cacheWrite, cacheWrite1h, output, reasoning } = usage;
  if (input === undefined && output === undefined) return unpriced("no_usage");
  if (contradicts(usage)) return unpriced("contradictory_usage");
  const write = cacheWrite ?? cacheWrite1h;
  const hour = cacheWrite1h ?? 0;
  const meter = new Meter(card, input);
  const parts = [
    input === undefined ? undefined : meter.femto(input - (cacheRead ?? 0) - (write ?? 0), "input"),
    cacheRead === undefined ? undefined : meter.femto(cacheRead, "cache_read"),
    write === undefined
      ? undefined
      : meter.femto(write - hour, "cache_write") + meter.femto(hour, "cache_write_1h"),
    output === undefined
      ? undefined
      : meter.femto(output - (reasoning ?? 0), "output") + meter.femto(reasoning ?? 0, "reasoning"),
    card.cells.request === undefined ? 0n : meter.femto(1, "request"),
  ].map((femto) => (femto === undefined ? undefined : usdFromFemto(femto)));
  if (meter.missing !== undefined) return unpriced(`no_rate:${meter.missing}`);
  const cost = recordOf(parts);
  const isPartial = input === undefined || output === undefined;
  const isNothing = "total" in cost && cost.total === zeroUsd;
  return isPartial && isNothing && !card.free ? unpriced("no_usage") : cost;
}

function recordOf(parts: readonly (PicoUsd | undefined)[]): CostParts | Unpriced {
  const total = parts.reduce((sum: PicoUsd, part) => addUsd(sum, part ?? zeroUsd), zeroUsd);
  if (!fitsRecord(total)) return unpriced("out_of_range");
  const [input, cacheRead, cacheWrite, output, other] = parts;
  return { input, cacheRead, cacheWrite, output, other, total };
}

/** Whose rate holds where a card has none for a kind of token. */
const parents: Readonly<Partial<Record<CellName, CellName>>> = {
  cache_read: "input",
  cache_write: "input",
  reasoning: "output",
};

/** Prices the lines of one call, and remembers the first that has no rate. */
class Meter {
  missing: CellName | "tier" | "output_modality" | undefined;
  readonly #card: PriceCard;
  readonly #totalInput: number | undefined;

  constructor(card: PriceCard, totalInput: number | undefined) {
    this.#card = card;
    this.#totalInput = totalInput;
  }

  /** What so many tokens or calls cost in 10^-15 USD; 0 where `missing` is set. */
  femto(units: number, name: CellName): bigint {
    if (units === 0 || this.#card.free) return 0n;
    const cell = this.#cell(name);
    if (cell === undefined) return this.#lacks(name);
    if (this.#card.outputByModality && (name === "output" || name === "reasoning"))
      return this.#lacks("output_modality");
    if (cell.rate.tiers.length === 0) return femtoUsd(units, cell.rate.base);
    if (this.#totalInput === undefined) return this.#lacks("tier");
    return femtoUsd(units, rateAt(cell.rate, this.#totalInput));
  }

  #cell(name: CellName): Cell | undefined {
    const parent = parents[name];
    return this.#card.cells[name] ?? (parent === undefined ? undefined : this.#card.cells[parent]);
  }

  #lacks(what: NonNullable<Meter["missing"]>): bigint {
    this.missing ??= what;
    return 0n;
  }
}
