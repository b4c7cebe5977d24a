import type { Dimension } from "../../dimensions.ts";
import { firstLump, measureCount, measureOf } from "../../ledger/contributions.ts";
import { narrowed } from "../candidates.ts";
import { ofMoney } from "../limits.ts";
import { type Glass, type Scored, scoresOf } from "../scoring.ts";
import type { Column, SpendTable } from "../spend-table.ts";

/** A bill of 1,000, of days that are alike. */
export const glass: Glass = {
  turn: 0,
  tide: 1,
  noise: { multiple: () => 1, deviations: () => 10 },
  bill: 1_000,
  limits: ofMoney,
  wider: 1,
  doubt: 1,
};

/** Calls of a feature, all of one segment. */
export interface CallsOfFeature {
  readonly feature: string;
  readonly before: number;
  /** What another model, or more requests, cost more. */
  readonly mix?: number;
  readonly traffic?: number;
  readonly isClaimed?: boolean;
}

/**
 * What is told in place of the segment, as "model=m feature=f".
 *
 * @param measure by which the segment was found
 * @param name its only dimension
 */
export function toldOfSegment(
  rows: readonly CallsOfFeature[],
  measure: number,
  inPlaceOf: (table: SpendTable, whole: Scored) => Scored,
  name: Dimension = "model",
): string {
  const table = tableOf(rows, name);
  const [whole] = narrowed(table, { conditions: [], sums: new Float64Array() })
    .filter(({ conditions }) => conditions[0]?.column.name === name)
    .flatMap((candidate) => scoresOf(candidate, glass))
    .filter((one) => one.measure === measure);
  if (!whole) throw new Error("the segment did not change enough to be told");
  return inPlaceOf(table, whole)
    .candidate.conditions.map(({ column, code }) => `${column.name}=${column.values[code]}`)
    .join(" ");
}

function tableOf(rows: readonly CallsOfFeature[], name: Dimension): SpendTable {
  const features = [...new Set(rows.map(({ feature }) => feature))];
  const columns: Column[] = [
    { name, values: ["m"], count: 1, codes: new Int32Array(rows.length) },
    {
      name: "feature",
      values: features,
      count: features.length,
      codes: Int32Array.from(rows, ({ feature }) => features.indexOf(feature)),
    },
  ];
  const measures = new Float64Array(rows.length * measureCount);
  for (const [row, { before, mix = 0, traffic = 0 }] of rows.entries()) {
    for (const unit of [0, firstLump]) {
      const at = row * measureCount + unit;
      measures[at] = before + mix + traffic;
      measures[at + 1] = before;
      measures[at + measureOf("mix")] = mix;
      measures[at + measureOf("traffic")] = traffic;
    }
  }
  const claimed = Uint8Array.from(rows, ({ isClaimed }) => (isClaimed ? 1 : 0));
  return { columns, rows: rows.length, turns: 1, measures, rowOfSlot: new Int32Array(), claimed };
}
