import { type Comparison, toComparison, toSpells } from "../baseline/windows.ts";
import { wholePieces } from "../bridge/bridge-pieces.ts";
import { type Sides, unscaled } from "../bridge/sides.ts";
import { toCellTable } from "../reading/cell-table.ts";
import { bothSides, readRequests } from "../reading/requests.ts";
import type { RememberingReader } from "../report/remembering-reader.ts";

/** What `explain` compared. */
export interface Compared {
  readonly comparison: Comparison;
  readonly sides: Sides;
}

/**
 * The window and its baseline as `explain` compared them, from the answers that it was given.
 *
 * `undefined` where it has not asked.
 */
export async function readCompared(reader: RememberingReader): Promise<Compared | undefined> {
  const cells = reader.first("explain-cells");
  const windows = reader.first("explain-windows");
  if (!cells || !windows) return undefined;
  const spells = toSpells(await windows.rows);
  if (!spells) return undefined;
  const { baseline_days: days, ordinals: _, ...asked } = cells.variables;
  const chosen = days?.split(",").map(Number);
  const comparison = toComparison(
    spells.window,
    spells.before.filter(({ number }) => chosen?.includes(number) ?? true),
  );
  const traffic = { ...asked, ...(days !== undefined && { baseline_days: days }) };
  const requests = bothSides(await readRequests(reader, traffic));
  const periods = comparison.baseline.map(({ number }) => number);
  const table = toCellTable(await cells.rows, [], periods);
  const sides = {
    before: {
      pieces: wholePieces(table, false),
      requests: requests.before,
      scale: comparison.scale,
    },
    after: { pieces: wholePieces(table, true), requests: requests.after, scale: unscaled },
  };
  return { comparison, sides };
}
