import type { StoreStatus } from "@spancost/store";
import { expect, test } from "vitest";
import type { Known } from "../metrics/last-known.ts";
import type { StoreState } from "../metrics/store-families.ts";
import { readinessOf } from "./readiness.ts";

const journal = {
  appliedSpans: 0,
  replayedSpans: 0,
  commits: 0,
  failures: 0,
  damages: 0,
  refusedSpans: 0,
  lastCommitMs: 0,
  bytes: 0,
  lagSpans: 0,
  broken: undefined,
};

const well: StoreStatus = {
  databaseBytes: 1,
  logBytes: 0,
  databaseOpen: true,
  lateSpans: 0,
  journal,
  newestSnapshotAt: undefined,
};

function state(store: Partial<StoreStatus>, freeBytes = 1e9, ageMs = 10): Known<StoreState> {
  return { value: { store: { ...well, ...store }, disk: { freeBytes, totalBytes: 1e12 } }, ageMs };
}

test.each([
  ["all is well", state({}), true, "ready"],
  ["the database is still opened", state({ databaseOpen: false }), true, "catching up"],
  ["spans wait for it", state({ journal: { ...journal, lagSpans: 1e6 } }), true, "ready"],
  ["there is no journal", state({ journal: undefined }), true, "ready"],
  ["a write was lost", state({ journal: { ...journal, broken: "EIO" } }), false, "broken"],
  ["the disk is all but full", state({}, 32 * 1024 * 1024 - 1), false, "disk full"],
  ["the disk hangs", state({}, 1e9, 10_001), false, "disk silent"],
  ["nothing is known", undefined, false, "disk silent"],
])("where %s", (_, known, ready, status) => {
  expect(readinessOf(known, false)).toMatchObject({ ready, status });
});

test("who stops is not ready, however well", () => {
  expect(readinessOf(state({}), true)).toMatchObject({ ready: false, status: "stopping" });
});
