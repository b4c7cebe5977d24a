import { expect, test } from "vitest";
import { matchBaseline } from "../baseline/matched-baseline.ts";
import { type Dimension, dimensionNames, isTag, others } from "../dimensions.ts";
import { contributionsOf } from "../ledger/contributions.ts";
import { toLedger } from "../ledger/ledger.ts";
import { toCellTable } from "../reading/cell-table.ts";
import { ofMoney } from "./limits.ts";
import { type Claim, SegmentSearch } from "./search.ts";
import { dimensionsOf, type SpendTable, toSpendTable } from "./spend-table.ts";

const days = [1, 2, 3, 4, 5];
const tags = ["plan"];

/**
 * Calls with what they cost on each day before and in the window, as many calls as micro-dollars: "feature=f release=2
 * 10 30". Days differ by what `wobble` adds to them.
 */
function toRows(lines: readonly string[], wobble = (_: number) => 0) {
  return lines.map((line) => {
    const words = line.split(" ");
    const [before = 0, after = 0] = words.slice(-2).map(Number);
    const labels = words.slice(0, -2).map((word) => word.split("=") as [string, string]);
    const calls = [after, ...days.map((day) => before + wobble(day))];
    return {
      ...Object.fromEntries(
        [...dimensionNames, "tag_1", "service_tier"].map((name) => [name, null]),
      ),
      ...Object.fromEntries(labels.map(([name, value]) => [isTag(name) ? "tag_1" : name, value])),
      step: "1",
      calls: calls.reduce((sum, count) => sum + count, 0),
      counts: calls.flatMap((count, period) => [period, count, count, 0, 0, 0, 0, count * 1e-12]),
      costs: calls.flatMap((count, period) => [period, 0, 0, 0, 0, count * 1e6]),
    };
  });
}

function found(...asked: Parameters<typeof tableOf>): Claim[] {
  return new SegmentSearch(tableOf(...asked), ofMoney).find();
}

function tableOf(
  rows: ReturnType<typeof toRows>,
  by?: readonly Dimension[],
  counts?: ReadonlyMap<Dimension, number>,
): SpendTable {
  const table = toCellTable({ columns: [], rows }, tags, days);
  const ledger = toLedger(table, matchBaseline(table), new Map());
  const turns = [0, ...days].map((nth) => ({ nth, scale: 1 }));
  const contributions = contributionsOf(ledger, turns, 1 / days.length);
  return toSpendTable(ledger, contributions, turns.length, dimensionsOf(ledger, by), 0, counts);
}

function segmentsOf(lines: readonly string[], by?: readonly Dimension[]) {
  return found(toRows(lines), by).map(({ segment }) => segment);
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

test("what the others did too, though not all alike, makes no value stand out", () => {
  const surge = "feature=f 190 299";
  const others = ["feature=g 120 156", "feature=h 140 179", "feature=i 120 119"];
  expect(segmentsOf([surge, ...others])).toEqual([]);
  const asEver = ["feature=g 120 121", "feature=h 140 138", "feature=i 120 119"];
  expect(segmentsOf([surge, ...asEver])).toEqual([{ feature: "f" }]);
});

test("a change that days make by themselves is not told", () => {
  const lines = ["feature=f 50 80", "feature=g 200 200"];
  expect(found(toRows(lines)).map(({ segment }) => segment)).toEqual([{ feature: "f" }]);
  expect(found(toRows(lines, (day) => (day % 2 === 0 ? 30 : -30)))).toEqual([]);
});

test("how much is asked is told by whose it is, and by no version", () => {
  const ofModel = (model: string, after: number) =>
    ["a", "b", "c"].map((feature) => `feature=${feature}-${model} model=${model} 40 ${after}`);
  expect(segmentsOf([...ofModel("m", 58), ...ofModel("n", 40)])).toEqual([]);
  expect(segmentsOf([...ofModel("m", 58), ...ofModel("n", 40)].map(asRegion))).toEqual([
    { region: "m" },
  ]);
});

function asRegion(line: string): string {
  return line.replace("model=", "region=");
}

test("what was never there before is told, however much days vary", () => {
  const varied = ["a", "b", "c", "d", "e", "g"].flatMap((feature, index) =>
    toRows([`feature=${feature} 100 100`], (day) => 50 * (-1) ** (day + index)),
  );
  const foundWith = (line: string) =>
    found([...varied, ...toRows([line])]).map(({ segment }) => segment);
  expect(foundWith("feature=f 0 40")).toEqual([{ feature: "f" }]);
  expect(foundWith("feature=f 2 40")).toEqual([]);
  // Users come and go.
  expect(foundWith("feature=a user_id=u 0 40")).toEqual([]);
});

test("a person is told in place of those who would not be told without them", () => {
  const foundWith = (others: number) =>
    segmentsOf([
      "feature=f user_id=u 0 90",
      ...["a", "b", "c", "d"].map((user) => `feature=f user_id=${user} 1 ${others}`),
      ...["feature=g 100 100", "feature=h 100 100"],
    ]);
  expect(foundWith(3)).toEqual([{ user_id: "u" }]);
  expect(foundWith(30)).toEqual([{ feature: "f" }]);
});

test("what was chosen from many has to be more surprising", () => {
  const rows = toRows(["agent=a 50 85", "agent=b 200 200"]);
  expect(found(rows).map(({ segment }) => segment)).toEqual([{ agent: "a" }]);
  expect(found(rows, undefined, new Map([["agent", 100_000]]))).toEqual([]);
});

test("a tag of many values, such as tenants, has to stand out as a user has", () => {
  const told = (values: number) =>
    segmentsOf([
      "tag:plan=dear 100 165",
      ...Array.from(
        { length: values },
        (_, value) => `tag:plan=t${value} ${900 / values} ${900 / values}`,
      ),
    ]);
  expect(told(18)).toEqual([{ "tag:plan": "dear" }]);
  expect(told(25)).toEqual([]);
});

test("only dimensions that are asked for are searched", () => {
  const lines = ["feature=f team=t 10 50", "feature=g team=t 40 41", "feature=h team=u 40 40"];
  expect(segmentsOf(lines, ["team"])).toEqual([{ team: "t" }]);
});

test("spend belongs to one finding only, and a later one says what it lost", () => {
  const all = found(
    toRows([
      "feature=f team=t 20 200",
      "feature=g team=t 20 60",
      "feature=h team=t 20 60",
      "feature=i team=u 90 90",
    ]),
    ["feature", "team"],
  );
  expect(all.map(({ segment }) => segment)).toEqual([{ feature: "f" }, { team: "t" }]);
  expect(all[1]?.claimedBefore).toBeCloseTo(220 / 380);
  const rows = all.flatMap((one) => [...one.rows]);
  expect(new Set(rows).size).toBe(rows.length);
});

test("a person is not told for what a whole feature did", () => {
  const users = Array.from({ length: 12 }, (_, user) => `feature=f user_id=u${user} 30 65`);
  const told = segmentsOf([
    ...users,
    "feature=f user_id=dear 10 400",
    "feature=g user_id=dear 10 10",
    "feature=g user_id=u1 400 404",
    "feature=h user_id=u2 400 396",
  ]);
  expect(told[0]).toEqual({ feature: "f" });
});

test("a part that rose most and the rest that rose too are told as one, by the shorter name", () => {
  const lines = [
    "feature=f environment=e 60 600",
    "feature=f environment=d 60 130",
    "feature=g environment=e 90 90",
    "feature=g environment=d 90 91",
  ];
  expect(segmentsOf(lines)).toEqual([{ feature: "f" }]);
});

test("where a part rose most and the rest too little to be told, both are told by the shorter name", () => {
  const elsewhere = ["feature=f environment=d 800 801", "feature=g environment=d 800 799"];
  const lines = ["feature=f environment=e 60 360", "feature=g environment=e 45 90", ...elsewhere];
  expect(segmentsOf(lines)).toEqual([{ environment: "e" }]);
  const innocent = [
    "feature=f environment=e 60 360",
    "feature=g environment=e 45 46",
    ...elsewhere,
  ];
  expect(segmentsOf(innocent)).toEqual([{ feature: "f", environment: "e" }]);
});

/** The same calls, of the window's no more than on the days before: what is more of them was tried again. */
function retried(lines: readonly string[]) {
  return toRows(lines).map((row) => {
    const [window = 0, attempts = 0, , ...more] = row.counts;
    const before = row.counts[8 + 1] ?? 0;
    return { ...row, counts: [window, attempts, Math.min(before, attempts), ...more] };
  });
}

test("a rate that rose everywhere, here more and there less, is told of all", () => {
  const everywhere = ["feature=f 300 550", "feature=g 300 390", "feature=h 300 450"];
  expect(found(retried(everywhere)).map(({ segment }) => segment)).toEqual([{}]);
});

test("a rate that rose in two places is told of these and not of all", () => {
  const lines = ["feature=f 300 550", "feature=g 300 300", "feature=h 300 450"];
  const told = found(retried(lines)).map(({ segment }) => segment);
  expect(told).toEqual([{ feature: "f" }, { feature: "h" }]);
});

/** As many calls and tokens as on the days before, and what they cost in the window. */
function repriced(lines: readonly string[]) {
  return toRows(lines).map((row) => {
    const before = row.counts[8 + 1] ?? 0;
    const cost = (period: number) => row.costs[period * 6 + 5] ?? 0;
    return {
      ...row,
      counts: [0, ...days].flatMap((period) => [period, before, before, before, 0, 0, 0, 1e-10]),
      costs: [0, ...days].flatMap((period) => [period, cost(period), 0, 0, 0, 0]),
    };
  });
}

test("a new price is told of the model, and more requests of the feature that sends them to it", () => {
  const lines = [
    "feature=f model=m 150 240",
    "feature=g model=n 150 151",
    "feature=h model=n 90 90",
  ];
  expect(found(repriced(lines)).map(({ segment }) => segment)).toEqual([{ model: "m" }]);
  expect(segmentsOf(lines)).toEqual([{ feature: "f" }]);
});

/** Calls of 100 tokens of input, and of output as many as are said, at a micro-dollar each; before, and in the window. */
function answering(feature: string, before: Answered, after: Answered) {
  const periods = [after, ...days.map(() => before)];
  return {
    ...toRows([`feature=${feature} 0 0`])[0],
    calls: periods.reduce((sum, { calls }) => sum + calls, 0),
    counts: periods.flatMap(({ calls, output, cached = 0 }, period) => {
      const input = [100 * calls - cached * calls, cached * calls, 0];
      return [period, calls, calls, ...input, output * calls, calls * 1e-12];
    }),
    costs: periods.flatMap(({ calls, output, cached = 0 }, period) =>
      [period, 100 - cached, 0, 0, output, 0].map((of, nth) => (nth === 0 ? of : of * calls * 1e6)),
    ),
  } as ReturnType<typeof toRows>[number];
}

interface Answered {
  readonly calls: number;
  readonly output: number;
  /** Of the 100 tokens of input, for which nothing is charged then. */
  readonly cached?: number;
}

test("what calls cost more is told where fewer of them hide it, and not where they save as much otherwise", () => {
  const usual = { calls: 600, output: 100 };
  const others = ["g", "h"].map((feature) => answering(feature, usual, usual));
  const told = (after: Answered) =>
    found([answering("f", usual, after), ...others]).map(({ segment, foundBy }) => [
      segment,
      foundBy,
    ]);
  expect(told({ calls: 400, output: 220 })).toEqual([[{ feature: "f" }, "output"]]);
  expect(told({ calls: 600, output: 180, cached: 80 })).toEqual([]);
});
