import type { Cell, CellName, Cells } from "../price-card.ts";
import { Layer, overlaySource } from "../price-layers.ts";
import { timesRate } from "../rates.ts";
import type { Reviewed } from "./reviewed.ts";

/** A rate that the catalogue lacks and its provider publishes as a rule. */
interface CellRow extends Reviewed {
  readonly cell: CellName;
  applies(provider: string, model: string): boolean;
  /** The cell that the rule makes, or `undefined` where the card lacks what the rule starts from. */
  make(cells: Cells): Pick<Cell, "rate" | "effective"> | undefined;
}

export const cellRows: readonly CellRow[] = [
  {
    reason:
      "Bedrock and Vertex sell Claude's one-hour cache, and most of their cards lack its rate: its tokens would cost the five-minute rate, 37 % too little.",
    // "1-hour cache write tokens are 2 times the base input tokens price." Every card of the catalogue that
    // has the rate has exactly that, among them Bedrock's global and regional Claude Opus 5.5.
    source: "https://platform.claude.com/docs/en/about-claude/pricing#prompt-caching",
    cell: "cache_write_1h",
    applies: (provider, model) =>
      (provider === "aws" || provider === "google") && model.includes("claude"),
    make({ input, cache_write }) {
      if (input === undefined || cache_write === undefined) return undefined;
      return { rate: timesRate(input.rate, 2n), effective: input.effective };
    },
  },
];

/** The cells with those that a row adds. What the catalogue states is never replaced. */
export function withAddedCells(provider: string, model: string, cells: Cells): Cells {
  let all = cells;
  for (const row of cellRows) {
    if (all[row.cell] !== undefined || !row.applies(provider, model)) continue;
    const made = row.make(all);
    if (made === undefined) continue;
    const origin = { source: overlaySource, layers: Layer.overlay, note: row.reason };
    all = { ...all, [row.cell]: { ...made, ...origin, upTo: undefined } };
  }
  return all;
}
