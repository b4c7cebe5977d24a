import { picoUsd } from "@spancost/pricing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bridge } from "../bridge/bridge.ts";
import { apportion, type Fixed, product, ratio, zero } from "../bridge/fixed-point.ts";
import { productsOf } from "../bridge/products.ts";
import { shapleyOfProduct } from "../bridge/shapley.ts";
import { costOf, factors, type Side, unscaled, wholeWeight } from "../bridge/sides.ts";
import { dimensionNames, type Labels } from "../dimensions.ts";
import { type Cell, contextOf } from "../reading/cells.ts";
import { counterfactuals, wholePico } from "./counterfactuals.ts";

interface Calls {
  readonly feature?: string;
  readonly step?: string;
  readonly model?: string;
  readonly calls?: number;
  readonly logical?: number;
  readonly uncached?: number;
  readonly cacheRead?: number;
  readonly output?: number;
  readonly price?: number;
  readonly other?: number;
}

const noLabels = Object.fromEntries(dimensionNames.map((name) => [name, null])) as Labels;

function cellOf(of: Calls): Cell {
  const { calls = 20, uncached = 2000, cacheRead = 0, output = 0, price = 1 } = of;
  const tokens = { uncached, cacheRead, cacheWrite: 0, output };
  return {
    labels: { ...noLabels, feature: of.feature ?? "search" },
    priced: of.model ?? "m",
    step: of.step ?? "1",
    calls: BigInt(calls),
    logicalCalls: BigInt(of.logical ?? calls),
    tokens: {
      uncached: BigInt(uncached),
      cacheRead: BigInt(cacheRead),
      cacheWrite: 0n,
      output: BigInt(output),
    },
    cost: {
      uncached: picoUsd(BigInt(tokens.uncached) * BigInt(price)),
      cacheRead: picoUsd((BigInt(cacheRead) * BigInt(price)) / 10n),
      cacheWrite: picoUsd(0n),
      output: picoUsd(BigInt(output) * BigInt(price) * 5n),
    },
    otherCost: picoUsd(BigInt(of.other ?? 0)),
  };
}

function sideOf(requests: Readonly<Record<string, number>>, ...calls: readonly Calls[]): Side {
  return {
    pieces: calls.map((one) => ({ cell: cellOf(one), weight: wholeWeight })),
    requests: new Map(
      Object.entries(requests).map(([feature, count]) => [
        contextOf({ feature, environment: null, service: null }),
        BigInt(count) * wholeWeight,
      ]),
    ),
    scale: unscaled,
  };
}

function deltasOf(before: Side, after: Side) {
  const { all } = counterfactuals({ before, after });
  return Object.fromEntries(all.map(({ factor, delta }) => [factor, delta]));
}

test("the worked example: with the usual loops 3,600 less, with the usual prompts 1,000 less", () => {
  const before = sideOf({ search: 10 }, { calls: 20, uncached: 2000 });
  const after = sideOf({ search: 10 }, { calls: 50, uncached: 6000 });
  expect(deltasOf(before, after)).toEqual({
    traffic: 0n,
    loops: -3600n,
    retries: 0n,
    input: -1000n,
    cache: 0n,
    output: 0n,
    mix: 0n,
    price: 0n,
  });
});

describe("with one thing as it was", () => {
  test("a cache that is missed again costs what it used to", () => {
    const before = sideOf({ search: 10 }, { uncached: 1000, cacheRead: 9000 });
    const after = sideOf({ search: 10 }, { uncached: 10_000, cacheRead: 0 });
    // 10,000 tokens at the price of the window, which tells none for cached ones: theirs is the baseline's.
    expect(deltasOf(before, after)["cache"]).toBe(1000n + 900n - 10_000n);
  });

  test("a feature that is new would have cost nothing with the usual traffic", () => {
    const before = sideOf({ search: 10 }, {});
    const after = sideOf({ search: 10, chat: 5 }, {}, { feature: "chat", uncached: 700 });
    expect(deltasOf(before, after)["traffic"]).toBe(-700n);
  });

  test("a dearer model would have been the old one, at its price", () => {
    const before = sideOf({ search: 10 }, { model: "small", price: 1 });
    const after = sideOf({ search: 10 }, { model: "large", price: 10 });
    expect(deltasOf(before, after)["mix"]).toBe(2000n - 20_000n);
  });

  test("what did not change makes no difference, and the levels say so", () => {
    const side = sideOf({ search: 10 }, { cacheRead: 500, output: 100, other: 7 });
    const { all, levels } = counterfactuals({ before: side, after: side });
    expect(all.every(({ delta }) => delta === 0n)).toBe(true);
    expect(levels.loops).toEqual({ before: 2, after: 2 });
    expect(levels.cache).toEqual({ before: 0.2, after: 0.2 });
  });
});

test("levels are weighted as in the window: prompts of the same places do not grow because runs do", () => {
  const steps = [
    { step: "1", calls: 10, uncached: 1000 },
    { step: "2", calls: 10, uncached: 3000 },
  ];
  const before = sideOf({ search: 10 }, ...steps);
  const after = sideOf({ search: 10 }, ...steps, { step: "3-4", calls: 20, uncached: 10_000 });
  const { levels } = counterfactuals({ before, after });
  expect(levels.input.before).toBe(levels.input.after);
  expect(levels.loops).toEqual({ before: 2, after: 4 });
});

const amounts = fc.integer({ min: 0, max: 5 });

const calls: fc.Arbitrary<Calls> = fc.record({
  feature: fc.constantFrom("search", "chat"),
  step: fc.constantFrom("1", "2"),
  model: fc.constantFrom("m", "n"),
  calls: fc.integer({ min: 1, max: 9 }),
  logical: amounts,
  uncached: fc.constantFrom(0, 1, 700),
  cacheRead: fc.constantFrom(0, 10, 300),
  output: amounts,
  price: fc.constantFrom(1, 3, 1000),
  other: amounts,
});

const sides: fc.Arbitrary<Side> = fc
  .tuple(amounts, amounts, fc.uniqueArray(calls, { selector: keyOf, maxLength: 6 }))
  .map(([search, chat, all]) => sideOf({ search, chat }, ...all));

function keyOf({ feature, step, model }: Calls): string {
  return `${feature} ${step} ${model}`;
}

describe("of any two sides", () => {
  test("the products are those of the bridge: they sum to both costs, and their Shapley values to it", () => {
    fc.assert(
      fc.property(sides, sides, (before, after) => {
        const products = productsOf(before, after);
        const sums = factors.map(() => zero);
        let [cost, baseline] = [zero, zero];
        for (const one of products) {
          const value = (side: "before" | "after") =>
            one.reduce((all, levels) => product(all, levels[side]), ratio(1n, 1n));
          cost = (cost + value("after")) as Fixed;
          baseline = (baseline + value("before")) as Fixed;
          for (const [index, share] of shapleyOfProduct(one).entries()) {
            const factor = factors.indexOf(one[index]?.factor ?? "price");
            sums[factor] = ((sums[factor] ?? zero) + share) as Fixed;
          }
        }
        expect([wholePico(cost), wholePico(baseline)]).toEqual([costOf(after), costOf(before)]);
        const steps = bridge(before, after);
        expect(apportion(sums, costOf(after) - costOf(before))).toEqual(
          factors.map((factor) => steps[factor]),
        );
      }),
      { numRuns: 400 },
    );
  });

  test("a counterfactual is what the products cost with the factor of the baseline", () => {
    fc.assert(
      fc.property(sides, sides, (before, after) => {
        const { all } = counterfactuals({ before, after });
        for (const { factor, cost, delta } of all) {
          let sum = zero;
          for (const one of productsOf(before, after)) {
            const value = one.reduce(
              (all, levels) =>
                product(all, levels.factor === factor ? levels.before : levels.after),
              ratio(1n, 1n),
            );
            sum = (sum + value) as Fixed;
          }
          expect([cost, cost - delta]).toEqual([wholePico(sum), costOf(after)]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("where one factor alone changed, its counterfactual is the baseline", () => {
    fc.assert(
      fc.property(sides, sides, (before, after) => {
        const steps = bridge(before, after);
        const changed = factors.filter((factor) => steps[factor] !== 0n);
        const [only] = changed;
        if (only === undefined || changed.length > 1) return;
        const all = new Set(
          productsOf(before, after).flatMap((one) =>
            one.flatMap(({ factor, before: old, after: now }) => (old === now ? [] : [factor])),
          ),
        );
        if (all.size > 1) return;
        const found = counterfactuals({ before, after }).all.find(({ factor }) => factor === only);
        expect(found?.cost).toBe(costOf(before));
      }),
      { numRuns: 600 },
    );
  });
});
