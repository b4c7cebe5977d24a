import { expect, test } from "vitest";
import { narrowedTo, type Segment, variablesOf } from "./dimensions.ts";

test.each<[string, Segment, Record<string, string>]>([
  ["a value", { feature: "search" }, { feature: "search" }],
  [
    "calls without one",
    { feature: null, "tag:plan": null },
    { feature: "(none)", tag: "plan=(none)" },
  ],
  ["a tag", { "tag:plan": "free" }, { tag: "plan=free" }],
  ["two tags", { "tag:plan": "free", "tag:region": "eu" }, { tag: '["plan=free","region=eu"]' }],
  ["a tag that would be read as a list", { "tag:[a": "b" }, { tag: '["[a=b"]' }],
])("a query is asked for %s", (_, segment, variables) => {
  expect(variablesOf(segment)).toEqual(variables);
});

test("what a query is asked for beside what it was asked for before narrows it further", () => {
  const asked = narrowedTo({ since: "2026-11-10" }, { team: "a", "tag:plan": "free" });
  expect(narrowedTo(asked, { "tag:region": "eu", "tag:tier": null })).toEqual({
    since: "2026-11-10",
    team: "a",
    tag: '["plan=free","region=eu","tier=(none)"]',
  });
});
