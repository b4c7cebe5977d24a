import { expect, test } from "vitest";
import { utc } from "../flags/time-zone.ts";
import { bar, sparkline } from "./bars.ts";
import { fits, type Page, table } from "./table.ts";
import { cut, shortened, textWidth } from "./text-width.ts";

function page(width: number): Page {
  return { width, zone: utc, style: (format, text) => (format === "bold" ? `*${text}*` : text) };
}

const columns = [
  { title: "FEATURE", side: "left", flexible: true },
  { title: "COST", side: "right" },
] as const;

test("columns stand under each other, numbers at the right", () => {
  const lines = [{ texts: ["search", "$1.00"] }, { texts: ["a", "$1,234.00"] }];
  expect(table(columns, lines, page(80))).toBe(
    ["FEATURE       COST", "search       $1.00", "a        $1,234.00"].join("\n"),
  );
});

test("a table may have more lines than a call takes arguments", () => {
  const lines = Array.from({ length: 200_000 }, () => ({ texts: ["search", "$1.00"] }));
  expect(table(columns, lines, page(80)).split("\n")).toHaveLength(200_001);
});

test("a table that is too wide loses letters of its texts, never of its numbers", () => {
  const lines = [{ texts: ["a-feature-with-a-long-name", "$1,234.00"] }];
  expect(table(columns, lines, page(30))).toBe(
    ["FEATURE                   COST", "a-feat…-a-long-name  $1,234.00"].join("\n"),
  );
  expect(table(columns, lines, page(5)).split("\n")[1]).toBe("a-fe…ng-name $1,234.00");
});

test("columns that one can do without go first, the most dispensable before the others", () => {
  const three = [
    ...columns,
    { title: "CALLS", side: "right", optional: 1 },
    { title: "OUT", side: "right", optional: 2 },
  ] as const;
  const lines = [{ texts: ["search-answers", "$1.00", "12", "3 k"] }];
  const titles = (width: number) => table(three, lines, page(width)).split("\n")[0]?.split(/ +/);
  expect(titles(40)).toEqual(["FEATURE", "COST", "CALLS", "OUT"]);
  expect(titles(30)).toEqual(["FEATURE", "COST", "CALLS"]);
  expect(titles(25)).toEqual(["FEATURE", "COST"]);
  expect(table(three, lines, page(20))).toContain("sear…-answers  $1.00");
});

test("titles that are wider than what is below them go into several lines, at the page's width and not before", () => {
  const wide = [
    { title: "hour", side: "left" },
    { title: "input_tokens_per_call", side: "right" },
    { title: "WITH ALL BELOW", side: "right" },
  ] as const;
  const lines = [{ texts: ["03:00", "4,442", "$1.00"] }];
  expect(table(wide, lines, page(44))).toBe(
    [
      "hour   input_tokens_per_call  WITH ALL BELOW",
      "03:00                  4,442           $1.00",
    ].join("\n"),
  );
  expect(table(wide, lines, page(30))).toBe(
    [
      "           input_",
      "          tokens_     WITH ALL",
      "hour     per_call        BELOW",
      "03:00       4,442        $1.00",
    ].join("\n"),
  );
});

test("blanks between columns are single where two would not fit, and what never fits is told", () => {
  const lines = [{ texts: ["a", "$1,234,567.00"] }];
  expect(table(columns, lines, page(20))).toBe("FEATURE          COST\na       $1,234,567.00");
  expect(fits(columns, lines, page(21))).toBe(true);
  expect(fits(columns, lines, page(20))).toBe(false);
});

test("a text that wraps goes on below itself, and none of it is lost", () => {
  const wrapping = [
    { title: "ENTRY", side: "left", style: "bold" },
    { title: "PRICE", side: "left", wraps: true },
  ] as const;
  const lines = [{ texts: ["Azure", "input $2.2, output $13"] }, { texts: ["Tools", "$0.01"] }];
  expect(table(wrapping, lines, page(20))).toBe(
    ["ENTRY  PRICE", "*Azure*  input $2.2,", "       output $13", "*Tools*  $0.01"].join("\n"),
  );
});

test("letters of double width count twice, accents that stand apart not at all", () => {
  expect([textWidth("abc"), textWidth("日本"), textWidth("e\u0301"), textWidth("🚀")]).toEqual([
    3, 4, 1, 2,
  ]);
  expect([cut("日本語", 5), shortened("日本語日本語", 8)]).toEqual(["日本…", "日…本語"]);
  const lines = [{ texts: ["日本", "1"] }, { texts: ["abcd", "2"] }];
  expect(table(columns, lines, page(80))).toBe(
    ["FEATURE  COST", "日本        1", "abcd        2"].join("\n"),
  );
});

test("names that begin alike can be told apart where they are shortened, behind branches that are whole", () => {
  const lines = [
    { texts: ["execute_tool search_orders", "$1.00"], lead: "├ " },
    { texts: ["execute_tool search_cases", "$1.00"], lead: "└ " },
  ];
  expect(table(columns, lines, page(22))).toBe(
    ["FEATURE           COST", "├ exec…h_orders  $1.00", "└ exec…ch_cases  $1.00"].join("\n"),
  );
});

test("what stands below a line is as wide as the page, and no column is wider for it", () => {
  const below = { lead: "  ", text: "repeats its calls, not counted" };
  expect(table(columns, [{ texts: ["search", "$1.00"], below }], page(24))).toBe(
    ["FEATURE   COST", "search   $1.00", "  repeats its calls, not", "  counted"].join("\n"),
  );
});

test("a line can be of one style", () => {
  expect(table(columns, [{ texts: ["total", "$1"], style: "bold" }], page(80))).toContain(
    "*total  *  *  $1*",
  );
});

test.each([
  [1, "████"],
  [0.5, "██"],
  [0.28, "█▏"],
  [0.0001, "▏"],
  [0, ""],
  [-1, ""],
  [Number.NaN, ""],
  [7, "████"],
])("a bar of %d is %s", (share, text) => {
  expect(bar(share, 4)).toBe(text);
});

test.each([
  [[0, 5, 10], "▁▅█"],
  [[0, 0], "▁▁"],
  [[], ""],
])("%j is %s", (values, text) => {
  expect(sparkline(values)).toBe(text);
});
