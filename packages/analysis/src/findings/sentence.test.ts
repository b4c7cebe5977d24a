import { expect, test } from "vitest";
import { type Factor, factors } from "../bridge/sides.ts";
import type { Figures } from "./figures.ts";
import { sentenceOf, type Told } from "./sentence.ts";

const usd = 1_000_000_000_000n;

const before: Figures = {
  requests: 1000,
  calls: 4100,
  callsPerRequest: 4.1,
  attemptsPerCall: 1.02,
  inputTokensPerCall: 3131.4,
  cachedShare: 0.9,
  outputTokensPerCall: 108,
  models: [{ model: "small", share: 1 }],
};

const after: Figures = {
  requests: 1250,
  calls: 14_750,
  callsPerRequest: 11.8,
  attemptsPerCall: 2,
  inputTokensPerCall: 6237,
  cachedShare: 0.101,
  outputTokensPerCall: 216,
  models: [
    { model: "small", share: 0.6 },
    { model: "large", share: 0.4 },
  ],
};

function told(mechanism: Factor, more: Partial<Told> = {}): string {
  return sentenceOf({
    segment: { feature: "search" },
    cost: 422n * usd,
    baselineCost: 50n * usd,
    mechanism,
    beside: mechanism,
    hidden: undefined,
    factors: { ...noFactors(), [mechanism]: 300n * usd },
    before,
    after,
    newVersions: {},
    feature: undefined,
    isRest: false,
    ...more,
  });
}

const much = "$372.00 more than expected ($422.00 instead of $50.00)";

test.each<[Factor, string]>([
  ["traffic", `${much} in feature search: 1,250 instead of 1,000 requests (traffic +$300.00).`],
  ["loops", `${much} in feature search: 11.8 calls per request instead of 4.1 (loops +$300.00).`],
  [
    "retries",
    `${much} in feature search: 2 billed attempts per call instead of 1.02 (retries +$300.00).`,
  ],
  [
    "input",
    `${much} in feature search: 6,237 input tokens per call instead of 3,131 (input +$300.00).`,
  ],
  [
    "cache",
    `${much} in feature search: 10 % of the input from a cache instead of 90 % (cache +$300.00).`,
  ],
  [
    "output",
    `${much} in feature search: 216 output tokens per call instead of 108 (output +$300.00).`,
  ],
  ["mix", `${much} in feature search: large has 40 % of the calls instead of 0 % (mix +$300.00).`],
  ["price", `${much} in feature search: the same tokens at another price (price +$300.00).`],
])("%s in words", (mechanism, sentence) => {
  expect(told(mechanism)).toBe(sentence);
});

test.each<[string, Partial<Told>, string]>([
  [
    "a fall",
    { cost: 20n * usd, factors: { ...noFactors(), price: -30n * usd } },
    "$30.00 less than expected ($20.00 instead of $50.00) in feature search: the same tokens at another price (price −$30.00).",
  ],
  [
    "two conditions, and versions that are new",
    {
      segment: { feature: "search", tool: null },
      newVersions: { release: "2.14", model: "large" },
    },
    `${much} in feature search, calls without a tool: the same tokens at another price (price +$300.00); nearly all of it in release 2.14, model large, not in the baseline.`,
  ],
  [
    "everything",
    { segment: {} },
    `${much} in all: the same tokens at another price (price +$300.00).`,
  ],
  [
    "what is left of a segment",
    { isRest: true },
    `${much} in feature search, what is named above left out: the same tokens at another price (price +$300.00).`,
  ],
])("%s in words", (_, more, sentence) => {
  expect(told("price", more)).toBe(sentence);
});

test("what one side cannot tell is none", () => {
  const empty = { ...before, callsPerRequest: undefined };
  expect(told("loops", { before: empty })).toContain("11.8 calls per request instead of none");
});

function noFactors(): Record<Factor, bigint> {
  return Object.fromEntries(factors.map((factor) => [factor, 0n])) as Record<Factor, bigint>;
}

test("a version that says little by itself is told with the feature it is of", () => {
  const sentence = told("input", { segment: { prompt_version: "v3" }, feature: "search" });
  expect(sentence).toContain("in prompt version v3 (feature search): 6,237 input tokens");
});

test("where there were no more requests it is told that they were others", () => {
  const fewer = { ...after, requests: 422 };
  expect(told("traffic", { after: fewer })).toBe(
    `${much} in feature search: requests of another kind, $1.00 instead of $0.05 each (traffic +$300.00).`,
  );
});

test("of a model that is named it is told which had its calls before", () => {
  expect(told("mix", { segment: { model: "large" } })).toBe(
    `${much} in model large: small had 100 % of these calls before (mix +$300.00).`,
  );
});

test("what is news is told first, and the largest factor beside it", () => {
  const factors = { ...noFactors(), price: 100n * usd, traffic: 250n * usd };
  expect(told("price", { beside: "traffic", factors })).toBe(
    "$372.00 more than expected ($422.00 instead of $50.00) in feature search: the same tokens at another price " +
      "(price +$100.00), and 1,250 instead of 1,000 requests (traffic +$250.00).",
  );
});

test.each<[string, Told["segment"], string]>([
  ["a segment", { feature: "search" }, "feature search"],
  ["everything", {}, "all calls"],
])("what %s hides is told with what hides it", (_, segment, place) => {
  const factors = { ...noFactors(), input: 30n * usd, traffic: -60n * usd };
  const spent = { cost: 20n * usd, baselineCost: 50n * usd };
  const fewer = { ...after, requests: 422 };
  const more: Partial<Told> = {
    ...spent,
    segment,
    beside: "traffic",
    hidden: 30n * usd,
    factors,
    after: fewer,
  };
  expect(told("input", more)).toBe(
    `$30.00 more is hidden in the cost of ${place}, $20.00 instead of $50.00: 6,237 input tokens per call ` +
      "instead of 3,131 (input +$30.00), made up for by 422 instead of 1,000 requests (traffic −$60.00).",
  );
});
