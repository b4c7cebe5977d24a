import { expect, test } from "vitest";
import { RateLimits } from "./rate-limits.ts";

test("who has sent more than a second's worth waits until that is made good", () => {
  const rates = new RateLimits();
  expect(rates.admits("a", 1000, 0)).toBe(true);
  rates.charge("a", 1000, 3000, 0);
  expect(rates.admits("a", 1000, 1_900)).toBe(false);
  expect(rates.admits("a", 1000, 2_100)).toBe(true);
});

test("no more than a second's worth is saved up", () => {
  const rates = new RateLimits();
  rates.charge("a", 1000, 0, 0);
  rates.charge("a", 1000, 1001, 3_600_000);
  expect(rates.admits("a", 1000, 3_600_000)).toBe(false);
});

test("a clock that goes back takes nothing away", () => {
  const rates = new RateLimits();
  expect(rates.admits("a", 1000, 5_000)).toBe(true);
  expect(rates.admits("a", 1000, 1_000)).toBe(true);
});

test("each sender has its own", () => {
  const rates = new RateLimits();
  rates.charge("a", 1000, 5000, 0);
  expect(rates.admits("a", 1000, 0)).toBe(false);
  expect(rates.admits("b", 1000, 0)).toBe(true);
});
