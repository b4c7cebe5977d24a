import {
  type Change,
  type Explanation,
  explain,
  type NoData,
  type Question,
} from "@spancost/analysis";
import { describe, expect, test } from "vitest";
import { type Attempt, readerOf, week } from "./week.ts";

const afternoon: Question = { since: "2026-11-10T12:00:00Z", until: "2026-11-10T16:00:00Z" };

/** The week with each attempt of the window replaced, explained. */
async function explained(
  change: (attempt: Attempt) => Attempt | Attempt[],
  question: Question = afternoon,
): Promise<Explanation> {
  const attempts = week().flatMap((attempt) => (attempt.day === 10 ? change(attempt) : attempt));
  const explanation = await explain(await readerOf(attempts), question);
  if (explanation.kind === "no-data") throw new Error("no data");
  return explanation;
}

describe("a planted cause is found under its name", () => {
  const inSearch = (change: (attempt: Attempt) => Attempt | Attempt[]) => (attempt: Attempt) =>
    attempt.feature === "search" ? change(attempt) : attempt;

  test.each<[string, (attempt: Attempt) => Attempt | Attempt[], object, string]>([
    [
      "agent loops of twelve steps",
      inSearch((one) =>
        [0, 4, 8].map((more) => ({
          ...one,
          iteration: one.iteration + more,
          second: one.second + more,
        })),
      ),
      { feature: "search" },
      "loops",
    ],
    [
      "billed attempts that fail and are repeated",
      inSearch((one) => [
        { ...one, failed: true, second: one.second + one.iteration - 1 },
        { ...one, iteration: one.iteration + 1, second: one.second + one.iteration },
      ]),
      { feature: "search" },
      "retries",
    ],
    [
      "prompts three times as long",
      inSearch((one) => ({ ...one, uncached: 3 * one.uncached, cacheRead: 3 * one.cacheRead })),
      { feature: "search" },
      "input",
    ],
    [
      "a cache that is missed",
      inSearch((one) => ({ ...one, uncached: one.uncached + one.cacheRead, cacheRead: 0 })),
      { feature: "search" },
      "cache",
    ],
    [
      "answers five times as long",
      inSearch((one) => ({ ...one, output: 5 * one.output })),
      { feature: "search" },
      "output",
    ],
    [
      "three times the requests",
      inSearch((one) => [one, ...["x", "y"].map((more) => ({ ...one, trace: one.trace + more }))]),
      { feature: "search" },
      "traffic",
    ],
    [
      "a dearer model",
      (one) => (one.feature === "chat" ? { ...one, model: "large" } : one),
      { feature: "chat" },
      "mix",
    ],
    [
      "a release that makes half of a feature's prompts five times as long",
      (one) =>
        one.feature === "search" && one.second % 2 === 0
          ? { ...one, release: "2", uncached: 5 * one.uncached, cacheRead: 5 * one.cacheRead }
          : one,
      { release: "2" },
      "input",
    ],
    [
      "the same release everywhere, harmless but in one feature",
      (one) =>
        one.feature === "code"
          ? { ...one, release: "2", output: 6 * one.output }
          : { ...one, release: "2" },
      { feature: "code" },
      "output",
    ],
    [
      "calls without a feature",
      (one) => (one.feature === null ? { ...one, model: "large", output: 100 * one.output } : one),
      { feature: null },
      "output",
    ],
  ])("%s", async (_, change, segment, mechanism) => {
    const explanation = await explained(change);
    const [first] = explanation.findings;
    expect(first).toMatchObject({ segment, mechanism });
    expect(first?.share).toBeGreaterThan(0.8);
    expectExact(explanation);
  });
});

function changeOf({ change }: Explanation): Change {
  if (change === undefined) throw new Error("there is no baseline");
  return change;
}

/** The bridge sums to the change and each finding's factors to its own. */
function expectExact(explanation: Explanation): void {
  const sum = (parts: Readonly<Record<string, bigint>>) =>
    Object.values(parts).reduce((all, part) => all + part, 0n);
  const { baselineCost, delta, bridge } = changeOf(explanation);
  expect((explanation.cost ?? 0n) - baselineCost).toBe(delta);
  expect(sum(bridge)).toBe(delta);
  for (const finding of explanation.findings) {
    expect(finding.cost - finding.baselineCost).toBe(finding.delta);
    expect(sum(finding.factors)).toBe(finding.delta);
  }
}

describe("among requests of which one in ten costs sixty times the others", () => {
  const isDear = (one: Attempt) => one.feature === "search" && /[05]$/.test(one.trace);
  const times = (one: Attempt, tokens: number, output: number) => ({
    ...one,
    uncached: tokens * one.uncached,
    cacheRead: tokens * one.cacheRead,
    output: tokens * output * one.output,
  });
  const explainedBy = async (outputOf: (one: Attempt) => number) => {
    const attempts = week().map((one) =>
      times(one, isDear(one) ? 60 : 1, one.day === 10 ? outputOf(one) : 1),
    );
    const explanation = await explain(await readerOf(attempts), afternoon);
    if (explanation.kind === "no-data") throw new Error("no data");
    return explanation.findings.map(({ segment, mechanism }) => ({ segment, mechanism }));
  };

  test("answers of all that are three times as long are found", async () => {
    expect(await explainedBy((one) => (one.feature === "search" ? 3 : 1))).toEqual([
      { segment: { feature: "search" }, mechanism: "output" },
    ]);
  });

  test("as much more by one of them alone is no news", async () => {
    expect(await explainedBy((one) => (one.trace === "10-search-5" ? 17 : 1))).toEqual([]);
  });
});

test("a feature that becomes nearly the whole bill is told by its name", async () => {
  const { findings } = await explained((one) =>
    one.feature === "chat" ? { ...one, model: "large", output: 100 * one.output } : one,
  );
  expect(findings).toMatchObject([{ segment: { feature: "chat" }, mechanism: "output" }]);
});

test("two causes are two findings", async () => {
  const { findings } = await explained((one) => {
    if (one.feature === "summarise") return { ...one, uncached: 4 * one.uncached };
    if (one.feature === "code") return { ...one, output: 3 * one.output };
    return one;
  });
  expect(findings.map(({ segment, mechanism }) => ({ segment, mechanism }))).toEqual([
    { segment: { feature: "summarise" }, mechanism: "input" },
    { segment: { feature: "code" }, mechanism: "output" },
  ]);
});

test("a usual day is quiet, and its bridge still adds up", async () => {
  const explanation = await explained((one) => one);
  expect(explanation).toMatchObject({ quiet: true, findings: [], warnings: [] });
  expect(explanation.summary).toMatch(
    /\. Nothing stands out: a difference of this size is usual here\.$/,
  );
  expectExact(explanation);
});

test("twice of everything is told as that", async () => {
  const { findings } = await explained((one) => [one, { ...one, trace: `${one.trace}x` }]);
  expect(findings.map(({ segment, mechanism }) => ({ segment, mechanism }))).toEqual([
    { segment: {}, mechanism: "traffic" },
  ]);
});

test("a sentence says how much, where, why and since which release", async () => {
  const { findings } = await explained((one) =>
    one.feature === "search" ? { ...one, release: "2", output: 5 * one.output } : one,
  );
  expect(findings.map(({ sentence }) => sentence)).toMatchInlineSnapshot(`
    [
      "$1.99 more than expected ($2.98 instead of $0.99) in feature search: 1,533 output tokens per call instead of 300 (output +$1.97); nearly all of it in release 2, not in the baseline.",
    ]
  `);
});

test("a release that everybody has got is not told of one user", async () => {
  const { findings } = await explained((one) =>
    Array.from({ length: one.user === "u7" ? 12 : 1 }, (_, nth) => ({
      ...one,
      trace: `${one.trace}-${nth}`,
      release: "2",
    })),
  );
  expect(findings.length).toBeGreaterThan(0);
  for (const { segment, sentence } of findings) {
    expect(segment).toMatchObject({ user_id: "u7" });
    expect(sentence).not.toContain("release");
  }
});

test("what a user did as much of in the weeks before is no news, on whichever day that was", async () => {
  const busy = (day: number) => (one: Attempt) =>
    Array.from({ length: one.user === "u7" ? 12 : 1 }, (_, nth) => ({
      ...one,
      day,
      trace: `${day} ${one.trace}-${nth}`,
      parent: `${day} ${one.parent}-${nth}`,
    }));
  const days = Map.groupBy(week(), ({ day }) => day);
  const usual = [3, 4, 5, 6, 7, 8, 9].flatMap((day) => days.get(day) ?? []);
  const window = (days.get(10) ?? []).flatMap(busy(10));
  const told = async (before: readonly Attempt[]) => {
    const found = await explain(await readerOf([...before, ...usual, ...window]), afternoon);
    if (found.kind === "no-data") throw new Error("no data");
    return found.findings.filter(({ segment }) => segment.user_id === "u7").length;
  };
  expect(await told([])).toBeGreaterThan(0);
  // The second of the month is not compared with: seven days are.
  expect(await told((days.get(3) ?? []).flatMap(busy(2)))).toBe(0);
  const half = (days.get(3) ?? []).filter(
    ({ user, uncached }) => user !== "u7" || uncached % 4 === 0,
  );
  expect(await told(half.flatMap(busy(2)))).toBeGreaterThan(0);
});

test("a fall is told as one, by what fell the most", async () => {
  const { findings } = await explained((one) => {
    if (one.feature !== "search") return one;
    return one.trace.endsWith("7") ? { ...one, output: one.output + 50 } : [];
  });
  expect(findings).toMatchObject([{ segment: { feature: "search" }, mechanism: "traffic" }]);
  expect(findings[0]?.sentence).toMatch(/^\$0\.\d+ less than expected /);
});

test("a release is told by its own requests", async () => {
  const { findings } = await explained((one) =>
    one.feature !== "search" || one.trace.endsWith("1")
      ? one
      : [0, 4, 8].map((more) => ({ ...one, release: "2", iteration: one.iteration + more })),
  );
  expect(findings).toMatchObject([{ segment: { release: "2" }, mechanism: "loops" }]);
  expect(findings[0]?.before.callsPerRequest).toBeCloseTo(4);
  expect(findings[0]?.after.callsPerRequest).toBeCloseTo(12);
});

test("uses of tools that have a price are told like calls, and thin out no tokens", async () => {
  const search = (day: number, uses: number) => (one: Attempt) =>
    one.feature === "search" && one.day === day
      ? [one, ...Array.from({ length: uses }, () => ({ ...one, tool: "web_search" }))]
      : [one];
  const attempts = week().flatMap((one) => search(one.day, one.day === 10 ? 6 : 2)(one));
  const explanation = (await explain(await readerOf(attempts), afternoon)) as Explanation;
  const [finding] = explanation.findings;
  expect(finding).toMatchObject({
    segment: { tool: "web_search" },
    mechanism: "loops",
    factors: { input: 0n, cache: 0n, output: 0n, mix: 0n, price: 0n },
    before: { callsPerRequest: 8 },
    after: { callsPerRequest: 24 },
  });
  expectExact(explanation);
});

test("calls without a price are beside the amounts, and warned of", async () => {
  const priced = await explained((one) => one);
  const { cost, trust, warnings } = await explained((one) => [
    one,
    ...(one.feature === "chat" ? [{ ...one, priced: false }] : []),
  ]);
  expect(cost).toBe(priced.cost);
  expect(trust.unpricedCalls).toBeGreaterThan(50n);
  expect(trust.pricedShare).toBeLessThan(0.9);
  expect(warnings).toEqual([
    `${trust.unpricedCalls} of ${trust.calls} calls in the window have no price and are in no amount: spancost query unpriced`,
  ]);
});

test("a range as baseline is scaled by its length", async () => {
  const explanation = await explained((one) => one, {
    ...afternoon,
    baseline: { since: "2026-11-08T12:00:00Z", until: "2026-11-08T14:00:00Z" },
  });
  const { baseline, baselineCost } = changeOf(explanation);
  const half = await explained((one) => one, {
    since: "2026-11-08T12:00:00Z",
    until: "2026-11-08T14:00:00Z",
  });
  expect(baseline).toEqual({
    since: "2026-11-08T12:00:00Z",
    until: "2026-11-08T14:00:00Z",
    periods: 1,
  });
  expect(baselineCost).toBe(2n * (half.cost ?? 0n));
});

test("only what is asked for is explained", async () => {
  const { findings, cost } = await explained((one) => ({ ...one, output: 4 * one.output }), {
    ...afternoon,
    where: { feature: "code" },
    by: ["user_id", "release"],
  });
  const whole = await explained((one) => ({ ...one, output: 4 * one.output }));
  expect(cost).toBeLessThan((whole.cost ?? 0n) / 2n);
  expect(findings).toMatchObject([{ segment: {}, mechanism: "output" }]);
});

test("without a window the last 24 hours with records are explained", async () => {
  const attempts = week();
  const { window } = (await explain(await readerOf(attempts), {})) as Explanation;
  const last = Math.max(...attempts.filter(({ day }) => day === 10).map(({ second }) => second));
  const minute = new Date(Date.UTC(2026, 10, 10, 12, 1 + Math.floor(last / 60)));
  expect(window.until).toBe(minute.toISOString().replace(".000", ""));
  expect(Date.parse(window.until) - Date.parse(window.since)).toBe(86_400_000);
});

describe("a window is compared with nothing, and its cost still told,", () => {
  const today = () => week().filter(({ day }) => day === 10);

  test.each<[string, Attempt[], Question, RegExp]>([
    [
      "where no call is stored from before it",
      today(),
      afternoon,
      /^There is no history for a comparison: no call is stored from before the window \(the first is of 2026-11-10 12:\d\d UTC\)\.$/,
    ],
    [
      "where calls are stored from shortly before it only",
      today(),
      { ...afternoon, since: "2026-11-10T13:00:00Z" },
      /^There is too little history for a comparison: the first call that is stored is of 2026-11-10 12:\d\d UTC, and it takes calls since 2026-11-09 14:30 UTC\.$/,
    ],
    [
      "where less than half of its length is stored before it",
      week().filter(({ day, second }) => day === 10 || (day === 9 && second > 3 * 3600)),
      afternoon,
      /^There is too little history .* 2026-11-09 15:\d\d UTC, and it takes calls since 2026-11-09 14:00 UTC\.$/,
    ],
    [
      "where the baseline that was named is before the first call",
      today(),
      { ...afternoon, baseline: { since: "2026-11-01T00:00:00Z", until: "2026-11-02T00:00:00Z" } },
      /^No call is stored of the baseline that was named: the first one that is stored is of 2026-11-10 12:\d\d UTC\.$/,
    ],
    [
      "where no call before it has a price",
      week().map((one) => ({ ...one, priced: one.day === 10 && one.priced })),
      afternoon,
      /^No call in the baseline has a price: /,
    ],
  ])("%s", async (_, attempts, question, warning) => {
    const explanation = (await explain(await readerOf(attempts), question)) as Explanation;
    expect(explanation).toMatchObject({ change: undefined, findings: [], quiet: false });
    expect(explanation.warnings[0]).toMatch(warning);
    expect(explanation.summary).toMatch(/; there is nothing to compare it with\.$/);
    expect(explanation.cost).toBeGreaterThan(0n);
    const spent = explanation.spend.reduce((sum, { cost }) => sum + (cost ?? 0n), 0n);
    expect(spent).toBe(explanation.cost);
  });
});

test.each<[string, Attempt[], Question, NoData]>([
  ["no records", [], {}, { kind: "no-data", window: undefined }],
  [
    "none in the window",
    week(),
    { since: "2027-01-01T00:00:00Z", until: "2027-01-01T01:00:00Z" },
    { kind: "no-data", window: { since: "2027-01-01T00:00:00Z", until: "2027-01-01T01:00:00Z" } },
  ],
])("%s is told as such", async (_, attempts, question, answer) => {
  expect(await explain(await readerOf(attempts), question)).toEqual(answer);
});

test("what a window without any price cost is unknown, and no 0", async () => {
  const attempts = week().map((one) => ({ ...one, priced: one.day < 10 && one.priced }));
  const explanation = (await explain(await readerOf(attempts), afternoon)) as Explanation;
  expect(explanation).toMatchObject({
    cost: undefined,
    change: undefined,
    findings: [],
    quiet: false,
  });
  expect(explanation.warnings[0]).toMatch(/^No call in the window has a price: /);
  expect(explanation.summary).toMatch(/ is unknown: no call in it has a price\.$/);
});
