import { expect, test } from "vitest";
import type { QueryEnvelope } from "../commands/query.ts";
import type { Row } from "../envelope/envelope.ts";
import { ExactNumber } from "../envelope/exact-number.ts";
import { utc } from "../flags/time-zone.ts";
import { queryTable } from "./query.ts";

test("a decimal has all its digits, read from a file or sent by a receiver; a double has four", () => {
  const page = { width: 80, style: (_: unknown, text: string) => text };
  const shown = (total: number | ExactNumber) =>
    queryTable(
      {
        columns: [
          { name: "total", type: "DECIMAL(38,12)" },
          { name: "mean", type: "DOUBLE" },
        ],
        rows: [{ total, mean: 139.2560586 }],
      } as unknown as QueryEnvelope,
      page as never,
    );
  expect(shown(new ExactNumber("139.256058600000"))).toBe("      total   mean\n139.2560586  139.3");
  expect(shown(139.2560586)).toBe(shown(new ExactNumber("139.2560586")));
});

/** Rows of columns whose names end in what their values are. */
function answer(rows: readonly Row[]): QueryEnvelope {
  const columns = Object.keys(rows[0] ?? {}).map((name) => ({
    name,
    type: name === "hour" ? "TIMESTAMP" : "VARCHAR",
  }));
  return { columns, rows } as unknown as QueryEnvelope;
}

function shown(rows: readonly Row[], width: number): string[] {
  const style = (_: unknown, text: string) => text;
  return queryTable(answer(rows), { width, zone: utc, style }).split("\n");
}

const hours = [1, 2, 3].map((nth) => ({
  hour: `2026-11-20T0${nth}:00:00Z`,
  requests: nth,
  cost_per_request_usd: nth,
  model: nth === 3 ? "gpt-5" : "gpt-5-mini",
  unpriced_calls: 0,
}));

test("on a page that is too narrow, what is alike in all rows is told once, and the rest is a table", () => {
  expect(shown(hours, 58).at(-1)).toMatch(/^2026-11-20 03:00 .* 0$/);
  expect(shown(hours, 48)).toEqual([
    "                               cost_",
    "                                per_",
    "                            request_",
    "hour              requests       usd  model",
    "2026-11-20 01:00         1     $1.00  gpt-5-mini",
    "2026-11-20 02:00         2     $2.00  gpt-5-mini",
    "2026-11-20 03:00         3     $3.00  gpt-5",
    "",
    "Alike in all 3 rows: unpriced_calls=0",
  ]);
});

test("on a page that is still too narrow there is a line per column, rows side by side, and no column is lost", () => {
  const wide = hours.map((row) => ({ ...row, day: row.hour, week: row.hour }));
  expect(shown(wide, 60)).toEqual([
    "hour                  2026-11-20 01:00  2026-11-20 02:00",
    "requests                             1                 2",
    "cost_per_request_usd             $1.00             $2.00",
    "model                       gpt-5-mini        gpt-5-mini",
    "day                   2026-11-20 01:00  2026-11-20 02:00",
    "week                  2026-11-20 01:00  2026-11-20 02:00",
    "",
    "hour                  2026-11-20 03:00",
    "requests              3",
    "cost_per_request_usd  $3.00",
    "model                 gpt-5",
    "day                   2026-11-20 03:00",
    "week                  2026-11-20 03:00",
    "",
    "Alike in all 3 rows: unpriced_calls=0",
  ]);
});

test("a pipe gets all columns in a table, alike or not, and equal rows have theirs everywhere", () => {
  const [titles, first, ...others] = shown(hours, Number.POSITIVE_INFINITY);
  expect(titles).toBe(
    "hour              requests  cost_per_request_usd  model       unpriced_calls",
  );
  expect(first).toBe(
    "2026-11-20 01:00         1                 $1.00  gpt-5-mini               0",
  );
  expect(others).toHaveLength(2);
  const row = { services: "answers, search, support", hour: "2026-11-20T01:00:00Z" };
  const told = ["services  answers, search,", "          support", "hour      2026-11-20 01:00"];
  expect(shown([row, row], 27)).toEqual([...told, "", ...told]);
});

test("an answer without rows says so, and leaves a window without calls to its warning", () => {
  const page = { width: 80, zone: utc, style: (_: unknown, text: string) => text };
  const empty = { columns: [{ name: "n", type: "BIGINT" }], rows: [] } as unknown as QueryEnvelope;
  expect(queryTable(empty, page as never)).toBe("No rows.");
  expect(queryTable({ ...empty, no_data: true }, page as never)).toBe("");
});
