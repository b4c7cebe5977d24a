import { expect, test } from "vitest";
import { harmless } from "./harmless.ts";

test.each([
  ["search-answers", "search-answers"],
  ["  padded  ", "padded"],
  ["Überblick 概要", "Überblick 概要"],
  ["team/a.b:c@d+e=f#g_h", "team/a.b:c@d+e=f#g_h"],
  ["a,b;c=d\r\nx-evil: 1", "a_b_c=d__x-evil: 1"],
  ["<script>", "_script_"],
  ["\u0000\u202e\ud800", "___"],
  [42, "42"],
])("%j becomes %j", (value, text) => {
  expect(harmless(value)).toBe(text);
});

test.each([undefined, null, "", "   ", Number.NaN, {}, ["a"], true, () => "x"])(
  "%j is no value",
  (value) => {
    expect(harmless(value)).toBeUndefined();
  },
);

test("holds at most 128 characters, however long the text", () => {
  expect(harmless("x".repeat(10_000_000))).toBe("x".repeat(128));
  expect(harmless(`${"x".repeat(127)}😀`)).toBe(`${"x".repeat(127)}_`);
});
