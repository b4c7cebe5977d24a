import { expect, test } from "vitest";
import { periodAt } from "./budget-period.ts";

test.each([
  ["day", "2026-11-19T23:59:59.999Z", "2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z"],
  ["day", "2026-11-20T00:00:00Z", "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z"],
  ["week", "2026-11-22T12:00:00Z", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z"],
  ["week", "2026-11-23T00:00:00Z", "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z"],
  ["month", "2026-12-31T23:00:00Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"],
  ["month", "2028-02-29T01:00:00Z", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"],
] as const)("the %s of %s", (period, now, since, until) => {
  expect(periodAt(period, Date.parse(now))).toEqual({ since, until });
});
