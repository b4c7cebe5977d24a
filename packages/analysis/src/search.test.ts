import { picoUsd } from "@spancost/pricing";
import { expect, test } from "vitest";
import { mergedPeriods, type PeriodCell } from "./cells.ts";
import { contributionsOf } from "./contributions.ts";
import { type Dimension, dimensionNames, type Labels, others } from "./dimensions.ts";
import { toLedger } from "./ledger.ts";
import { matchBaseline } from "./matched-baseline.ts";
import { type Found, findSegments, toFound } from "./search.ts";
import { dimensionsOf, toSpendTable } from "./spend-table.ts";

const noLabels = Object.fromEntries(dimensionNames.map((name) => [name, null])) as Labels;
const zero = picoUsd(0n);
const days = [1, 2, 3, 4, 5];

/**
 * Calls with what they cost on each day before and in the window: "feature=f release=2 10 30". Days differ by what
 * `wobble` adds to them.
 */
function toCells(lines: readonly string[], wobble = (_: number) => 0n): PeriodCell[] {
  return lines.flatMap((line) => {
    const words = line.split(" ");
    const [before = 0n, after = 0n] = words.slice(-2).map(BigInt);
    const labels = {
      ...noLabels,
      ...Object.fromEntries(words.slice(0, -2).map((word) => word.split("="))),
    };
    const ofDays = days.map((day) => cellOf(labels, before + wobble(day), day));
    return [cellOf(labels, after, 0), ...ofDays].filter(({ calls }) => calls > 0n);
  });
}

/** As many calls as dollars. */
function cellOf(labels: Labels, cost: bigint, period: number): PeriodCell {
  return {
    period,
    labels,
    priced: "p",
    step: "1",
    calls: cost,
    logicalCalls: cost,
    tokens: { uncached: 0n, cacheRead: 0n, cacheWrite: 0n, output: 0n },
    cost: { uncached: zero, cacheRead: zero, cacheWrite: zero, output: zero },
    otherCost: picoUsd(cost * 1_000_000n),
  };
}

function found(cells: readonly PeriodCell[], by?: readonly Dimension[]): Found[] {
  const pieces = matchBaseline(mergedPeriods(cells));
  const ledger = toLedger(cells, pieces, days);
  const measures = [0, ...days].map((nth) =>
    contributionsOf(ledger, { nth, scale: 1, baselineScale: 1 / days.length }),
  );
  const [window = new Float64Array(), ...ofDays] = measures;
  const table = toSpendTable(ledger, window, ofDays, dimensionsOf(ledger, by), 0);
  return findSegments(table).map((claim) => toFound(claim, table, ledger.slotOfPiece, pieces));
}

function segmentsOf(lines: readonly string[], by?: readonly Dimension[]) {
  return found(toCells(lines), by).map(({ segment }) => segment);
}

test.each<[string, string[], object[]]>([
  ["the value that rose", ["feature=f 10 50", "feature=g 40 41"], [{ feature: "f" }]],
  ["the value that fell", ["feature=f 50 5", "feature=g 40 41"], [{ feature: "f" }]],
  ["a value that is new", ["feature=f 0 50", "feature=g 40 41"], [{ feature: "f" }]],
  ["calls without a value", ["team=t feature=f 40 40", "team=t 10 50"], [{ feature: null }]],
  [
    "a pair, where neither of its values alone is to blame",
    [
      "feature=f environment=e 20 90",
      "feature=f environment=d 60 60",
      "feature=g environment=e 60 60",
      "feature=g environment=d 60 60",
    ],
    [{ feature: "f", environment: "e" }],
  ],
  [
    "three values together",
    ["f", "g"].flatMap((feature) =>
      ["e", "d"].flatMap((environment) =>
        ["x", "y"].map((region) => {
          const isCause = feature + environment + region === "fex";
          return `feature=${feature} environment=${environment} region=${region} 60 ${isCause ? 240 : 60}`;
        }),
      ),
    ),
    [{ feature: "f", environment: "e", region: "x" }],
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
    "all, where everything doubled",
    ["feature=f 20 40", "feature=g 60 120", "feature=h 40 80"],
    [{}],
  ],
  [
    "a tag's value",
    [
      "feature=f tag:plan=free 20 90",
      "feature=f tag:plan=pro 60 60",
      "feature=g tag:plan=pro 60 60",
    ],
    [{ "tag:plan": "free" }],
  ],
  ["nothing on a busy day", ["feature=f 20 24", "feature=g 60 72", "feature=h 40 48"], []],
  ["nothing, where nothing stands out", ["feature=f 100 103", "feature=g 100 104"], []],
  ["nothing, where nothing was spent", ["feature=f 0 0"], []],
  [
    "not those users that are counted together",
    [`user_id=${others} 10 50`, "user_id=u 40 41", "user_id=v 40 40"],
    [],
  ],
])("finds %s", (_, lines, segments) => {
  expect(segmentsOf(lines)).toEqual(segments);
});

test("a change that days make by themselves is not told", () => {
  const lines = ["feature=f 50 80", "feature=g 200 200"];
  expect(found(toCells(lines)).map(({ segment }) => segment)).toEqual([{ feature: "f" }]);
  expect(found(toCells(lines, (day) => (day % 2 === 0 ? 30n : -30n)))).toEqual([]);
});

test("only dimensions that are asked for are searched", () => {
  const lines = ["feature=f team=t 10 50", "feature=g team=t 40 41", "feature=h team=u 40 40"];
  expect(segmentsOf(lines, ["team"])).toEqual([{ team: "t" }]);
});

test("spend belongs to one finding only, and a later one says what it lost", () => {
  const all = found(
    toCells([
      "feature=f team=t 20 200",
      "feature=g team=t 20 60",
      "feature=h team=t 20 60",
      "feature=i team=u 90 90",
    ]),
    ["feature", "team"],
  );
  expect(all.map(({ segment }) => segment)).toEqual([{ feature: "f" }, { team: "t" }]);
  expect(all[1]?.claimedBefore).toBeCloseTo(220 / 380);
  const pieces = all.flatMap((one) => one.pieces);
  expect(new Set(pieces).size).toBe(pieces.length);
});
