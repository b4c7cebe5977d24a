import { expect, test } from "vitest";
import { verdictWords } from "./verdict-words.ts";

test.each([
  ["explains", "same_hours", "explains it"],
  ["explains", "before", "came with it"],
  ["explains_part", "before", "came with a part"],
  ["does_not_explain", "before", "does not explain it"],
  ["too_few_requests", "nothing", "too few to tell"],
  ["a verdict of a later version", "before", "a verdict of a later version"],
])("%s, compared with %s: %s", (verdict, control, words) => {
  expect(verdictWords(verdict, control)).toBe(words);
});
