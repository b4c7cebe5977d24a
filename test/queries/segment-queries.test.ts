import { beforeAll, expect, test } from "vitest";
import { segmentQueries } from "../../packages/cli/src/commands/segment-queries.ts";
import type { Reader } from "../../packages/cli/src/ports.ts";
import { query } from "../../packages/store/src/query.ts";
import { emptyDatabase, insert } from "./database.ts";

const window = { since: "2026-11-10T12:00:00Z", until: "2026-11-10T13:00:00Z", baseline_days: "1" };

let reader: Reader;

/** Of chat and of search an old and a new release, and a run of 40 steps in the window. */
beforeAll(async () => {
  const connection = await emptyDatabase();
  const rows = ["chat", "search"].flatMap((feature) => [
    [`${feature}-old`, "2026-11-09 12:30:00", feature, "1", "1", `${feature}-run-1`],
    [`${feature}-new`, "2026-11-10 12:30:00", feature, `${feature}-2`, "40", `${feature}-run-2`],
  ]);
  const columns = ["trace_id", "started_at", "feature", "release", "loop_iteration", "run_id"];
  await insert(connection, "calls", { columns, rows });
  reader = {
    readRows: (sql, variables = {}) => query(connection, sql, variables),
  };
});

test.each([
  ["release-comparison", 2],
  ["runaway-runs", 1],
  ["cost-and-tokens-per-request-by-feature", 1],
])("%s answers for the calls of a segment, or for all", async (name, rowsOfSearch) => {
  const queries = segmentQueries(reader);
  const features = async (asked: Promise<{ readonly rows: readonly object[] }>) =>
    (await asked).rows.map((row) => (row as { readonly feature?: string }).feature);
  const all = await features(queries.ask(name, window));
  expect(new Set(all)).toEqual(new Set(["chat", "search"]));
  const ofSearch = await features(queries.of({ feature: "search" }).ask(name, window));
  expect(ofSearch).toEqual(Array.from({ length: rowsOfSearch }, () => "search"));
});

test("what cannot be narrowed to a segment is not answered for all calls", async () => {
  const asked = segmentQueries(reader).of({ feature: "search" }).ask("explain-cells", window);
  await expect(asked).rejects.toThrow("explain-cells reads nothing that can be narrowed");
});
