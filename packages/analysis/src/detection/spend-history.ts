import { hourMillis, instantAt } from "../baseline/instants.ts";
import type { Period } from "../baseline/windows.ts";
import { others } from "../dimensions.ts";
import { countOf, moneyOf, type Reader, textOf } from "../reading/reader.ts";

export const hoursOfDay = 24;

/** What some calls cost, hour by hour. Dollars as doubles: they are compared, and never shown as sums. */
export interface HourlySeries {
  /** A feature; `null` for calls without one; `undefined` for all calls together. */
  readonly feature: string | null | undefined;
  /** From the first hour of the history on. */
  readonly dollars: Float64Array;
}

/** Hours of spend, without gaps, up to an end that may lie within the last of them. */
export interface SpendHistory {
  /** Start of the first hour, milliseconds since 1970. */
  readonly start: number;
  readonly hours: number;
  /** Milliseconds since 1970. */
  readonly end: number;
  /** How much of the last hour lies before the end, above 0. */
  readonly lastShare: number;
  readonly total: HourlySeries;
  readonly features: readonly HourlySeries[];
  readonly calls: bigint;
}

/** One row of spend: of a feature in an hour. */
export interface HourOfFeature {
  /** Start of the hour, milliseconds since 1970. */
  readonly at: number;
  readonly feature: string | null;
  readonly dollars: number;
}

/** What is needed to know the usual: five weeks. */
export const historyMillis = 35 * 24 * hourMillis;

/** Asks `hourly-spend-by` for what each feature cost; `undefined` where no call is stored. */
export async function readHistory(
  reader: Reader,
  { since, until }: Period,
): Promise<SpendHistory | undefined> {
  const { rows } = await reader.ask("hourly-spend-by", { since, until });
  let calls = 0n;
  const hours = rows.map((row): HourOfFeature => {
    calls += countOf(row, "calls");
    return {
      at: Date.parse(textOf(row, "hour") ?? ""),
      feature: textOf(row, "value"),
      dollars: Number(moneyOf(row, "cost_usd")) / 1e12,
    };
  });
  return toHistory(hours, Date.parse(until), calls);
}

/** Rows in the order of their hours, put on a grid. */
export function toHistory(
  rows: readonly HourOfFeature[],
  end: number,
  calls: bigint,
): SpendHistory | undefined {
  const start = rows[0]?.at;
  if (start === undefined || end <= start) return undefined;
  const hours = Math.ceil((end - start) / hourMillis);
  const total = new Float64Array(hours);
  const features = new Map<string | null, Float64Array>();
  for (const { at, feature, dollars } of rows) {
    const hour = (at - start) / hourMillis;
    const series = features.get(feature) ?? new Float64Array(hours);
    features.set(feature, series);
    series[hour] = (series[hour] ?? 0) + dollars;
    total[hour] = (total[hour] ?? 0) + dollars;
  }
  return {
    start,
    hours,
    end,
    lastShare: (end - start) / hourMillis - (hours - 1),
    total: { feature: undefined, dollars: total },
    // What shares a row is no feature.
    features: [...features]
      .filter(([feature]) => feature !== others)
      .map(([feature, dollars]) => ({ feature, dollars })),
    calls,
  };
}

/** The instant at which an hour of the history begins, RFC 3339; for the hour after the last its end. */
export function instantOfHour({ start, hours, end }: SpendHistory, hour: number): string {
  return instantAt(hour >= hours ? end : start + hour * hourMillis);
}
