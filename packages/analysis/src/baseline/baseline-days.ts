import { isUsable } from "./history.ts";
import { dayMicros, daysIn } from "./instants.ts";
import type { Spell } from "./windows.ts";

/** How far back days are looked at, to learn what is usual on which. */
const daysBack = 28;

/** Periods of the baseline where nothing says that days differ: the last seven. */
const fewDays = 7;

/** Of days of the same kind, which lie further apart. */
const fewWeekendDays = 4;

/** Weekends and working days are told apart where so much of the cost is of other features or at another level. */
const differentKinds = 0.15;

/** Numbers of the periods to ask for, for a window of such a length. */
export function daysToLookAt(windowMicros: bigint): number[] {
  const days = Number(daysIn(windowMicros));
  const periods = Math.max(fewDays, Math.floor(daysBack / Math.max(1, days)));
  return Array.from({ length: periods }, (_, index) => index + 1);
}

/**
 * The periods that a window is compared with: the last seven; where weekends differ from working days, those of
 * the last seven, for a weekend of more, that are of the window's kind.
 *
 * Periods of which less than half is stored are left out: three hours of a night do not say what a day costs.
 *
 * Monday's window is so not compared with Sunday. What an earlier incident among the days does is for the reader to
 * see: they are all shown.
 */
export function similarDays(window: Spell, before: readonly Spell[]): readonly Spell[] {
  const whole = before.filter((spell) => isUsable(spell, window));
  const recent = whole.filter(({ number }) => number <= fewDays);
  if (window.micros > dayMicros || !differ(whole)) return recent;
  const isWeekend = isOnWeekend(window);
  const alike = whole.filter((spell) => isOnWeekend(spell) === isWeekend);
  const near = isWeekend
    ? alike.slice(0, fewWeekendDays)
    : alike.filter(({ number }) => number <= fewDays);
  return near.length > 0 ? near : recent;
}

/** Which days a baseline is of, where they are not simply those before the window. */
export type DayKind = "weekend" | "working";

/** @param periods of a baseline that `similarDays` chose */
export function kindOfDays(periods: readonly Spell[]): DayKind | undefined {
  // Those that follow each other are the days before.
  if (periods.every(({ number }) => number <= periods.length)) return undefined;
  if (periods.every(isOnWeekend)) return "weekend";
  return periods.some(isOnWeekend) ? undefined : "working";
}

function differ(spells: readonly Spell[]): boolean {
  const weekend = meanCosts(spells.filter(isOnWeekend));
  const working = meanCosts(spells.filter((spell) => !isOnWeekend(spell)));
  if (!weekend || !working) return false;
  let difference = 0;
  let all = 0;
  for (const feature of new Set([...weekend.keys(), ...working.keys()])) {
    const [a, b] = [weekend.get(feature) ?? 0, working.get(feature) ?? 0];
    difference += Math.abs(a - b);
    all += Math.max(a, b);
  }
  return difference > differentKinds * all;
}

/** Whether the middle of a period is on a Saturday or a Sunday, UTC. */
function isOnWeekend({ since, until }: Spell): boolean {
  const day = new Date((Date.parse(since) + Date.parse(until)) / 2).getUTCDay();
  return day === 0 || day === 6;
}

/** What features cost by length of a period, on average; `undefined` without periods. */
function meanCosts(spells: readonly Spell[]): Map<string | null, number> | undefined {
  if (spells.length === 0) return undefined;
  const means = new Map<string | null, number>();
  for (const { costs, micros } of spells) {
    for (const [feature, cost] of costs) {
      const one = Number(cost) / Number(micros) / spells.length;
      means.set(feature, (means.get(feature) ?? 0) + one);
    }
  }
  return means;
}
