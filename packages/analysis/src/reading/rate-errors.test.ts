import { expect, test } from "vitest";
import { type RateSums, rateErrors } from "./rate-errors.ts";

/** Who asks, each with x and y. */
function sumsOf(pairs: readonly (readonly [x: number, y: number])[]): RateSums {
  const sum = (of: (x: number, y: number) => number) =>
    pairs.reduce((all, [x, y]) => all + of(x, y), 0);
  return {
    askers: pairs.length,
    x: sum((x) => x),
    y: sum((_, y) => y),
    xx: sum((x) => x * x),
    xy: sum((x, y) => x * y),
    yy: sum((_, y) => y * y),
  };
}

/** Half of those who ask are a little above the rate, the others as much below, whatever they ask for. */
function asked(rate: number, off: number, sizes: readonly number[]): RateSums {
  return sumsOf(
    sizes.flatMap((x) => [
      [x, x * rate + off],
      [x, x * rate - off],
    ]),
  );
}

test("is the change over what requests as different as these let it vary", () => {
  const before = asked(10, 1, [1, 1]);
  const after = asked(12, 1, [1, 1]);
  const variance = (4 / 3) * (4 / 4 ** 2);
  expect(rateErrors([before], after)).toBeCloseTo(2 / Math.sqrt(2 * variance));
});

test("one that asks for a hundred times as much at the same rate adds nothing to the error", () => {
  const sizes = [1, 1, 1, 1, 100];
  expect(rateErrors([asked(10, 1, sizes)], asked(12, 1, sizes))).toBeGreaterThan(20);
});

test("one that asks for a hundred times as much at a rate of its own is no change of all", () => {
  const usual = [
    [1, 10],
    [1, 11],
    [1, 9],
    [1, 10],
  ] as const;
  const errors = rateErrors([sumsOf(usual)], sumsOf([...usual, [1, 1_000]]));
  expect(errors).toBeGreaterThan(0);
  expect(errors).toBeLessThan(1.2);
});

test("two that happen to be alike are no surer than any two of those who asked before", () => {
  const before = asked(10, 3, [1, 1, 1, 1, 1]);
  const alike = rateErrors([before], asked(13, 0.01, [1]));
  expect(alike).toBeGreaterThan(1);
  expect(alike).toBeLessThan(1.5);
  expect(alike).toBe(rateErrors([before], asked(13, 0.1, [1])));
});

test("of two of whom one asks for nearly all, the rate is that one's and says nothing of the other", () => {
  const before = sumsOf([...Array.from({ length: 9 }, () => [1, 10] as const), [1000, 13_000]]);
  expect(rateErrors([before], asked(14, 0.1, [1, 1]))).toBeLessThan(5);
  expect(
    rateErrors(
      [before],
      sumsOf([
        [1, 20],
        [0, 0],
      ]),
    ),
  ).toBe(0);
});

test.each([2, 5, 50, 51, 200])(
  "%i that all pay one price are told by how many they are when it rose",
  (count) => {
    const sizes = Array.from({ length: count }, (_, nth) => 1000 + 13.7 * nth);
    const paid = (price: number) => sumsOf(sizes.map((size) => [size, price * size]));
    expect(rateErrors([paid(3e-6), paid(3e-6)], paid(3.3e-6))).toBe(Math.sqrt(3 * count));
    expect(rateErrors([paid(3.3e-6)], paid(3e-6))).toBe(-Math.sqrt(2 * count));
    expect(rateErrors([paid(3e-6), paid(3e-6)], paid(3e-6))).toBe(0);
  },
);

test.each<[string, RateSums, RateSums]>([
  ["nobody asked before", asked(1, 0, []), asked(1, 1, [1])],
  ["only one asked", asked(1, 1, [1]), sumsOf([[1, 5]])],
  ["nothing differs at all", asked(1, 0, [1]), asked(1, 0, [2])],
  ["there is nothing to divide by", asked(1, 1, [0]), asked(1, 1, [1])],
])("says nothing where %s", (_, before, after) => {
  expect(rateErrors([before], after)).toBe(0);
});

test("a rate that fell has the other sign", () => {
  expect(rateErrors([asked(12, 1, [1, 2])], asked(10, 1, [1, 2]))).toBeLessThan(-1);
});

test("days that differ by more than who came make a change less of one", () => {
  const sizes = [1, 1, 1, 1];
  const after = asked(14, 1, sizes);
  const alike = [10, 10.2, 9.8].map((rate) => asked(rate, 1, sizes));
  const unlike = [10, 12, 8].map((rate) => asked(rate, 1, sizes));
  expect(rateErrors(alike, after)).toBeGreaterThan(8);
  expect(rateErrors(unlike, after)).toBeLessThan(3.5);
});

test("a day on which nobody asked says nothing of how much days differ, and one asker no more than one", () => {
  const days = [asked(10, 1, [1, 1, 1]), asked(10, 1, [1, 1, 1])];
  const after = asked(12, 1, [1, 1, 1]);
  const errors = rateErrors(days, after);
  expect(rateErrors([...days, sumsOf([])], after)).toBe(errors);
  expect(rateErrors([...days, sumsOf([[1, 11]])], after)).toBeGreaterThan(0.85 * errors);
});
