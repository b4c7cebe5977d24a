import { describe, expect, test } from "vitest";
import type { Segment } from "../dimensions.ts";
import type { ReleaseRow } from "./release-rows.ts";
import { releaseVerdicts } from "./release-verdict.ts";

interface Requests {
  readonly release: string | null;
  /** Of the window; left out: in the baseline. */
  readonly hour?: number;
  readonly feature?: string;
  readonly requests?: number;
  /** Of a request, in cents. */
  readonly cents: number;
  readonly calls?: number;
  /** One of them costs all that they cost together. */
  readonly isOne?: boolean;
}

const cent = 10_000_000_000n;

function rowsOf(...all: readonly Requests[]): ReleaseRow[] {
  return all.map(
    ({ release, hour, feature = "search", requests = 100, cents, calls = 1, isOne = false }) => ({
      inWindow: hour !== undefined,
      hour: hour === undefined ? null : `2026-11-20T${String(hour).padStart(2, "0")}:00:00Z`,
      service: "api",
      release,
      context: JSON.stringify([feature, "production"]),
      isNew: release === "2",
      windowShare: 0.5,
      baselineShare: release === "2" ? 0 : 1,
      firstSeen: "2026-11-20T12:00:00Z",
      requests: BigInt(requests),
      calls: BigInt(requests * calls),
      inputTokens: BigInt(requests * calls * 1000),
      cacheReadTokens: 0n,
      outputTokens: BigInt(requests * calls * 10),
      cost: BigInt(requests * cents) * cent,
      requestSquares: (isOne ? requests : 1) * requests * (cents / 100) ** 2,
    }),
  );
}

function verdictOn(delta: number, ...all: readonly Requests[]) {
  const [verdict] = releaseVerdicts(rowsOf(...all), BigInt(delta) * 100n * cent);
  if (!verdict) throw new Error("no verdict");
  return verdict;
}

describe("a release that costs more than the old one beside it", () => {
  const verdict = verdictOn(
    10,
    { release: "1", cents: 5 },
    { release: "1", hour: 12, cents: 10 },
    { release: "2", hour: 12, cents: 20, calls: 4 },
  );

  test("is compared in the same hours, not with cheaper days before", () => {
    expect(verdict).toMatchObject({
      control: "same-hours",
      verdict: "explains",
      share: 1,
      excess: 1000n * cent,
      expectedCost: 1000n * cent,
      oldReleases: ["1"],
    });
    expect([verdict.new.costPerRequest, verdict.old.costPerRequest]).toEqual([0.2, 0.1]);
  });

  test("is told in a sentence with its numbers", () => {
    expect(verdict.sentence).toBe(
      "Release 2 of api explains 100 % of the change ($10.00): a request costs $0.20 with it and $0.10 with the " +
        "release before (4 calls per request instead of 1). Compared in the same hours: 100 of its requests, 100 of the old.",
    );
  });
});

test("a release that costs the same explains nothing", () => {
  const verdict = verdictOn(
    10,
    { release: "1", hour: 12, cents: 10 },
    { release: "2", hour: 12, cents: 10 },
  );
  expect(verdict).toMatchObject({ verdict: "does-not-explain", excess: 0n });
});

test("where the old one is gone, days before are what it is compared with", () => {
  const verdict = verdictOn(
    10,
    { release: "1", cents: 10 },
    { release: "1", hour: 12, requests: 3, cents: 1 },
    { release: "2", hour: 12, cents: 20 },
  );
  expect(verdict).toMatchObject({ control: "before", controlRequests: 100n, excess: 1000n * cent });
  expect(verdict.sentence).toContain("the old release served only 3 beside it in the same hours");
});

test("without the old one beside it a release came with the change, and is not said to explain it", () => {
  const { sentence } = verdictOn(
    10,
    { release: "1", cents: 10 },
    { release: "2", hour: 12, cents: 20 },
  );
  expect(sentence).toContain("Release 2 of api came with 100 % of the change ($10.00): ");
  expect(sentence).not.toContain("explain");
});

describe("a release whose requests are dearer by one of them alone", () => {
  const rows = rowsOf(
    { release: "1", hour: 12, cents: 10 },
    { release: "2", hour: 12, cents: 20, isOne: true },
  );
  const on = (...found: readonly Segment[]) => releaseVerdicts(rows, 1000n * cent, found)[0];

  test("cannot be told from chance", () => {
    expect(on()?.verdict).toBe("too-few-requests");
    expect(on({ release: "1" })?.sentence).toContain(
      "cannot be told from chance, for requests cost so differently: a request costs $0.20",
    );
  });

  test("is judged where a finding names it", () => {
    expect(on({ release: "2", feature: "search" })?.verdict).toBe("explains");
    expect(on({ release: "2", service: "api" })?.verdict).toBe("explains");
  });

  test("is not judged where a finding names a release of another service that is called the same", () => {
    expect(on({ release: "2", service: "web" })?.verdict).toBe("too-few-requests");
  });
});

test("one dear request of a feature whose requests cost so differently is no effect of the release", () => {
  const verdict = verdictOn(
    8,
    { release: "1", hour: 12, cents: 10 },
    { release: "2", hour: 12, cents: 10 },
    { release: "1", hour: 12, feature: "reports", requests: 20, cents: 100, isOne: true },
    { release: "2", hour: 12, feature: "reports", requests: 1, cents: 900 },
  );
  expect(verdict).toMatchObject({ share: 1, verdict: "too-few-requests" });
});

test("another mix of features is no effect of the release", () => {
  const verdict = verdictOn(
    10,
    { release: "1", hour: 12, feature: "cheap", requests: 90, cents: 1 },
    { release: "1", hour: 12, feature: "dear", requests: 30, cents: 50 },
    { release: "2", hour: 12, feature: "cheap", requests: 30, cents: 1 },
    { release: "2", hour: 12, feature: "dear", requests: 90, cents: 50 },
  );
  expect(verdict).toMatchObject({ verdict: "does-not-explain", excess: 0n });
  expect(verdict.old.costPerRequest).toBeCloseTo(verdict.new.costPerRequest ?? 0, 12);
});

test("hours in which only one of them ran are not compared", () => {
  const verdict = verdictOn(
    10,
    { release: "1", hour: 12, cents: 10 },
    { release: "2", hour: 12, cents: 10 },
    { release: "1", hour: 13, cents: 90 },
    { release: "2", hour: 14, cents: 10 },
  );
  expect(verdict).toMatchObject({ requests: 100n, controlRequests: 100n, excess: 0n });
});

test("what the compared requests show holds for all of its requests", () => {
  const verdict = verdictOn(
    40,
    { release: "1", hour: 12, cents: 10 },
    { release: "2", hour: 12, cents: 20 },
    { release: "2", hour: 13, cents: 20 },
  );
  expect(verdict.excess).toBe(2000n * cent);
  expect(verdict).toMatchObject({ verdict: "explains", share: 0.5 });
});

test("few requests are no verdict, and features of its own cannot be compared", () => {
  expect(
    verdictOn(10, { release: "1", cents: 10 }, { release: "2", hour: 12, requests: 5, cents: 90 }),
  ).toMatchObject({ verdict: "too-few-requests" });
  expect(
    verdictOn(
      10,
      { release: "1", cents: 10 },
      { release: "2", hour: 12, feature: "new", cents: 90 },
    ),
  ).toMatchObject({ control: "nothing", verdict: "too-few-requests", excess: 0n });
});

test("where the window is not dearer there is nothing to explain", () => {
  const verdict = verdictOn(
    0,
    { release: "1", hour: 12, cents: 10 },
    { release: "2", hour: 12, cents: 20 },
  );
  expect(verdict).toMatchObject({ share: undefined, verdict: "does-not-explain" });
});
