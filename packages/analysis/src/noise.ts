import { measureCount } from "./contributions.ts";
import { type Condition, isPersonal, measuresOf, type SpendTable } from "./spend-table.ts";
import { changeBy, tideOf } from "./tide.ts";

/** What days of the baseline say of how much a measure varies by itself. */
export interface Noise {
  /** Half the mean of the squared change of a segment over its expected cost. */
  dispersion(measure: number): number;
  /** The change of a segment's measure in multiples of its usual deviation. */
  deviations(
    measure: number,
    conditions: readonly Condition[],
    change: number,
    before: number,
  ): number;
}

/** As if so many values had been seen before with a dispersion of 0.4 % of the bill. */
const pooledValues = 5;
const unknownDispersion = 0.004;

/** As if so many days of a segment had been seen before. */
const pooledDays = 4;

/** Dispersions, as shares of the bill, below which nothing is believed to be. */
const leastDispersion = 0.0002;

/** No deviation is believed to be smaller than this share of the bill. */
const leastDeviation = 0.004;

/** A day is compared with a mean that it is a part of, which makes its changes look smaller. */
export function widening(days: number): number {
  return days > 1 ? Math.sqrt(days / (days - 1)) : 1;
}

/** @param bill the cost of the window or of the baseline, whichever is larger */
export function noiseOf(table: SpendTable, bill: number): Noise {
  const days = table.days.length;
  const wider = widening(days);
  const tides = table.days.map((day) => tideOf(table, day));
  const pooled = new Float64Array(measureCount);
  let count = 0;
  for (const column of days > 1 ? table.columns : []) {
    if (isPersonal(column)) continue;
    for (const [code] of column.values.entries()) {
      for (const [day, measures] of table.days.entries()) {
        const sums = measuresOf(table, measures, [{ column, code }]);
        const before = Math.max(sums[1] ?? 0, 0.01 * bill);
        count += 1;
        for (let measure = 0; measure < measureCount; measure += 1) {
          const change = wider * changeBy(measure, sums, tides[day] ?? 1);
          pooled[measure] = (pooled[measure] ?? 0) + change ** 2 / (2 * before);
        }
      }
    }
  }
  const dispersion = (measure: number) =>
    Math.max(
      leastDispersion * bill,
      ((pooled[measure] ?? 0) + pooledValues * unknownDispersion * bill) / (count + pooledValues),
    );
  return {
    dispersion,
    deviations(measure, conditions, change, before) {
      let squares = 0;
      for (const [day, measures] of table.days.entries()) {
        const sums = measuresOf(table, measures, conditions);
        squares += (wider * changeBy(measure, sums, tides[day] ?? 1)) ** 2;
      }
      const prior = 2 * before * dispersion(measure);
      const variance =
        ((squares + pooledDays * prior) / (days + pooledDays)) * (1 + 1 / Math.max(1, days));
      return Math.abs(change) / Math.max(Math.sqrt(variance), leastDeviation * bill);
    },
  };
}
