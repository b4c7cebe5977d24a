import { expect, test } from "vitest";
import type { QueryEnvelope } from "../commands/query.ts";
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

test("rows that a page is too narrow for have a line per column, and no column is lost", () => {
  const names = ["hour", "requests", "cost_per_request_usd", "model"];
  const envelope = {
    columns: names.map((name) => ({ name, type: name === "hour" ? "TIMESTAMP" : "VARCHAR" })),
    rows: [1, 2].map((nth) => ({
      hour: `2026-11-20T0${nth}:00:00Z`,
      requests: nth,
      cost_per_request_usd: nth,
      model: "gpt-5-mini",
    })),
  } as unknown as QueryEnvelope;
  const shown = (width: number) =>
    queryTable(envelope, { width, zone: utc, style: (_, text) => text });
  expect(shown(48)).toBe(
    [
      "                               cost_",
      "                                per_",
      "                            request_",
      "hour              requests       usd  model",
      "2026-11-20 01:00         1     $1.00  gpt-5-mini",
      "2026-11-20 02:00         2     $2.00  gpt-5-mini",
    ].join("\n"),
  );
  expect(shown(40)).toBe(
    [
      "hour                  2026-11-20 01:00",
      "requests              1",
      "cost_per_request_usd  $1.00",
      "model                 gpt-5-mini",
      "",
      "hour                  2026-11-20 02:00",
      "requests              2",
      "cost_per_request_usd  $2.00",
      "model                 gpt-5-mini",
    ].join("\n"),
  );
});
