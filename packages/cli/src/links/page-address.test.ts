import { expect, test } from "vitest";
import { Texts } from "../flags/texts.ts";
import { pageAddress } from "./page-address.ts";

const now = Date.UTC(2026, 10, 20, 12);
const window = { since: "2026-11-20T03:00:00Z", until: "2026-11-20T12:00:00Z" };
const asked = "since=2026-11-20T03:00Z&until=2026-11-20T12:00Z";
const times = `from=2026-11-17T12:00Z&to=2026-11-20T12:00Z&${asked}`;

function address(command: string, flags: Record<string, readonly string[]>, answered = {}): string {
  return pageAddress(command, new Texts(Object.entries(flags)), { window, ...answered }, now);
}

test("explain and report lead to the view that explains, with filters and an absolute baseline", () => {
  const flags = { where: ["feature=search & rescue", "env=prod"], baseline: ["10d..9d"] };
  expect(address("explain", flags)).toBe(
    `/explain?${times}&where=feature%3Dsearch+%26+rescue&where=environment%3Dprod` +
      "&baseline=2026-11-10T12:00:00Z..2026-11-11T12:00:00Z",
  );
  expect(address("report", { baseline: ["prev-7d"], run: ["2"] })).toBe(
    `/explain?${times}&run=2&baseline=prev-7d`,
  );
});

test("top leads to the timeline of its window alone, split as asked by one dimension", () => {
  expect(address("top", { by: ["env"] })).toBe(`/explain?${asked}&by=environment`);
  expect(() => address("top", { by: ["feature,release"] })).toThrow("name one");
});

test("a trace has no times of its own", () => {
  expect(address("trace", { run: ["1"] }, { trace_id: "a".repeat(32) })).toBe(
    `/trace/${"a".repeat(32)}?run=1`,
  );
});

test("a query leads to its panel with its parameters, SQL to the field for it", () => {
  expect(address("query", { name: ["cost_per_trace"], param: ["max_rows=5"] })).toBe(
    `/queries/cost-per-trace?${asked}&param=max_rows%3D5`,
  );
  expect(address("query", { sql: ["select 1"] })).toBe(`/queries/sql?${asked}&sql=select+1`);
});

test("what no view shows has no address", () => {
  expect(() => address("prices", {})).toThrow("no view of the page shows");
});
