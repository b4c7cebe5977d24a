import { picoUsd } from "@spancost/pricing";
import { expect, test } from "vitest";
import { wholeWeight } from "./bridge.ts";
import { type Dimension, dimensionNames, type Labels, searchedDimensions } from "./dimensions.ts";
import type { LabelledPiece } from "./matched-baseline.ts";
import { findSegments } from "./search.ts";

const noLabels = Object.fromEntries(dimensionNames.map((name) => [name, null])) as Labels;
const zero = picoUsd(0n);

/** What cost how much before and after: "feature=f release=2 10 30". */
function toPieces(lines: readonly string[]): LabelledPiece[] {
  return lines.flatMap((line) => {
    const words = line.split(" ");
    const [before = 0n, after = 0n] = words.slice(-2).map(BigInt);
    const labels = {
      ...noLabels,
      ...Object.fromEntries(words.slice(0, -2).map((word) => word.split("="))),
    };
    return [pieceOf(labels, before, false), pieceOf(labels, after, true)];
  });
}

function pieceOf(labels: Labels, cost: bigint, inWindow: boolean): LabelledPiece {
  return {
    cell: {
      inWindow,
      labels,
      priced: "p",
      step: "1",
      calls: 1n,
      logicalCalls: 1n,
      tokens: { uncached: 0n, cacheRead: 0n, cacheWrite: 0n, output: 0n },
      cost: { uncached: zero, cacheRead: zero, cacheWrite: zero, output: zero },
      otherCost: picoUsd(cost * 1_000_000n),
    },
    labels,
    weight: wholeWeight,
  };
}

function segmentsOf(lines: readonly string[], names: readonly Dimension[] = searchedDimensions) {
  return findSegments(toPieces(lines), 1, 0, names).map(({ segment }) => segment);
}

test.each<[string, string[], object[]]>([
  ["the value that rose", ["feature=f 10 50", "feature=g 40 41"], [{ feature: "f" }]],
  ["the value that fell", ["feature=f 50 5", "feature=g 40 41"], [{ feature: "f" }]],
  ["a value that is new", ["feature=f 0 50", "feature=g 40 41"], [{ feature: "f" }]],
  ["calls without a value", ["team=t feature=f 40 40", "team=t 10 50"], [{ feature: null }]],
  [
    "a pair, where neither of its values alone is to blame",
    [
      "feature=f release=2 20 90",
      "feature=f release=1 60 60",
      "feature=g release=2 60 60",
      "feature=g release=1 60 60",
    ],
    [{ feature: "f", release: "2" }],
  ],
  [
    "the simpler of two names for the same spend",
    ["feature=f provider=p model=m 10 50", "feature=g provider=q model=n 40 41"],
    [{ feature: "f" }],
  ],
  [
    "two causes, the larger first",
    ["feature=f 20 60", "feature=g 20 40", "feature=h 60 61", "feature=i 60 59"],
    [{ feature: "f" }, { feature: "g" }],
  ],
  [
    "a rise and a fall",
    ["feature=f 30 90", "feature=g 60 20", "feature=h 60 60"],
    [{ feature: "f" }, { feature: "g" }],
  ],
  [
    "all, where everything rose alike",
    ["feature=f 20 40", "feature=g 60 120", "feature=h 40 80"],
    [{}],
  ],
  [
    "no environment that is everything",
    ["environment=e feature=f 20 40", "environment=e feature=g 60 120"],
    [{}],
  ],
  [
    "all, where a value is nearly everything on both sides",
    [
      "environment=e model=m feature=f 48 96",
      "environment=e model=m feature=g 48 96",
      "environment=e model=n 4 4",
    ],
    [{}],
  ],
  [
    "the larger change before the larger ratio",
    ["feature=f 5000 15000", "feature=g 1 1200", "feature=h 900 900"],
    [{ feature: "f" }, { feature: "g" }],
  ],
  [
    "a value that became nearly everything",
    ["feature=f 10 9000", "feature=g 40 41"],
    [{ feature: "f" }],
  ],
  ["nothing, where nothing stands out", ["feature=f 100 103", "feature=g 100 104"], []],
  ["nothing, where nothing was spent", ["feature=f 0 0"], []],
  ["not those users that are counted together", ["user_id=(other) 10 50", "user_id=u 40 41"], [{}]],
])("finds %s", (_, lines, segments) => {
  expect(segmentsOf(lines)).toEqual(segments);
});

test("only dimensions that are asked for are searched", () => {
  const lines = ["feature=f team=t 10 50", "feature=g team=t 40 41", "feature=h team=u 40 40"];
  expect(segmentsOf(lines, ["team"])).toEqual([{ team: "t" }]);
});

test("spend belongs to one finding only, and a later one says what it lost", () => {
  const pieces = toPieces([
    "feature=f team=t 20 200",
    "feature=g team=t 20 60",
    "feature=h team=t 20 60",
    "feature=i team=u 90 90",
  ]);
  const found = findSegments(pieces, 1, 0, ["feature", "team"]);
  expect(found.map(({ segment }) => segment)).toEqual([{ feature: "f" }, { team: "t" }]);
  expect(found[1]?.claimedBefore).toBeCloseTo(220 / 380);
  const all = found.flatMap((one) => one.pieces);
  expect(new Set(all).size).toBe(all.length);
});

test("what is left after a finding is told only while it is unusual", () => {
  const pieces = toPieces(["feature=f 20 200", "feature=g 20 60", "feature=h 90 90"]);
  const segments = (noise: number) =>
    findSegments(pieces, 1, noise * 1_000_000, ["feature"]).map(({ segment }) => segment);
  expect(segments(30)).toEqual([{ feature: "f" }, { feature: "g" }]);
  expect(segments(50)).toEqual([{ feature: "f" }]);
});
