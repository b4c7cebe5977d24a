import type { StoreStatus } from "@spancost/store";
import { expect, test } from "vitest";
import { Invariants } from "../invariants.ts";
import { createLog } from "../log/log.ts";
import { AppliedCheck } from "./applied-check.ts";

const lines: string[] = [];
const log = createLog({
  out: { write: (text) => lines.push(text), style: (_, text) => text },
  format: "json",
  now: () => 0,
});

function status(appliedSpans: number, lagSpans: number, failures = 0): StoreStatus {
  const counts = { replayedSpans: 0, commits: 1, damages: 0, refusedSpans: 0, lastCommitMs: 1 };
  const journal = { ...counts, appliedSpans, failures, lagSpans, bytes: 0, broken: undefined };
  return {
    databaseBytes: 0,
    logBytes: 0,
    databaseOpen: true,
    lateSpans: 0,
    newestSnapshotAt: undefined,
    journal,
  };
}

function violations(steps: readonly (readonly [number, StoreStatus])[]): number {
  const invariants = new Invariants(log);
  const check = new AppliedCheck(invariants);
  for (const [durable, store] of steps) check.check(durable, store);
  const found = invariants.family().samples.find(({ labels }) => labels["invariant"] === "applied");
  return Number(found?.value);
}

test.each([
  ["all is applied", [[10, status(10, 0)] as const, [10, status(10, 0)] as const]],
  ["some waits", [[10, status(4, 6)] as const, [12, status(10, 2)] as const]],
  // 6 spans moved from one count to the other between the two being read.
  [
    "the two counts are not of one instant",
    [[10, status(4, 0)] as const, [10, status(10, 0)] as const],
  ],
  ["an earlier process left some", [[0, status(500, 0)] as const, [10, status(510, 0)] as const]],
])("it holds where %s", (_, steps) => {
  expect(violations(steps)).toBe(0);
});

test("it does not where a span is neither applied nor waiting, and that is counted once", () => {
  const lost = status(9, 0);
  expect(
    violations([
      [10, lost],
      [10, lost],
      [10, lost],
      [10, lost],
    ]),
  ).toBe(1);
  expect(lines.at(-1)).toContain('"event":"invariant.violated"');
});

test("after a commit whose outcome was not known the counts say nothing", () => {
  expect(
    violations([
      [10, status(9, 0, 1)],
      [10, status(9, 0, 1)],
    ]),
  ).toBe(0);
});
