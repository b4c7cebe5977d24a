import { expect, test } from "vitest";
import { parseQueryFile, queryNames, readQueryFile } from "./query-files.ts";

const whole = `-- spend: what was spent, dearest first.
--
-- Counts only what is known.
-- A second line.
--
-- params   since     timestamp       first record  first instant counted, UTC
--          trace_id  varchar         required      32 hex digits
-- reads    cost_records                            one row per billable call
-- returns  feature   varchar         null for calls without one,
--                                    or with an empty one
--          cost_usd  decimal(38,12)
-- order    cost_usd, dearest first; then feature
select feature, sum(cost_usd) as cost_usd -- exact
from cost_records;
`;

test("a query is read from its file", () => {
  expect(parseQueryFile("spend", whole)).toEqual({
    name: "spend",
    title: "what was spent, dearest first.",
    description: "Counts only what is known.\nA second line.",
    params: [
      {
        name: "since",
        type: "timestamp",
        default: "first record",
        help: "first instant counted, UTC",
      },
      { name: "trace_id", type: "varchar", default: undefined, help: "32 hex digits" },
    ],
    reads: ["cost_records"],
    columns: [
      {
        name: "feature",
        type: "varchar",
        help: "null for calls without one, or with an empty one",
      },
      { name: "cost_usd", type: "decimal(38,12)", help: "" },
    ],
    order: "cost_usd, dearest first; then feature",
    sql: "select feature, sum(cost_usd) as cost_usd -- exact\nfrom cost_records;",
  });
});

test.each([
  [
    "another name in the title",
    ["-- spend:", "-- spent:"],
    'queries/spend.sql, line 1: starts with "-- spend: " and a title, not "-- spent: what was spent, dearest first."',
  ],
  [
    "one blank between cells of a parameter",
    ["trace_id  varchar         required", "trace_id varchar required"],
    'queries/spend.sql, line 7: a parameter is "name  type  default  help", two blanks apart, not "trace_id varchar required      32 hex digits"',
  ],
  [
    "a column without a type",
    ["cost_usd  decimal(38,12)", "cost_usd"],
    'queries/spend.sql, line 11: a column is "name  type  help", two blanks apart, not "cost_usd"',
  ],
  [
    "no order",
    ["-- order    cost_usd, dearest first; then feature\n", ""],
    'queries/spend.sql, line 11: the header has no "-- order"',
  ],
  [
    "a line outside all blocks",
    ["-- order ", "-- sorted"],
    'queries/spend.sql, line 12: belongs to no block: "-- sorted   cost_usd, dearest first; then feature"',
  ],
  [
    "no statement",
    [whole.slice(whole.indexOf("select")), ""],
    "queries/spend.sql, line 13: no statement after the header",
  ],
])("a header with %s is refused", (_, [from = "", to = ""], message) => {
  expect(() => parseQueryFile("spend", whole.replace(from, to))).toThrow(
    expect.objectContaining({ name: "QueryHeaderError", message }),
  );
});

test.each(queryNames())("%s has a header that can be read", (name) => {
  expect(readQueryFile(name).name).toBe(name);
});

test.each([
  [
    "retry-wast",
    'there is no query "retry-wast"; did you mean retry-waste? "spancost query --list" shows all',
  ],
  [
    "emiters",
    'there is no query "emiters"; did you mean emitters? "spancost query --list" shows all',
  ],
  ["../package", 'there is no query "../package"; "spancost query --list" shows all'],
])("the unknown name %s is answered with what may have been meant", (name, message) => {
  expect(() => readQueryFile(name)).toThrow(
    expect.objectContaining({ name: "UnknownQueryError", message }),
  );
});
