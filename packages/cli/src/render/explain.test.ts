import { describe, expect, test } from "vitest";
import { detectionRow } from "../commands/detection-row.ts";
import type { ExplainEnvelope } from "../commands/explain.ts";
import { ExactNumber } from "../envelope/exact-number.ts";
import { parseZone, utc } from "../flags/time-zone.ts";
import { explainTable } from "./explain.ts";

const page = { width: 80, zone: utc, style: (_: string, text: string) => text };

function step(factor: string, digits: string) {
  return { factor, delta_usd: new ExactNumber(digits) };
}

const spike: ExplainEnvelope = {
  schema: "spancost/explain@1",
  window: { since: "2026-11-19T14:10:00Z", until: "2026-11-19T17:35:00Z" },
  baseline: { since: "2026-11-12T14:10:00Z", until: "2026-11-18T17:35:00Z" },
  baseline_periods: 7,
  baseline_day_kind: null,
  cost_usd: new ExactNumber("491.7"),
  baseline_cost_usd: new ExactNumber("91.4"),
  delta_usd: new ExactNumber("400.3"),
  quiet: false,
  quiet_sentence: null,
  summary: "",
  spend: [],
  detection: null,
  findings: [
    {
      segment: { feature: "search-answers", release: null },
      delta_usd: new ExactNumber("371.9"),
      share: 0.929,
      sentence: "Loops went from 4.1 to 11.8.",
      confidence: {
        level: "high",
        low_usd: new ExactNumber("340.2"),
        high_usd: new ExactNumber("398.1"),
      },
      first_seen: "2026-11-19T14:06:00Z",
      examples: [
        { trace_id: "4bf92f3577b34da6a3ce929d0e0e4736", cost_usd: 6.12, calls: 48, retries: 17 },
      ],
    },
  ],
  bridge: [
    step("traffic", "12.1"),
    step("loops", "392.8"),
    step("cache", "-4.6"),
    step("price", "0"),
  ],
  releases: [],
  counterfactuals: [],
  trust: {
    calls: 3000,
    unpriced_calls: 12,
    priced_share: 0.996,
    attributed_share_by: { feature: 1, release: 0.87 },
    deduplicated: 318,
  },
  timeline: [
    { hour: "2026-11-19T13:00:00Z", cost_usd: 1 },
    { hour: "2026-11-19T14:00:00Z", cost_usd: 8 },
  ],
  rows: [],
  warnings: [],
};

const shown = explainTable(spike, page);

describe("a spike is shown with", () => {
  test.each([
    [
      "the change",
      "2026-11-19 14:10 to 17:35 UTC   $491.70   +$400.30 over the baseline of $91.40 (5.4×)",
    ],
    ["the hours", "▂█"],
    [
      "what it is compared with",
      "compared with the mean of 7 stretches of the same length from 2026-11-12 14:10 to 2026-11-18 17:35 UTC",
    ],
    ["its cause in words", "longer agent loops  +$392.80  98.1 %  ████████████████████████"],
    ["what made it cheaper", "more cache hits       −$4.60  −1.1 %  ▎"],
    ["what did not change", "prices                 $0.00     0 %"],
    ["the sum", "together, exactly   +$400.30"],
    [
      "where",
      "1. feature=search-answers, release=(none)  +$371.90  (92.9 % of the change)  first seen 2026-11-19 14:06 UTC",
    ],
    ["the sentence", "   Loops went from 4.1 to 11.8."],
    ["how sure that is", "   sure: +$340.20 to +$398.10 in 9 of 10 draws of its requests and days"],
    [
      "how far to trust it",
      "Trust: 99.6 % of 3,000 calls priced · 87.0 % have a release · 318 duplicate spans dropped.",
    ],
    [
      "what to type next",
      "dearest trace: 4bf92f35…  $6.12, 48 calls, 17 retries   → spancost trace 4bf92f3577b3",
    ],
  ])("%s", (_, line) => {
    expect(shown.split("\n")).toContain(line);
  });

  test("the largest step first", () => {
    expect(shown.indexOf("longer agent loops")).toBeLessThan(shown.indexOf("more requests"));
  });
});

test("the spike that was found is told by the clocks of the reader, as its window is", () => {
  const window = { since: "2026-11-19T14:10:00Z", until: "2026-11-19T23:35:00Z" };
  const found = { kind: "found", ...window, ongoing: false, feature: "search" } as const;
  const figures = { dollars: 42, usualDollars: 6, score: 9, season: "weekday" } as const;
  const detection = detectionRow({ detection: { ...found, ...figures }, isWidened: false });
  const [line] = explainTable(
    { ...spike, detection },
    { ...page, zone: parseZone("Europe/Berlin") },
  ).split("\n");
  expect(line).toMatch(/^Spike found: 2026-11-19 15:10 to 2026-11-20 00:35 Europe\/Berlin\. It/);
  expect(String(detection?.["sentence"])).toContain("2026-11-19 14:10 to 23:35 UTC");
});

test("sentences are in lines that the page holds", () => {
  const window = { since: "2026-11-19T14:10:00Z", until: "2026-11-19T23:35:00Z" };
  const found = { kind: "found", ...window, ongoing: true, feature: "search" } as const;
  const figures = { dollars: 42, usualDollars: 6, score: 9, season: "weekday" } as const;
  const detection = detectionRow({ detection: { ...found, ...figures }, isWidened: true });
  const [finding] = spike.findings;
  const confidence = {
    level: "low",
    low_usd: new ExactNumber("-340.2"),
    high_usd: new ExactNumber("398.1"),
  };
  const findings = [{ ...finding, confidence }] as ExplainEnvelope["findings"];
  const narrow = { ...page, width: 60 };
  const lines = explainTable({ ...spike, detection, findings }, narrow).split("\n");
  const ofDetection = lines.slice(0, lines.indexOf(""));
  const where = lines.slice(lines.indexOf("WHERE"));
  const ofFinding = where.slice(2, where.indexOf(""));
  expect(ofDetection.join(" ")).toBe(detection?.["sentence"]);
  expect(ofFinding.length).toBeGreaterThan(2);
  for (const line of [...ofDetection, ...ofFinding]) expect(line.length).toBeLessThanOrEqual(60);
});

test("a quiet window says so", () => {
  const quiet_sentence = "Nothing stands out: a difference of this size is usual here.";
  const quiet = explainTable({ ...spike, quiet: true, quiet_sentence, findings: [] }, page);
  expect(quiet).toContain(quiet_sentence);
  expect(quiet).not.toContain("WHERE");
});

test("without data there is nothing to show", () => {
  expect(explainTable({ ...spike, no_data: true }, page)).toBe("");
});

test("which days it is compared with is said where they are not simply those before", () => {
  const text = explainTable({ ...spike, baseline_periods: 5, baseline_day_kind: "working" }, page);
  expect(text).toContain("the mean of 5 stretches of the same length of working days from 2026");
});

test("without a baseline it is shown what was spent, and no change", () => {
  const text = explainTable(
    {
      ...spike,
      baseline: null,
      baseline_periods: 0,
      baseline_cost_usd: null,
      delta_usd: null,
      spend: [
        { feature: "search", calls: 1200, unpriced_calls: 0, cost_usd: new ExactNumber("368.775") },
        { feature: null, calls: 3, unpriced_calls: 3, cost_usd: null },
      ],
      findings: [],
      bridge: [],
      warnings: ["There is too little history for a comparison."],
    },
    page,
  );
  expect(text.split("\n").map((line) => line.trimEnd())).toEqual(
    expect.arrayContaining([
      "2026-11-19 14:10 to 17:35 UTC   $491.70   no baseline",
      "search   1,200  $368.78  75.0 %  ██████████████████",
      "(none)       3  unknown",
    ]),
  );
  // It is told once, with the warnings.
  expect(text).not.toContain("too little history");
  expect(text).not.toMatch(/\$0\.00|100 %|over the baseline|WHY/);
});

test("large changes that cancel out have no shares of what is left", () => {
  const bridge = [step("traffic", "5"), step("loops", "-4.9")];
  const text = explainTable({ ...spike, delta_usd: new ExactNumber("0.1"), bridge }, page);
  expect(text).toMatch(/more requests +\+\$5\.00 /);
  expect(text).not.toMatch(/\+\$5\.00 +\d/);
  const nothing = explainTable(
    { ...spike, delta_usd: new ExactNumber("0"), bridge: [step("traffic", "0")] },
    page,
  );
  expect(nothing).not.toContain("NaN");
});
