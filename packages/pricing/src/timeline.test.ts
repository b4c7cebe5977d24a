import type { ModelInfo } from "@pydantic/genai-prices";
import { expect, test } from "vitest";
import { instantOf, stretchAt, timelineOf } from "./timeline.ts";

const model: ModelInfo = {
  id: "m",
  match: { equals: "m" },
  prices: [
    { prices: {} },
    { constraint: { type: "start_date", start_date: "2026-08-17" }, prices: {} },
    {
      constraint: { type: "time_of_date", start_time: "06:00:00Z", end_time: "18:00:00+08:00" },
      prices: {},
    },
  ],
};

test("a timeline has its days in milliseconds and its hours in seconds UTC, ascending", () => {
  expect(timelineOf(model)).toEqual({
    starts: [Date.UTC(2026, 7, 17)],
    edges: [6 * 3600, 10 * 3600],
  });
});

test.each([
  ["2026-08-16T05:59:59.999Z", 0],
  ["2026-08-16T06:00:00Z", 1],
  ["2026-08-16T10:00:00Z", 2],
  ["2026-08-16T23:59:59.999Z", 2],
  ["2026-08-17T00:00:00Z", 3],
  ["2026-08-17T09:59:59.999Z", 4],
  ["1969-12-31T07:00:00Z", 1],
])("%s lies in stretch %i", (time, stretch) => {
  expect(stretchAt(timelineOf(model), Date.parse(time))).toBe(stretch);
});

test("a model with one price has one stretch", () => {
  const timeline = timelineOf({ ...model, prices: {} });
  expect([0, 1e12, -1e12].map((millis) => stretchAt(timeline, millis))).toEqual([0, 0, 0]);
});

test.each([
  [1_763_640_000_000, 1_763_640_000_000],
  [0.5, 0.5],
  [new Date(5), 5],
  [Number.NaN, undefined],
  [Number.POSITIVE_INFINITY, undefined],
  [8.64e15 + 1, undefined],
  [new Date("never"), undefined],
  [null as unknown as Date, undefined],
  ["2026-01-01" as unknown as Date, undefined],
])("%s is the instant %s", (at, millis) => {
  expect(instantOf(at)).toBe(millis);
});
