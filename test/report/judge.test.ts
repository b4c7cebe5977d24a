import {
  type Judged,
  judge,
  type Question,
  reportOn,
  type SegmentReader,
  type SpikeReport,
} from "@spancost/analysis";
import { beforeAll, describe, expect, test } from "vitest";
import { type Attempt, readerOf, week } from "../queries/week.ts";

const afternoon: Question = { since: "2026-11-10T12:00:00Z", until: "2026-11-10T16:00:00Z" };

/** The week with each attempt of the window replaced. */
async function changedWeek(
  change: (attempt: Attempt) => Attempt | Attempt[],
): Promise<SegmentReader> {
  const attempts = week().flatMap((attempt) => (attempt.day === 10 ? change(attempt) : attempt));
  const reader = await readerOf(attempts);
  return { ...reader, of: () => reader };
}

async function judged(change: (attempt: Attempt) => Attempt | Attempt[]): Promise<Judged> {
  const found = await judge(await changedWeek(change), afternoon);
  if ("kind" in found) throw new Error(found.kind);
  return found;
}

function deltaOf({ counterfactuals }: Judged, factor: string): number {
  return Number(counterfactuals?.all.find((one) => one.factor === factor)?.delta);
}

describe("what a window would have cost", () => {
  test("with the usual prompts is what prompts three times as long added", async () => {
    const found = await judged((one) => ({
      ...one,
      uncached: 3 * one.uncached,
      cacheRead: 3 * one.cacheRead,
    }));
    const { explanation } = found;
    const rise = Number(explanation.change?.bridge.input);
    // Output tokens stay, so that all of the effect is the prompts': nothing else rises with it but traffic.
    expect(deltaOf(found, "input") / -rise).toBeGreaterThan(0.95);
    expect(deltaOf(found, "input") / -rise).toBeLessThan(1.1);
    expect(found.counterfactuals?.levels.input.after).toBeGreaterThan(
      2.9 * (found.counterfactuals?.levels.input.before ?? Number.NaN),
    );
  });

  test("is what it did cost, where nothing changed", async () => {
    const found = await judged((one) => one);
    expect(
      found.counterfactuals?.all.every(
        ({ cost, delta }) => cost - delta === found.explanation.cost,
      ),
    ).toBe(true);
    expect(deltaOf(found, "price")).toBe(0);
    expect(found.verdicts).toEqual([]);
  });
});

test("a release beside the old one is compared with it in the same hours", async () => {
  const found = await judged((one) =>
    one.feature === "search" && Number(one.trace.split("-")[2]) % 2 === 0
      ? { ...one, release: "2", uncached: 5 * one.uncached, cacheRead: 5 * one.cacheRead }
      : one,
  );
  expect(found.verdicts).toMatchObject([
    { release: "2", control: "same-hours", verdict: "explains" },
  ]);
  const [verdict] = found.verdicts;
  expect(Number(verdict?.excess) / Number(found.explanation.change?.delta)).toBeGreaterThan(0.8);
});

test("a release that changes nothing explains nothing", async () => {
  const found = await judged((one) =>
    Number(one.trace.split("-")[2]) % 2 === 0 ? { ...one, release: "2" } : one,
  );
  expect(found.verdicts).toMatchObject([{ release: "2", verdict: "does-not-explain" }]);
});

describe("a report on runs of twelve calls", () => {
  let report: SpikeReport;
  beforeAll(async () => {
    const reader = await changedWeek((one) =>
      one.feature === "search"
        ? [0, 4, 8].map((more) => ({
            ...one,
            iteration: one.iteration + more,
            second: one.second + one.iteration + more,
            uncached: one.uncached * (one.iteration + more),
          }))
        : one,
    );
    const judged = await judge(reader, afternoon);
    if ("kind" in judged) throw new Error(judged.kind);
    report = await reportOn(reader, afternoon, judged);
  });

  test("shows what calls cost that runs did not reach before", () => {
    const steps = report.loops.steps.map(({ from, to, now, before }) => [
      from,
      to,
      now.calls > 0n,
      before.calls > 0n,
    ]);
    expect(steps).toContainEqual([4, 4, true, true]);
    expect(steps).toContainEqual([5, 5, true, false]);
    expect(steps.at(-1)).toEqual([9, 12, true, false]);
    expect(report.loops.resentShare).toBeGreaterThan(0.5);
    expect(report.loops.resentShare).toBeLessThanOrEqual(1);
  });

  test("lists the runs that went on too long, with what they cost together", () => {
    const { runaways } = report;
    if (runaways === undefined) throw new Error("there is no baseline");
    const [first] = runaways.dearest;
    expect(first).toMatchObject({ feature: "search", steps: 12, usualSteps: 4 });
    expect(runaways.count).toBeGreaterThan(30n);
    expect(runaways.dearest.length).toBe(20);
    expect(runaways.cost).toBeGreaterThan(
      runaways.dearest.reduce((sum, { cost }) => sum + cost, 0n),
    );
  });

  test("has traces to look at: dear ones, and a usual one of the days before", () => {
    const { dearest, median, normal } = report.traces;
    expect(dearest.map(({ calls }) => calls)).toEqual([12n, 12n, 12n]);
    expect(Number(dearest[0]?.cost)).toBeGreaterThanOrEqual(Number(dearest[1]?.cost));
    expect(median).toBeDefined();
    expect(normal?.startedAt).toMatch(/^2026-11-0/);
  });

  test("has a step of the timeline for each hour, with what is usual where days are known", () => {
    const inside = report.timeline.filter(({ since }) => since >= String(afternoon.since));
    expect(inside.length).toBeGreaterThanOrEqual(4);
    const [step] = inside;
    expect(step?.usual?.low).toBeLessThanOrEqual(step?.usual?.middle ?? 0);
    expect(step?.dollars).toBeGreaterThan(step?.usual?.high ?? Number.POSITIVE_INFINITY);
  });

  test("counts requests against those that are usual", () => {
    const { totals, usualTotals } = report;
    expect(Number(totals.requests) / Number(usualTotals?.requests)).toBeGreaterThan(0.9);
    expect(Number(totals.requests) / Number(usualTotals?.requests)).toBeLessThan(1.1);
  });
});
