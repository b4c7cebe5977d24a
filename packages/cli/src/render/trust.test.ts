import { describe, expect, test } from "vitest";
import type { Row } from "../envelope/envelope.ts";
import { trustLine } from "./trust.ts";

const perfect: Row = {
  calls: 1783,
  priced_share: 1,
  attributed_share_by: { feature: 1, release: 1 },
  deduplicated: 0,
  unpriced_calls: 0,
  unknown_usage_calls: 0,
  estimated_usage_calls: 0,
  lower_bound_calls: 0,
  usage_issue_calls: 0,
  cache_split_unknown_calls: 0,
};

describe("the line says", () => {
  test.each<[string, Row, string]>([
    ["that all is good", {}, "all 1,783 calls priced and attributed"],
    [
      "what is dropped, which is no fault",
      { deduplicated: 40 },
      "all 1,783 calls priced and attributed · 40 duplicate spans dropped",
    ],
    ["of one call that it is one", { calls: 1 }, "the one call priced and attributed"],
    [
      "what share is priced",
      { unpriced_calls: 14, priced_share: 0.992 },
      "99.2 % of 1,783 calls priced",
    ],
    [
      "what share has a value, of the dimensions that lack some",
      { attributed_share_by: { feature: 0.87, release: 1, user_id: 0, "tag:plan": 0.5 } },
      "all 1,783 calls priced · 87.0 % have a feature · 0 % have a user · 50.0 % have a tag:plan",
    ],
    [
      "every doubt with its number",
      {
        unknown_usage_calls: 12,
        estimated_usage_calls: 1,
        lower_bound_calls: 2,
        usage_issue_calls: 3,
        cache_split_unknown_calls: 4,
      },
      "all 1,783 calls priced and attributed · 12 calls with unknown usage · 1 call with estimated usage · " +
        "2 calls whose cost is a lower bound · 3 calls with numbers that contradict themselves · " +
        "4 calls without a count of cached tokens",
    ],
  ])("%s", (_, differing, words) => {
    expect(trustLine({ ...perfect, ...differing })).toBe(`Trust: ${words}.`);
  });

  test("what a command knows beyond the shape that all share", () => {
    expect(trustLine(perfect, ["1 of 2 show their retries"])).toBe(
      "Trust: all 1,783 calls priced and attributed · 1 of 2 show their retries.",
    );
  });
});

test("no share is rounded up to all, nor down to none", () => {
  const nearly = { ...perfect, unpriced_calls: 1, priced_share: 0.9999 };
  expect(trustLine({ ...nearly, attributed_share_by: { agent: 0.0001 } })).toBe(
    "Trust: 99.9 % of 1,783 calls priced · <0.1 % have an agent.",
  );
});
