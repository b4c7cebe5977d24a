import { hourMillis } from "../baseline/instants.ts";
import { type HourlySeries, hoursOfDay, type SpendHistory } from "./spend-history.ts";

/**
 * Which earlier days a day is compared with.
 *
 * - all: every day
 * - kind: working days with working days, weekends with weekends
 * - weekday: Mondays with Mondays: an hour is compared with the same hour of the week
 */
export type Season = "all" | "kind" | "weekday";

/** Days that are looked back at, and how many of them count at most: the nearest. */
const daysBack = 28;
const mostDays: Readonly<Record<Season, number>> = { all: 14, kind: 10, weekday: 4 };

/** Weekdays are told apart from so many weeks on. */
const leastWeeks = 3;

/** A finer season has to foretell days by so much better. */
const betterBy = 0.85;

/**
 * What stretches of hours usually cost: the median of what the same hours of the day cost on comparable days.
 *
 * Sums over a stretch are compared and not single hours, for the cost of an hour is skewed: where a few dear
 * requests make up most of it, its median lies below its mean, and hours would seem too dear all day.
 */
export class UsualSpend {
  readonly season: Season;
  readonly #history: SpendHistory;
  /** Sums of the dollars before each hour. */
  readonly #sums: Float64Array;
  readonly #dayKinds: readonly number[];

  constructor(history: SpendHistory, { dollars }: HourlySeries) {
    this.#history = history;
    this.#sums = new Float64Array(dollars.length + 1);
    for (const [hour, value] of dollars.entries()) {
      this.#sums[hour + 1] = (this.#sums[hour] ?? 0) + value;
    }
    this.#dayKinds = [0, 1, 2, 3, 4, 5, 6];
    this.season = this.#bestSeason();
  }

  /** What the hours from `from` to before `to` cost. */
  spent(from: number, to: number): number {
    return (this.#sums[to] ?? 0) - (this.#sums[from] ?? 0);
  }

  /**
   * What the same hours cost on comparable days: before them, and where `around` is set also after them.
   *
   * An end within an hour is taken for the whole hour's share.
   */
  comparable(from: number, to: number, around = false, season: Season = this.season): number[] {
    const found: number[] = [];
    for (let days = 1; days <= daysBack && found.length < mostDays[season]; days += 1) {
      for (const shift of around ? [-days, days] : [-days]) {
        const first = from + shift * hoursOfDay;
        const last = to + shift * hoursOfDay;
        // Of the first hour of the history only a part may be there, of the last day the cause.
        if (first < 1 || (shift > 0 && last > this.#history.hours - hoursOfDay)) continue;
        if (this.#isComparable(from, first, season)) found.push(this.#shareOf(from, to, first));
      }
    }
    return found;
  }

  #shareOf(from: number, to: number, first: number): number {
    const { hours, lastShare } = this.#history;
    const whole = this.spent(first, first + to - from);
    if (to < hours || lastShare === 1) return whole;
    const last = first + to - from - 1;
    return whole - (1 - lastShare) * this.spent(last, last + 1);
  }

  #isComparable(hour: number, other: number, season: Season): boolean {
    if (season === "all") return true;
    const [day, otherDay] = [this.#weekday(hour), this.#weekday(other)];
    if (season === "weekday") return day === otherDay;
    return isWeekend(day) === isWeekend(otherDay);
  }

  #weekday(hour: number): number {
    return new Date(this.#history.start + hour * hourMillis).getUTCDay();
  }

  /** The coarsest season, unless a finer one foretells the days of the history clearly better. */
  #bestSeason(): Season {
    const weeks = this.#history.hours / hoursOfDay / this.#dayKinds.length;
    let best: Season = "all";
    for (const finer of ["kind", "weekday"] as const) {
      if (finer === "weekday" && weeks < leastWeeks + 1) continue;
      if (this.#error(finer) < betterBy * this.#error(best)) best = finer;
    }
    return best;
  }

  /** How far days lie from what the others say, on average, the last one left out. */
  #error(season: Season): number {
    const { hours } = this.#history;
    let error = 0;
    let days = 0;
    for (let from = hours - 2 * hoursOfDay; from >= 1; from -= hoursOfDay) {
      const others = this.comparable(from, from + hoursOfDay, true, season);
      // A weekend of which there is no other would be left out here and be compared with nothing there.
      if (others.length < 2) continue;
      error += Math.abs(this.spent(from, from + hoursOfDay) - median(others));
      days += 1;
    }
    return days < 3 ? Number.POSITIVE_INFINITY : error / days;
  }
}

function isWeekend(weekday: number): boolean {
  return weekday === 0 || weekday === 6;
}

/** The middle of some numbers; 0 of none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** A quantile of some numbers, between the two nearest; 0 of none. */
export function quantile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = at * (sorted.length - 1);
  const low = sorted[Math.floor(place)] ?? 0;
  const high = sorted[Math.ceil(place)] ?? 0;
  return low + (high - low) * (place - Math.floor(place));
}
