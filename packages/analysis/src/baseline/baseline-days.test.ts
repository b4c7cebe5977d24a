import { picoUsd } from "@spancost/pricing";
import { expect, test } from "vitest";
import { daysToLookAt, kindOfDays, similarDays } from "./baseline-days.ts";
import type { Spell } from "./windows.ts";

const hour = 3_600_000;

/** Noon to four on the nth day before a day of November 2026, of which the first is a Sunday. */
function spell(day: number, number: number, costs: Readonly<Record<string, number>>): Spell {
  const since = Date.UTC(2026, 10, day - number, 12);
  const all = Object.values(costs).reduce((sum, cost) => sum + cost, 0);
  return {
    number,
    since: new Date(since).toISOString(),
    until: new Date(since + 4 * hour).toISOString(),
    micros: 4n * 3_600_000_000n,
    calls: 1n,
    cost: picoUsd(BigInt(all)),
    isPriced: true,
    costs: new Map(Object.entries(costs).map(([name, cost]) => [name, picoUsd(BigInt(cost))])),
  };
}

/** Numbers of the days that a day is compared with, where weekends cost `weekend` and other days `working`. */
function numbersFor(
  day: number,
  days: number,
  working: Readonly<Record<string, number>>,
  weekend: Readonly<Record<string, number>>,
): number[] {
  const spells = Array.from({ length: days + 1 }, (_, number) => {
    const weekday = new Date(Date.UTC(2026, 10, day - number)).getUTCDay();
    return spell(day, number, weekday === 0 || weekday === 6 ? weekend : working);
  });
  const [window, ...before] = spells;
  return window ? similarDays(window, before).map(({ number }) => number) : [];
}

const tuesday = 10;
const saturday = 14;

test.each<[string, number[], number[]]>([
  [
    "a day is compared with the seven before it, where days are alike",
    numbersFor(tuesday, 28, { f: 100 }, { f: 95 }),
    [1, 2, 3, 4, 5, 6, 7],
  ],
  [
    "a working day with working days, where weekends are quieter",
    numbersFor(tuesday, 28, { f: 100 }, { f: 40 }),
    [1, 4, 5, 6, 7],
  ],
  [
    "also where weekends cost the same for other features",
    numbersFor(tuesday, 28, { f: 100 }, { g: 100 }),
    [1, 4, 5, 6, 7],
  ],
  [
    "a weekend with the last weekends",
    numbersFor(saturday, 28, { f: 100 }, { f: 40 }),
    [6, 7, 13, 14],
  ],
  [
    "a first weekend with what there is",
    numbersFor(saturday, 4, { f: 100 }, { f: 40 }),
    [1, 2, 3, 4],
  ],
])("%s", (_, numbers, expected) => {
  expect(numbers).toEqual(expected);
});

test.each<[string, number[], "weekend" | "working" | undefined]>([
  ["the days before, whatever they are", [1, 2, 3, 4, 5, 6, 7], undefined],
  ["the days before, though all are working days", [1], undefined],
  ["working days", [1, 4, 5, 6, 7], "working"],
  ["weekend days", [2, 3, 9, 10], "weekend"],
])("a baseline is known to be of %s", (_, numbers, kind) => {
  const spells = numbers.map((number) => spell(tuesday, number, { f: 1 }));
  expect(kindOfDays(spells)).toBe(kind);
});

test("days are looked at for four weeks, and at least seven lengths of the window", () => {
  expect(daysToLookAt(4n * 3_600_000_000n)).toHaveLength(28);
  expect(daysToLookAt(10n * 86_400_000_000n)).toHaveLength(7);
});
