import type { ListPrices } from "../catalogue-card.ts";
import { type Cell, type CellName, cellNames, noCells } from "../price-card.ts";
import { Layer, overlaySource } from "../price-layers.ts";
import { flatRate, rateFromNumber, shareOfRate, type TieredRate } from "../rates.ts";
import { awsTiers } from "./aws-tiers.ts";
import { googleTiers } from "./google-tiers.ts";
import { openaiTiers } from "./openai-tiers.ts";
import { otherTiers } from "./other-tiers.ts";
import { fees, type TierRow } from "./tier-row.ts";

export const tierRows: readonly TierRow[] = [
  ...openaiTiers,
  ...googleTiers,
  ...awsTiers,
  ...otherTiers,
];

/** The prices of a model in a service tier, or `undefined` where nobody publishes them. */
export function tierPrices(
  provider: string,
  model: string,
  tier: string,
  standard: ListPrices,
): ListPrices | undefined {
  const row = tierRows.find(
    ({ provider: of, tiers, models }) =>
      of === provider && tiers.includes(tier) && (models === "all" || models.has(model)),
  );
  if (row === undefined) return undefined;
  const cells = { ...noCells };
  const unknownCells = new Set<CellName>(standard.unknownCells);
  for (const name of cellNames) {
    const cell = standard.cells[name];
    if (cell === undefined) continue;
    if (fees.has(name)) cells[name] = cell;
    else if (row.cells.includes(name)) cells[name] = tierCell(row, model, name, cell);
    else unknownCells.add(name);
  }
  return { ...standard, cells, unknownCells };
}

function tierCell(row: TierRow, model: string, name: CellName, cell: Cell): Cell {
  const share = shareOfRate(cell.rate, row.share);
  const published = rateFromNumber(row.published?.[model]?.[name] ?? Number.NaN);
  const rate: TieredRate = published === undefined ? share : { ...share, base: published };
  const [first] = rate.tiers;
  const isShort = row.shortContextOnly === true && first !== undefined;
  return {
    ...cell,
    rate: isShort ? flatRate(rate.base) : rate,
    source: cell.source.endsWith(overlaySource) ? cell.source : `${cell.source}+${overlaySource}`,
    layers: cell.layers | Layer.overlay,
    note: row.reason,
    upTo: isShort ? first.above : undefined,
  };
}
