import { matchBaseline } from "../../../packages/analysis/src/baseline/matched-baseline.ts";
import { type Dimension, dimensionNames } from "../../../packages/analysis/src/dimensions.ts";
import { contributionsOf } from "../../../packages/analysis/src/ledger/contributions.ts";
import { toLedger } from "../../../packages/analysis/src/ledger/ledger.ts";
import { type CellTable, toCellTable } from "../../../packages/analysis/src/reading/cell-table.ts";
import type { Limits } from "../../../packages/analysis/src/search/limits.ts";
import { SegmentSearch } from "../../../packages/analysis/src/search/search.ts";
import { toSpendTable } from "../../../packages/analysis/src/search/spend-table.ts";
import type { LeafTable } from "./leaf-table.ts";

/** Dimensions that are searched as they are, and none of which says how calls are grouped. */
const stages: readonly Dimension[] = ["region", "service", "team", "tag:a", "tag:b"];

const tags = ["a", "b"];

/**
 * What `explain` would tell of the table: the same code from its cells on, with the values as costs in micro-dollars.
 *
 * @returns causes as `a=1&b=2`, sorted
 */
export function toldByExplain(table: LeafTable): string[] {
  const cells = toCells(table);
  const ledger = toLedger(cells, matchBaseline(cells), new Map());
  const turns = Array.from({ length: 1 + table.before.length }, (_, nth) => ({ nth, scale: 1 }));
  const contributions = contributionsOf(ledger, turns, 1 / table.before.length);
  const names = stages.slice(0, table.dimensions.length);
  const spend = toSpendTable(ledger, contributions, turns.length, names, 0);
  return new SegmentSearch(spend, ofCounts).find().map(({ segment }) =>
    names
      .flatMap((name, index) =>
        name in segment ? [`${table.dimensions[index]}=${segment[name]}`] : [],
      )
      .sort()
      .join("&"),
  );
}

/** Counts are no money, of which small parts are not told: all that stands out is a cause here. */
const ofCounts: Limits = { leastShare: 0, leastPersonalShare: 0, mostFindings: 12 };

function toCells({ labels, actual, before }: LeafTable): CellTable {
  const periods = [actual, ...before];
  const rows = Array.from(actual, (_, leaf) => ({
    ...Object.fromEntries([...dimensionNames, "service_tier"].map((name) => [name, null])),
    ...Object.fromEntries(
      stages.map((name, index) => [columnOf(name), labels[index]?.[leaf] ?? null]),
    ),
    step: "1",
    calls: 1,
    // As many calls as the value says, each of a micro-dollar.
    counts: periods.flatMap((values, period) => {
      const value = values[leaf] ?? 0;
      return [period, value, value, 0, 0, 0, 0, value * 1e-12];
    }),
    costs: periods.flatMap((values, period) => [
      period,
      ...[0, 0, 0, 0],
      Math.round((values[leaf] ?? 0) * 1e6),
    ]),
  }));
  return toCellTable(
    { columns: [], rows },
    tags,
    before.map((_, index) => index + 1),
  );
}

function columnOf(name: Dimension): string {
  return name.startsWith("tag:") ? `tag_${1 + tags.indexOf(name.slice(4))}` : name;
}
