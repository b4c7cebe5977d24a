import { expect, test } from "vitest";
import { measureOf } from "../ledger/contributions.ts";
import { noiseOf } from "./noise.ts";

test.each([
  ["traffic", 1],
  ["loops", 1],
  ["input", 0.15],
  ["output", 0.15],
  ["price", 0.001],
] as const)(
  "before days say how %s varies it is taken to vary by %d times lumps",
  (factor, times) => {
    expect(noiseOf([], [1, 1, 1]).multiple(measureOf(factor))).toBeCloseTo(times);
  },
);
