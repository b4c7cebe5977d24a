import { expect, test } from "vitest";
import { retryAfterMs, retryDelay } from "./retry-delay.ts";

test.each([
  [1, 0, 0, 1_000],
  [1, 0, 1, 500],
  [2, 0, 0, 2_000],
  [5, 0, 0.5, 12_000],
  [6, 0, 0, 30_000],
  [1_000, 0, 0, 30_000],
  [1, 5_000, 0, 5_000],
  [6, 5_000, 0, 30_000],
  [1, 86_400_000, 0, 300_000],
])("after %i failures, asked for %i ms, with chance %d: %i ms", (failures, asked, chance, wait) => {
  expect(retryDelay(failures, asked, chance)).toBe(wait);
});

const now = Date.parse("2026-11-21T12:00:00Z");

test.each([
  [undefined, undefined],
  ["", undefined],
  ["soon", undefined],
  ["-1", 0],
  ["0", 0],
  [" 7 ", 7_000],
  ["Sat, 21 Nov 2026 12:00:05 GMT", 5_000],
  ["Sat, 21 Nov 2026 11:00:00 GMT", 0],
])("Retry-After %j is %j ms", (header, ms) => {
  expect(retryAfterMs(header, now)).toBe(ms);
});
