import { describe, expect, test } from "vitest";
import { hourMillis } from "../baseline/instants.ts";
import { type Detection, detectSpike } from "./detect-spike.ts";
import { type HourOfFeature, toHistory } from "./spend-history.ts";

/** A Monday. */
const start = Date.UTC(2026, 10, 2);

interface Given {
  readonly days?: number;
  /** Times the usual, by hour since the start; of `feature`, or of all. */
  readonly spike?: { readonly from: number; readonly to: number; readonly times: number };
  readonly feature?: string | null;
  /** What weekends cost, as a share of working days. */
  readonly weekend?: number;
  /** Minutes after the last whole hour at which the data ends. */
  readonly minutes?: number;
  readonly dollars?: number;
}

/** Six features by day and night, each with its own noise, which is always the same. */
function detect(given: Given = {}): Detection | undefined {
  const { days = 15, spike, weekend = 1, minutes = 0, dollars = 10 } = given;
  const features = ["search", "chat", "code", "mail", "notes", null];
  const random = randomFrom(11);
  const rows: HourOfFeature[] = [];
  const hours = days * 24 + (minutes > 0 ? 1 : 0);
  for (let hour = 0; hour < hours; hour += 1) {
    const at = start + hour * hourMillis;
    const isWeekend = [0, 6].includes(new Date(at).getUTCDay());
    const rhythm = 1 + 0.8 * Math.sin(((hour % 24) / 24) * 2 * Math.PI);
    for (const feature of features) {
      const hit = spike !== undefined && hour >= spike.from && hour < spike.to;
      const times =
        hit && (given.feature === undefined || given.feature === feature) ? spike.times : 1;
      const share = hour === hours - 1 && minutes > 0 ? minutes / 60 : 1;
      const noise = 0.8 + 0.4 * random();
      rows.push({
        at,
        feature,
        dollars: dollars * rhythm * noise * times * share * (isWeekend ? weekend : 1),
      });
    }
  }
  const end = start + days * 24 * hourMillis + minutes * 60_000;
  const history = toHistory(rows, end, 1n);
  return history && detectSpike(history);
}

/** Numbers in [0, 1), always the same ones. Source: Numerical Recipes, the quick 32-bit generator. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

const hourOf = (instant: string) => (Date.parse(instant) - start) / hourMillis;

function foundHours(detection: Detection | undefined) {
  if (detection?.kind !== "found") throw new Error(`${detection?.kind}`);
  return [hourOf(detection.since), hourOf(detection.until)];
}

describe("quiet days give silence", () => {
  test.each([
    ["two weeks", {}],
    ["five days", { days: 5 }],
    ["five weeks", { days: 35 }],
    ["weekends that cost a fifth, on the Sunday", { days: 21, weekend: 0.2 }],
    ["weekends that cost a fifth, on the Monday after", { days: 22, weekend: 0.2 }],
    ["an end within an hour", { minutes: 12 }],
    ["a busy day, a quarter dearer everywhere", { spike: { from: 336, to: 360, times: 1.25 } }],
    ["a day without any cost", { spike: { from: 336, to: 360, times: 0 } }],
    [
      "a spike of cents",
      { dollars: 0.0001, feature: "chat", spike: { from: 340, to: 346, times: 5 } },
    ],
    ["a spike two days ago", { feature: "chat", spike: { from: 300, to: 306, times: 5 } }],
  ] as const)("%s", (_, given) => {
    expect(detect(given)).toMatchObject({ kind: "quiet" });
  });
});

describe("a spike is found with its edges", () => {
  test.each([
    ["in one feature", { feature: "chat", spike: { from: 342, to: 348, times: 4 } }],
    ["in calls without a feature", { feature: null, spike: { from: 342, to: 348, times: 4 } }],
    ["everywhere", { spike: { from: 342, to: 348, times: 3 } }],
    ["of one hour", { feature: "chat", spike: { from: 342, to: 343, times: 12 } }],
    ["with few days before", { days: 5, feature: "chat", spike: { from: 104, to: 110, times: 4 } }],
    [
      "on a weekend",
      { days: 14, weekend: 0.3, feature: "chat", spike: { from: 320, to: 328, times: 4 } },
    ],
  ] as const)("%s", (_, given) => {
    const detection = detect(given);
    const [from = 0, to = 0] = foundHours(detection);
    expect(Math.abs(from - given.spike.from)).toBeLessThanOrEqual(1);
    expect(Math.abs(to - given.spike.to)).toBeLessThanOrEqual(1);
    expect(detection).toMatchObject({
      ongoing: false,
      feature: "feature" in given ? given.feature : expect.anything(),
    });
  });

  test("to the end of the data, where it goes on", () => {
    const detection = detect({
      minutes: 30,
      feature: "chat",
      spike: { from: 350, to: 361, times: 4 },
    });
    expect(foundHours(detection)).toEqual([350, 360.5]);
    expect(detection).toMatchObject({ ongoing: true });
  });

  test("back to where it began, days ago", () => {
    const detection = detect({
      days: 28,
      feature: "chat",
      spike: { from: 610, to: 672, times: 4 },
    });
    expect(foundHours(detection)).toEqual([610, 672]);
  });
});

test("days without a history say so", () => {
  expect(detect({ days: 3 })).toEqual({ kind: "short-history", days: 2 });
  expect(toHistory([], start, 0n)).toBeUndefined();
});

test("the same hours give the same answer", () => {
  const given = { feature: "chat", spike: { from: 342, to: 348, times: 4 } };
  expect(detect(given)).toEqual(detect(given));
});
