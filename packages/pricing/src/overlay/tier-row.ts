import { type CellName, pieceCells, tokenCells } from "../price-card.ts";
import type { Share } from "../rates.ts";
import type { Reviewed } from "./reviewed.ts";

/** What a service tier costs, as a share of the standard price of the same model at the same time. */
export interface TierRow extends Reviewed {
  /** Id in the catalogue. */
  readonly provider: string;
  /** As spans say it, in the form of `specialTier`. */
  readonly tiers: readonly string[];
  /** Ids in the catalogue, or "all" of the provider's. */
  readonly models: ReadonlySet<string> | "all";
  readonly share: Share;
  /** What the share holds for. The model's other rates are unknown in this tier, not standard. */
  readonly cells: readonly CellName[];
  /** Base rates that the provider publishes rounded, in USD per million tokens: they are what it bills. */
  readonly published?: Readonly<Record<string, Readonly<Partial<Record<CellName, number>>>>>;
  /** The tier is not sold above the size from which the standard price has a dearer rate. */
  readonly shortContextOnly?: boolean;
}

export const half: Share = { of: 1n, in: 2n };

/** Every token. A fee for a call or a search is none of a tier's business, and stays. */
export const allTokens: readonly CellName[] = tokenCells;

/** Where the provider does not say what tokens from the cache cost in the tier. */
export const noCacheTokens: readonly CellName[] = tokenCells.filter(
  (name) => !name.startsWith("cache_"),
);

export const fees: ReadonlySet<CellName> = new Set(pieceCells);
