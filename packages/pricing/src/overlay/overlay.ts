import { cellRows } from "./added-cells.ts";
import { clockRows } from "./clock.ts";
import { longContextRows } from "./long-context.ts";
import type { Reviewed } from "./reviewed.ts";
import { tierRows } from "./tiers.ts";

/** Every row's reason and source, for those who want to know what the catalogue was completed with. */
export const overlayRows: readonly Reviewed[] = [
  ...cellRows,
  ...longContextRows,
  ...clockRows,
  ...tierRows,
].map(({ reason, source }) => ({ reason, source }));
