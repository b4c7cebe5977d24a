import fc from "fast-check";
import { expect, test } from "vitest";
import { type Fixed, ratio, toNumber } from "./fixed-point.ts";
import { type Levels, shapleyOfProduct } from "./shapley.ts";

const levels = ([before, after]: readonly [number, number]): Levels => ({
  before: ratio(BigInt(before), 1n),
  after: ratio(BigInt(after), 1n),
});

test.each<[string, [number, number][], number[]]>([
  [
    "two factors share a joint change evenly",
    [
      [2, 4],
      [3, 6],
    ],
    [9, 9],
  ],
  [
    "a factor that stays brings nothing",
    [
      [10, 10],
      [2, 5],
      [100, 100],
    ],
    [0, 3000, 0],
  ],
  [
    "what rises from nothing brings it all",
    [
      [0, 3],
      [5, 5],
    ],
    [15, 0],
  ],
  [
    "two factors that rise from nothing share",
    [
      [0, 3],
      [0, 5],
    ],
    [7.5, 7.5],
  ],
  [
    "what falls to nothing takes it all",
    [
      [4, 0],
      [5, 5],
    ],
    [-20, 0],
  ],
  [
    "opposite changes are told apart",
    [
      [2, 4],
      [6, 3],
    ],
    [9, -9],
  ],
  ["one factor", [[2, 7]], [5]],
])("%s", (_, factors, contributions) => {
  expect(shapleyOfProduct(factors.map(levels)).map(toNumber)).toEqual(contributions);
});

const anyFactors = fc.array(fc.tuple(fc.nat(30), fc.nat(30)), { minLength: 1, maxLength: 5 });

test("contributions are the averages over all orders", () => {
  fc.assert(
    fc.property(anyFactors, (factors) => {
      const contributions = shapleyOfProduct(factors.map(levels)).map(toNumber);
      for (const [index, contribution] of contributions.entries()) {
        expect(contribution).toBeCloseTo(averageOverOrders(factors, index), 3);
      }
    }),
    { numRuns: 50 },
  );
});

test("before and after exchanged negate every contribution", () => {
  fc.assert(
    fc.property(anyFactors, (factors) => {
      const forth = shapleyOfProduct(factors.map(levels));
      const back = shapleyOfProduct(factors.map(([before, after]) => levels([after, before])));
      expect(back).toEqual(forth.map((contribution) => -contribution as Fixed));
    }),
  );
});

function averageOverOrders(factors: readonly (readonly [number, number])[], one: number): number {
  const orders = ordersOf([...factors.keys()]);
  const changes = orders.map((order) => {
    const changed = new Set(order.slice(0, order.indexOf(one)));
    const product = (including: boolean) =>
      factors.reduce(
        (all, [before, after], index) =>
          all * (changed.has(index) || (including && index === one) ? after : before),
        1,
      );
    return product(true) - product(false);
  });
  return changes.reduce((sum, change) => sum + change, 0) / orders.length;
}

function ordersOf(all: readonly number[]): number[][] {
  if (all.length === 0) return [[]];
  return all.flatMap((first) =>
    ordersOf(all.filter((other) => other !== first)).map((rest) => [first, ...rest]),
  );
}
