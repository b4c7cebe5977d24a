import { expect, test } from "vitest";
import { didYouMean } from "./suggest.ts";

test.each([
  ["featur", " Did you mean feature?"],
  ["FEATURE", " Did you mean feature?"],
  ["relaese", " Did you mean release?"],
  ["banana", ""],
  ["", ""],
])('"%s":%s', (word, suggestion) => {
  expect(didYouMean(word, ["feature", "release"])).toBe(suggestion);
});
