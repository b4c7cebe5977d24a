import { describe, expect, test } from "vitest";
import { ExactNumber } from "../envelope/exact-number.ts";
import { cellText, duration, moneyChange, percent, rough } from "./cells.ts";

describe("a value is shown by what its column's name says", () => {
  test.each([
    ["cost_usd", new ExactNumber("1234.5600"), "$1,234.56"],
    ["cost_usd", 0.0012, "$0.0012"],
    ["cost_usd", null, "unknown"],
    ["cost_usd", 0, "$0.00"],
    ["share", 0.4312, "43.1 %"],
    ["cached_share_of_input", 0.5, "50.0 %"],
    ["duration_ms", 1234, "1.2 s"],
    ["calls", 1234567, "1,234,567"],
    ["calls", null, "–"],
    ["mean", 12.3456, "12.35"],
    ["started_at", "2026-11-19T14:10:00Z", "2026-11-19 14:10"],
    ["started_at", "2026-11-19T14:10:30.5Z", "2026-11-19 14:10:30"],
    ["name", "POST /v1", "POST /v1"],
    ["ok", true, "yes"],
    ["tags", { plan: "pro" }, '{"plan":"pro"}'],
    ["big", new ExactNumber("9007199254740993"), "9,007,199,254,740,993"],
  ])("%s %o is %s", (column, value, text) => {
    expect(cellText(column, value)).toBe(text);
  });
});

test("what a terminal would obey is taken out of names", () => {
  expect(cellText("name", "a\u001b[2Jb\nc\u202ed")).toBe("a\ufffd[2Jb c\ufffdd");
});

test.each([
  ["400.30", "+$400.30"],
  ["-4.6", "−$4.60"],
  ["0", "$0.00"],
  ["0.0000001", "<$0.000001"],
])("a change of %s is %s", (digits, text) => {
  expect(moneyChange(new ExactNumber(digits))).toBe(text);
});

test.each([
  [1, "100 %"],
  [0.9999, "99.9 %"],
  [0.0001, "<0.1 %"],
  [0, "0 %"],
  [1.228, "122.8 %"],
  [0.08, "8.0 %"],
])("%d is %s", (share, text) => {
  expect(percent(share)).toBe(text);
});

test.each([
  [0, "0 ms"],
  [999, "999 ms"],
  [12_340, "12.3 s"],
  [59_960, "1 min"],
  [250_000, "4 min 10 s"],
  [12_300_000, "3 h 25 min"],
  [3 * 86_400_000, "3 d"],
])("%d ms are %s", (millis, text) => {
  expect(duration(millis)).toBe(text);
});

test.each([
  [812, "812"],
  [9_999, "9,999"],
  [12_345, "12.3 k"],
  [999_999, "1.0 M"],
  [1_234_567_890, "1.2 G"],
  [null, "–"],
])("%o tokens are %s", (tokens, text) => {
  expect(rough(tokens)).toBe(text);
});
