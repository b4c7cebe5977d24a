import { picoUsd } from "@spancost/pricing";
import { expect, test } from "vitest";
import { TraceSpend } from "./trace-spend.ts";

test("adds up each trace by itself", () => {
  const spend = new TraceSpend();
  spend.add("a", picoUsd(1n));
  spend.add("b", picoUsd(10n));
  expect(spend.add("a", picoUsd(2n))).toBe(3n);
});

test("forgets traces that are long over, and holds a bounded number", () => {
  const spend = new TraceSpend();
  spend.add("old", picoUsd(1n));
  for (let trace = 0; trace < 100_000; trace += 1) {
    spend.add(`t${trace}`, picoUsd(1n));
    if (trace % 1_000 === 0) spend.add("busy", picoUsd(1n));
  }
  expect(spend.held).toBeLessThanOrEqual(10_000);
  expect(spend.add("busy", picoUsd(0n))).toBe(100n);
  expect(spend.add("old", picoUsd(0n))).toBe(0n);
});
