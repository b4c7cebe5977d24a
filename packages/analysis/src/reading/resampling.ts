import type { Comparison } from "../baseline/windows.ts";
import { narrowedInWindow, type Segment } from "../dimensions.ts";
import type { Resampled } from "../findings/confidence.ts";
import { moneyOf, type Reader, type Variables } from "./reader.ts";

/** As many as `explain-resampling` gives. */
const parts = 128;

/** What the requests of a segment cost in each part: an answer to `explain-resampling`. */
export async function readResampled(
  reader: Reader,
  variables: Variables,
  segment: Segment,
  { window, baseline }: Comparison,
): Promise<Resampled> {
  const asked = narrowedInWindow(variables, segment);
  const { rows } = await reader.ask("explain-resampling", asked);
  const periods = new Map<number, Float64Array>();
  for (const row of rows) {
    const period = Number(row["period"]);
    const costs = periods.get(period) ?? new Float64Array(parts);
    periods.set(period, costs);
    costs[Number(row["bucket"])] = Number(moneyOf(row, "cost_usd"));
  }
  const lengths = baseline.map(({ number, micros }) => [number, Number(micros)] as const);
  return {
    periods,
    scales: new Map(lengths.map(([number, micros]) => [number, Number(window.micros) / micros])),
  };
}
