import { expect, test } from "vitest";
import type { Envelope } from "../envelope/envelope.ts";
import { ExactNumber } from "../envelope/exact-number.ts";
import { utc } from "../flags/time-zone.ts";
import { render } from "./formats.ts";

const envelope: Envelope = {
  schema: "spancost/query@1",
  window: { since: "2026-11-19T14:10:00Z", until: "2026-11-19T17:35:00Z" },
  rows: [
    { feature: 'say "hi", <b>|x', cost_usd: new ExactNumber("0.001234567890"), calls: 1200 },
    { feature: null, cost_usd: null, calls: 3 },
  ],
  warnings: ["3 calls of a_b have no price"],
};

const page = { width: 80, zone: utc, style: (_: string, text: string) => text };
const as = (format: Parameters<typeof render>[1], of = envelope) =>
  render(of, format, { table: () => "as a table" }, page);

test("JSON is the envelope itself", () => {
  const { schema, window, rows, warnings } = JSON.parse(as("json"));
  expect([schema, window, warnings]).toEqual([envelope.schema, envelope.window, envelope.warnings]);
  expect(rows[0].cost_usd).toBe(0.00123456789);
  expect(rows[1].cost_usd).toBeNull();
});

test("JSON lines are the rows, one on each", () => {
  expect(as("jsonl")).toBe(
    '{"feature":"say \\"hi\\", <b>|x","cost_usd":0.00123456789,"calls":1200}\n' +
      '{"feature":null,"cost_usd":null,"calls":3}\n',
  );
});

test("CSV has all digits, and nothing where a value is unknown", () => {
  expect(as("csv")).toBe('feature,cost_usd,calls\n"say ""hi"", <b>|x",0.00123456789,1200\n,,3\n');
});

test("Markdown shows values as people read them, and takes no letter for markup", () => {
  expect(as("markdown")).toBe(
    [
      "Window: 2026-11-19 14:10 to 17:35 UTC",
      "",
      "| feature | cost\\_usd | calls |",
      "| --- | ---: | ---: |",
      '| say "hi", &lt;b>\\|x | $0.0012 | 1,200 |',
      "| – | unknown | 3 |",
      "",
      "- 3 calls of a\\_b have no price",
      "",
    ].join("\n"),
  );
});

test("an answer without rows prints no table, no lines and no columns", () => {
  const empty = { ...envelope, rows: [], warnings: [] };
  expect([as("jsonl", empty), as("csv", empty)]).toEqual(["", ""]);
  expect(as("table", empty)).toBe("as a table\n");
});
