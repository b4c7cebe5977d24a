import { picoUsd } from "@spancost/pricing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dimensionNames, type Labels } from "../dimensions.ts";
import { type Cell, contextOf } from "../reading/cells.ts";
import { type Bridge, bridge } from "./bridge.ts";
import { costOf, factors, type Scale, type Side, unscaled, wholeWeight } from "./sides.ts";

interface Calls {
  feature?: string | null;
  step?: string;
  model?: string;
  requests?: number;
  calls?: number;
  logical?: number;
  uncached?: number;
  cacheRead?: number;
  cacheWrite?: number;
  output?: number;
  /** Pico-dollars per token; per call for `other`. */
  price?: number;
  cachePrice?: number;
  outputPrice?: number;
  other?: number;
  /** Cost of cache writes that no token accounts for. */
  writeFee?: number;
}

/** 10 requests of 2 calls of 100 tokens in, 50 of them cached, and 20 out. */
const usual = {
  feature: "search",
  step: "1",
  model: "m",
  requests: 10,
  calls: 20,
  uncached: 1000,
  cacheRead: 1000,
  cacheWrite: 0,
  output: 400,
  price: 1000,
  cachePrice: 100,
  outputPrice: 8000,
  other: 0,
} as const satisfies Calls;

const noLabels = Object.fromEntries(dimensionNames.map((name) => [name, null])) as Labels;

function toCell(given: Calls): Cell {
  const of = { ...usual, ...given };
  return {
    labels: { ...noLabels, feature: of.feature },
    priced: of.model,
    step: of.step,
    calls: BigInt(of.calls),
    logicalCalls: BigInt(given.logical ?? of.calls),
    tokens: {
      uncached: BigInt(of.uncached),
      cacheRead: BigInt(of.cacheRead),
      cacheWrite: BigInt(of.cacheWrite),
      output: BigInt(of.output),
    },
    cost: {
      uncached: picoUsd(BigInt(of.uncached) * BigInt(of.price)),
      cacheRead: picoUsd(BigInt(of.cacheRead) * BigInt(of.cachePrice)),
      cacheWrite: picoUsd(
        BigInt(of.cacheWrite) * BigInt(of.cachePrice) + BigInt(given.writeFee ?? 0),
      ),
      output: picoUsd(BigInt(of.output) * BigInt(of.outputPrice)),
    },
    otherCost: picoUsd(BigInt(of.other) * BigInt(of.calls)),
  };
}

function side(all: readonly Calls[], scale: Scale = unscaled): Side {
  const requests = new Map<string, bigint>();
  for (const one of all) {
    const { feature, requests: count } = { ...usual, ...one };
    const context = contextOf({ feature, environment: null, service: null });
    const known = requests.get(context) ?? 0n;
    const given = BigInt(count) * wholeWeight;
    requests.set(context, known > given ? known : given);
  }
  const pieces = all.map((one) => ({ cell: toCell(one), weight: wholeWeight }));
  return { pieces, requests, scale };
}

/** The factors that contribute, the others left out. */
function contributing(steps: Bridge): Record<string, number> {
  return Object.fromEntries(
    Object.entries(steps)
      .filter(([, delta]) => delta !== 0n)
      .map(([factor, delta]) => [factor, Number(delta)]),
  );
}

const cost = 1000 * 1000 + 1000 * 100 + 400 * 8000;

describe("a change of one factor is its own", () => {
  test.each<[string, Calls[], Calls[], Record<string, number>]>([
    ["nothing", [{}], [{}], {}],
    [
      "twice the requests",
      [{}],
      [{ requests: 20, calls: 40, uncached: 2000, cacheRead: 2000, output: 800 }],
      { traffic: cost },
    ],
    [
      "twice the calls of a request",
      [{}],
      [{ calls: 40, uncached: 2000, cacheRead: 2000, output: 800 }],
      { loops: cost },
    ],
    [
      "a place in the loop that was not reached",
      [{}],
      [{}, { step: "9-16", calls: 7, uncached: 70_000, cacheRead: 0, output: 7 }],
      { loops: 70_000 * 1000 + 7 * 8000 },
    ],
    [
      "every call attempted twice",
      [{}],
      [{ calls: 40, logical: 20, uncached: 2000, cacheRead: 2000, output: 800 }],
      { retries: cost },
    ],
    ["longer prompts", [{}], [{ uncached: 3000, cacheRead: 3000 }], { input: 2 * 1_100_000 }],
    ["an unused cache", [{}], [{ uncached: 2000, cacheRead: 0 }], { cache: 900_000 }],
    ["longer answers", [{}], [{ output: 500 }], { output: 800_000 }],
    ["another price", [{}], [{ price: 1500, outputPrice: 4000 }], { price: 500_000 - 1_600_000 }],
    [
      "another model for the same tokens",
      [{}],
      [{ model: "n", price: 2000, cachePrice: 200, outputPrice: 16_000 }],
      { mix: cost },
    ],
    [
      "a model that charges what is written to a cache, where none did",
      [{ uncached: 2000, cacheRead: 0 }],
      [{ model: "n", uncached: 0, cacheRead: 0, cacheWrite: 2000, cachePrice: 4000 }],
      { mix: 2000 * (4000 - 1000) },
    ],
    [
      "a model that does not charge it, where one did",
      [{ model: "n", uncached: 0, cacheRead: 0, cacheWrite: 2000, cachePrice: 4000 }],
      [{ uncached: 2000, cacheRead: 0 }],
      { mix: 2000 * (1000 - 4000) },
    ],
    [
      "a model that begins to write to a cache",
      [{ uncached: 2000, cacheRead: 0 }],
      [{ uncached: 0, cacheRead: 0, cacheWrite: 2000, cachePrice: 4000 }],
      { cache: 2000 * (4000 - 1000) },
    ],
    [
      "calls moved between two models",
      [{}, { model: "n", outputPrice: 10_000 }],
      [
        { calls: 10, uncached: 500, cacheRead: 500, output: 200 },
        {
          model: "n",
          outputPrice: 10_000,
          calls: 30,
          uncached: 1500,
          cacheRead: 1500,
          output: 600,
        },
      ],
      { mix: 200 * 2000 },
    ],
    ["a new fee per call", [{}], [{ other: 50 }], { price: 1000 }],
    ["cost that no token accounts for", [{}], [{ writeFee: 70 }], { price: 70 }],
    ["a new feature", [{}], [{}, { feature: "chat" }], { traffic: cost }],
    ["a feature that vanished", [{}, { feature: null }], [{}], { traffic: -cost }],
  ])("%s", (_, before, after, expected) => {
    expect(contributing(bridge(side(before), side(after)))).toEqual(expected);
  });
});

test("the worked example of the method", () => {
  const free = { cacheRead: 0, output: 0, price: 1 };
  const before = side([{ ...free, requests: 10, calls: 20, uncached: 2000 }]);
  const after = side([{ ...free, requests: 10, calls: 50, uncached: 6000 }]);
  expect(contributing(bridge(before, after))).toEqual({ loops: 3300, input: 700 });
  // As one run per request: places 1 and 2, and those that nothing reached before.
  const place = (step: string, calls: number, tokens: number) => ({
    ...free,
    requests: 10,
    step,
    calls,
    uncached: calls * tokens,
  });
  const short = side([place("1", 10, 100), place("2", 10, 100)]);
  const long = side([
    place("1", 10, 120),
    place("2", 10, 120),
    place("3-4", 20, 120),
    place("5-8", 10, 120),
  ]);
  expect(contributing(bridge(short, long))).toEqual({ loops: 3600, input: 400 });
});

test("a baseline of three days is their mean", () => {
  const before = side(
    [{ requests: 30, calls: 60, uncached: 3000, cacheRead: 3000, output: 1200 }],
    {
      times: 1n,
      over: 3n,
    },
  );
  expect(contributing(bridge(before, side([{}])))).toEqual({});
});

test("a third of a pico-dollar is rounded, and the bridge with it", () => {
  const before = side([{ uncached: 1, price: 1, cacheRead: 0, output: 0, calls: 1 }], {
    times: 1n,
    over: 3n,
  });
  const after = side([{ uncached: 3, price: 1, cacheRead: 0, output: 0, calls: 1 }]);
  const steps = bridge(before, after);
  expect(costOf(before)).toBe(0n);
  expect(sum(steps)).toBe(3n);
});

test("weights share a cell exactly", () => {
  const whole = side([{ uncached: 7, price: 3 }]);
  const [piece] = whole.pieces;
  const third = wholeWeight / 3n;
  const parts = piece
    ? [
        { ...piece, weight: third },
        { ...piece, weight: wholeWeight - third },
      ]
    : [];
  const shared = { ...whole, pieces: parts };
  expect(costOf(shared)).toBe(costOf(whole));
  expect(contributing(bridge(whole, shared))).toEqual({});
});

const small = fc.nat(3);
const amount = fc.oneof(fc.constant(0), fc.nat(1_000_000), fc.constant(900_000_000_000_000));

const anyCalls: fc.Arbitrary<Calls> = fc
  .record({
    feature: fc.constantFrom("search", "chat", null),
    step: fc.constantFrom("1", "2", "3-4"),
    model: fc.constantFrom("m", "n"),
    requests: fc.integer({ min: 0, max: 1000 }),
    calls: fc.integer({ min: 1, max: 1000 }),
    superseded: small,
    uncached: amount,
    cacheRead: amount,
    cacheWrite: amount,
    output: amount,
    price: amount,
    cachePrice: amount,
    outputPrice: amount,
    other: amount,
    writeFee: amount,
  })
  .map(({ superseded, ...calls }) => ({
    ...calls,
    logical: Math.max(0, calls.calls - superseded),
  }));

const anyTable = fc.array(anyCalls, { maxLength: 8 });

const anyScale = fc
  .tuple(fc.integer({ min: 1, max: 10 ** 12 }), fc.integer({ min: 1, max: 10 ** 12 }))
  .map(([times, over]): Scale => ({ times: BigInt(times), over: BigInt(over) }));

test("a bridge sums to the change, whatever appears, vanishes or is 0", () => {
  fc.assert(
    fc.property(anyTable, anyTable, anyScale, (before, after, scale) => {
      const from = side(before, scale);
      const to = side(after);
      expect(sum(bridge(from, to))).toBe(costOf(to) - costOf(from));
    }),
    { numRuns: 2000 },
  );
}, 60_000);

test("before and after exchanged negate every step", () => {
  fc.assert(
    fc.property(anyTable, anyTable, (before, after) => {
      const forth = bridge(side(before), side(after));
      const back = bridge(side(after), side(before));
      for (const factor of factors) expect(back[factor]).toBe(-forth[factor]);
    }),
    { numRuns: 500 },
  );
});

test("the order of the calls does not matter", () => {
  fc.assert(
    fc.property(anyTable, anyTable, (before, after) => {
      const steps = bridge(side(before), side(after));
      expect(bridge(side(before.toReversed()), side(after.toReversed()))).toEqual(steps);
    }),
    { numRuns: 200 },
  );
});

function sum(steps: Bridge): bigint {
  return Object.values(steps).reduce((all, step) => all + step, 0n);
}
