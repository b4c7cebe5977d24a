import { type PicoUsd, picoUsd } from "@spancost/pricing";
import { randomNumbers } from "./random-numbers.ts";

/** How far the change of a finding is to be believed. */
export interface Confidence {
  /** Between these two lies the change in nine of ten draws. */
  readonly low: PicoUsd;
  readonly high: PicoUsd;
  /**
   * - high: at least half of the change is there in nineteen of twenty draws
   * - medium: some of it is
   * - low: it may be chance, as one request more or less
   */
  readonly level: "high" | "medium" | "low";
}

/** What a segment cost in parts of its requests, by chance; and how many parts there are. */
export interface Resampled {
  /** By period, the window, 0, among them; of each the cost of each part. */
  readonly periods: ReadonlyMap<number, Float64Array>;
  /** The length of the window over that of each other period, by its number. */
  readonly scales: ReadonlyMap<number, number>;
}

const draws = 400;

/** The 5th and the 95th percentile. */
const tail = 0.05;

/**
 * How much of a change would be there if other requests had come, as likely as these, on days as likely as these.
 *
 * Requests are drawn with replacement from those of the window, and from those of the baseline; there days are drawn
 * first. What is drawn are not single requests but the parts into which chance has put them, which comes to the same.
 * What the calls of the window cost then, over what they did cost, is by how much `cost` is off; `baselineCost` alike.
 *
 * Source: B. Efron, *Bootstrap methods: another look at the jackknife*, 1979. The same costs give the same answer.
 */
export function confidenceOf(
  { cost, baselineCost }: { readonly cost: bigint; readonly baselineCost: bigint },
  { periods, scales }: Resampled,
): Confidence {
  const random = randomNumbers(1);
  const window = periods.get(0) ?? new Float64Array();
  const days = [...scales].map(([number, scale]) =>
    (periods.get(number) ?? new Float64Array(window.length)).map((part) => part * scale),
  );
  const after = sumOf(window);
  const before = days.reduce((sum, day) => sum + sumOf(day), 0);
  const changes = Float64Array.from({ length: draws }, () => {
    const drawn = after === 0 ? 1 : drawnFrom(window, random) / after;
    let drawnBefore = 0;
    for (let count = 0; count < days.length; count += 1) {
      drawnBefore += drawnFrom(days[Math.floor(random() * days.length)] ?? window, random);
    }
    const times = before === 0 ? 1 : drawnBefore / before;
    return Number(cost) * drawn - Number(baselineCost) * times;
  }).sort();
  const at = (quantile: number) => changes[Math.round(quantile * (draws - 1))] ?? 0;
  const low = at(tail);
  const high = at(1 - tail);
  return { low: whole(low), high: whole(high), level: levelOf(cost - baselineCost, low, high) };
}

function levelOf(change: bigint, low: number, high: number): Confidence["level"] {
  const sign = change < 0n ? -1 : 1;
  const least = Math.min(low * sign, high * sign);
  if (least <= 0) return "low";
  return least >= Math.abs(Number(change)) / 2 ? "high" : "medium";
}

/** As many parts as there are, each of them drawn from all. */
function drawnFrom(parts: Float64Array, random: () => number): number {
  let sum = 0;
  for (let count = 0; count < parts.length; count += 1) {
    sum += parts[Math.floor(random() * parts.length)] ?? 0;
  }
  return sum;
}

function sumOf(parts: Float64Array): number {
  return parts.reduce((sum, part) => sum + part, 0);
}

function whole(pico: number): PicoUsd {
  return picoUsd(BigInt(Math.round(pico)));
}
