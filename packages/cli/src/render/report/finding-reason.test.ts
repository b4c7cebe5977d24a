import { expect, test } from "vitest";
import { reasonOf } from "./finding-reason.ts";

function finding(mechanism: string, factors: Readonly<Record<string, string>>, more = {}) {
  return {
    segment: { feature: "search" },
    mechanism,
    delta_usd: "10",
    factors: Object.entries(factors).map(([factor, delta_usd]) => ({ factor, delta_usd })),
    before: { requests: 100, models: [{ model: "small", share: 1 }] },
    after: { requests: 300, models: [{ model: "large", share: 1 }] },
    ...more,
  };
}

test("the mechanism is the reason", () => {
  expect(reasonOf(finding("traffic", { traffic: "8", price: "2" }))).toBe(
    "300 requests instead of 100",
  );
});

test("a larger factor is told beside it, and does not change the order of the finding's own", () => {
  const told = finding("price", { price: "4", traffic: "6" });
  expect(reasonOf(told)).toBe(
    "the same tokens cost another price, and 300 requests instead of 100",
  );
  expect(told.factors.map(({ factor }) => factor)).toEqual(["price", "traffic"]);
});

test("of a fall the largest factor is what fell the most", () => {
  const told = finding("price", { traffic: "2", price: "-12" }, { delta_usd: "-10" });
  expect(reasonOf(told)).toBe("the same tokens cost another price");
});

test("a dearer model is named, and where the segment names it the one before it", () => {
  expect(reasonOf(finding("mix", { mix: "10" }))).toBe(
    "large served 100 % of the calls instead of 0 %",
  );
  expect(reasonOf(finding("mix", { mix: "10" }, { segment: { model: "large" } }))).toBe(
    "small served 100 % of these calls before",
  );
});
