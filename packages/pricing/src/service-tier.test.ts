import { expect, test } from "vitest";
import { specialTier } from "./service-tier.ts";

test.each([
  undefined,
  "",
  "default",
  "standard",
  "auto",
  "scale",
  "Default",
  "ON_DEMAND",
  "standard_only",
])("%j is billed at the list price", (tier) => {
  expect(specialTier(tier)).toBeUndefined();
});

test.each([
  ["flex", "flex"],
  ["priority", "priority"],
  ["Batch", "batch"],
  [" on demand flex ", "on_demand_flex"],
  ["<script>", "other"],
  ["x".repeat(10_000), "other"],
])("%j is special: %s", (tier, name) => {
  expect(specialTier(tier)).toBe(name);
});
