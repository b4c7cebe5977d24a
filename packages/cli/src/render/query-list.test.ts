import { expect, test } from "vitest";
import type { QueryEnvelope } from "../commands/query.ts";
import { query } from "../commands/query.ts";
import { Texts } from "../flags/texts.ts";
import { utc } from "../flags/time-zone.ts";
import { render } from "./formats.ts";
import type { Page } from "./table.ts";

const answer = (await query.prepare(
  new Texts([["list", ["true"]]]),
  0,
)({} as never)) as QueryEnvelope;
const shown = (format: "table" | "json" | "markdown", width = 80) => {
  const page: Page = { width, zone: utc, style: (_, text) => text };
  return render(answer, format, query, page);
};

test.each([48, 80, Number.POSITIVE_INFINITY])("the list of queries fits a page of %d", (width) => {
  const widest = Math.max(
    ...shown("table", width)
      .split("\n")
      .map((line) => line.length),
  );
  expect(widest).toBeLessThanOrEqual(Math.min(width, 100));
});

test("the list of queries tells those that people ask, and counts the others", () => {
  const [first, title, params] = shown("table").split("\n");
  expect([first, title, params]).toEqual([
    "cost-and-tokens-per-request-by-feature",
    "    what one request of each feature costs and uses.",
    "    since, until",
  ]);
  expect(shown("table")).not.toContain("explain-cells");
  expect(shown("table")).toMatch(/\nand \d+ that explain asks itself: see --json\n$/);
});

test.each(["json", "markdown"] as const)("the list of queries as %s is complete", (format) => {
  expect(shown(format)).toContain("explain-cells");
});
