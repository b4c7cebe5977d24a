import { expect, test } from "vitest";
import type { Dimension } from "../dimensions.ts";
import { isNearerVersion } from "./nearer-version.ts";
import type { Scored } from "./scoring.ts";

/** What rose by 12 from what it cost before. */
function scored(name: Dimension, before: number, more: Partial<Scored> = {}): Scored {
  const column = { name, values: ["x"], count: 1, codes: new Int32Array(1) };
  const candidate = {
    conditions: [{ column, code: 0 }],
    sums: Float64Array.of(before + 12, before),
  };
  return { candidate, measure: 0, change: 12, lumps: 12, score: 50, isNew: false, ...more };
}

const production = scored("environment", 5, {
  score: 60,
  beside: { score: 60, without: 40, deviations: () => 9 },
});

test.each<[boolean, string, Scored, Scored]>([
  [true, "a release with the same change in less spend", scored("release", 3), production],
  [false, "a release with as much spend", scored("release", 5), production],
  [false, "a release with less of the change", scored("release", 3, { change: 10 }), production],
  [false, "a release by another measure", scored("release", 3, { measure: 2 }), production],
  [false, "a release that says less by itself", scored("release", 3, { score: 39 }), production],
  [false, "a region", scored("region", 3), production],
  [false, "a release, where neither is compared", scored("release", 3), scored("environment", 5)],
])("%s: %s", (isNearer, _, one, other) => {
  expect(isNearerVersion(one, other)).toBe(isNearer);
});
