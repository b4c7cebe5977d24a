import type { Cell, CellName, Cells } from "../price-card.ts";
import { Layer, overlaySource } from "../price-layers.ts";
import { flatRate, type Share, shareOfRate } from "../rates.ts";
import type { Reviewed } from "./reviewed.ts";

/** Dearer rates for long inputs that the catalogue's flat cards leave out. */
interface LongContextRow extends Reviewed {
  /** In tokens: a call with more input has the dearer rates. */
  readonly above: number;
  applies(provider: string, model: string): boolean;
  /** How much dearer; a cell that is not here keeps one rate. */
  readonly times: Readonly<Partial<Record<CellName, Share>>>;
}

const twice: Share = { of: 2n, in: 1n };

export const longContextRows: readonly LongContextRow[] = [
  {
    reason:
      "Bedrock sells Claude Sonnet 4 and 4.5 with more than 200,000 tokens of input at twice the rates, output at one and a half times, as Anthropic does; its cards have one rate.",
    // LiteLLM's map has both rates for each profile, from the AWS price list of "AmazonBedrockFoundationModels".
    source: "https://aws.amazon.com/bedrock/pricing/",
    above: 200_000,
    applies: (provider, model) =>
      provider === "aws" && /claude-sonnet-4-(?:5-)?20\d{6}/.test(model),
    times: {
      input: twice,
      cache_read: twice,
      cache_write: twice,
      cache_write_1h: twice,
      output: { of: 3n, in: 2n },
    },
  },
];

/** The cells with the dearer rates that a row adds to flat ones. What the catalogue states is never replaced. */
export function withLongContext(provider: string, model: string, cells: Cells): Cells {
  const row = longContextRows.find(({ applies }) => applies(provider, model));
  if (row === undefined) return cells;
  const changed = Object.entries(row.times).flatMap(([name, share]) => {
    const cell = cells[name as CellName];
    return cell === undefined || cell.rate.tiers.length > 0
      ? []
      : [[name, dearer(cell, row, share)] as const];
  });
  return { ...cells, ...(Object.fromEntries(changed) as Partial<Cells>) };
}

function dearer(cell: Cell, row: LongContextRow, share: Share): Cell {
  const { base } = cell.rate;
  const long = shareOfRate(flatRate(base), share).base;
  const source = cell.source === overlaySource ? overlaySource : `${cell.source}+${overlaySource}`;
  return {
    ...cell,
    rate: { base, tiers: [{ above: row.above, rate: long }] },
    longLayers: Layer.overlay,
    source,
    note: row.reason,
  };
}
