import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SpanFacts } from "@spancost/records";
import { Store } from "@spancost/store";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  countOf,
  dateOf,
  daysOf,
  firstDay,
  millisPerDay,
  picoOf,
  recordsOf,
  type Sketch,
  spanOf,
  traceIdOf,
} from "./spans.ts";

let folder = "";
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "spancost-retention-"));
  store = await Store.open(join(folder, "test.duckdb"), { journal: true });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function append(...sketches: readonly Sketch[]) {
  return store.append(sketches.map(spanOf));
}

/** A read sees all that was appended, settled. */
async function settled(): Promise<void> {
  await store.readRows("select 1");
}

/** Runs a policy in days at noon of `day`. */
function expire(day: number, keep: { spans?: number; all?: number }) {
  const millis = (days: number | undefined) =>
    days === undefined ? undefined : days * millisPerDay;
  const policy = {
    keepSpansMillis: millis(keep.spans),
    keepMillis: millis(keep.all),
    maxBytes: undefined,
  };
  return store.retention(policy).run(firstDay + (day + 0.5) * millisPerDay);
}

describe("what is older than it may be", () => {
  test("goes by whole days: spans first, their records later", async () => {
    for (let day = 0; day < 5; day++) {
      await append(
        { trace: day, span: 0, day, at: 1_000, node: "agent" },
        { trace: day, span: 1, parent: 0, day, at: 1_100, cost: 1_000_000_000_001n },
      );
    }
    const report = await expire(5, { spans: 2, all: 4 });
    expect(report.days).toEqual([
      { date: dateOf(0), spans: 2, calls: 1, costUsd: "1.000000000001" },
      { date: dateOf(1), spans: 2, calls: 0, costUsd: undefined },
      { date: dateOf(2), spans: 2, calls: 0, costUsd: undefined },
    ]);
    expect(report).toMatchObject({ spans: 6, calls: 1, warnings: [] });
    expect((await daysOf(store)).map(({ date }) => date)).toEqual([1, 2, 3, 4].map(dateOf));
    expect(await countOf(store, "spans")).toBe(4);
    expect(await countOf(store, "traces")).toBe(4);
    expect(await expire(5, { spans: 2, all: 4 })).toMatchObject({ days: [], spans: 0, calls: 0 });
  });

  test("is no day that is not over", async () => {
    await append({ trace: 0, span: 0, day: 3, at: 0, cost: 1n });
    expect(await expire(4, { spans: 1, all: 1 })).toMatchObject({ spans: 0, calls: 0 });
    expect(await expire(5, { spans: 1, all: 1 })).toMatchObject({ spans: 1, calls: 1 });
  });

  test("is nothing where nothing is said", async () => {
    await append({ trace: 0, span: 0, day: 0, at: 0, cost: 1n });
    expect(await expire(400, {})).toMatchObject({ days: [], spans: 0, calls: 0 });
    expect(await countOf(store, "spans")).toBe(1);
  });

  test("takes the prices of its runs with it, and leaves those of what is kept", async () => {
    await append({ trace: 0, span: 0, day: 0, at: 0, cost: 1n });
    await append({ trace: 1, span: 0, day: 3, at: 0, cost: 1n });
    const order = {
      catalogue: "c",
      catalogueSha256: "s",
      contractId: undefined,
      since: undefined,
      until: undefined,
    };
    const twoDollars = { costUsd: 2_000_000_000_000n, otherCostUsd: 2_000_000_000_000n };
    await store.reprice(order, () => twoDollars as never);
    await store.choosePricingRun(1);
    await expire(5, { spans: 1, all: 4 });
    expect(await countOf(store, "span_prices")).toBe(1);
    expect(await daysOf(store)).toEqual([{ date: dateOf(3), calls: 1, usd: "2.000000000000" }]);
  });

  test("spans cannot be kept longer than the records", () => {
    expect(() => expire(0, { spans: 2, all: 1 })).toThrow(
      "spans cannot be kept longer than cost records",
    );
  });

  test("takes labels with it that no record has any more", async () => {
    await append(
      { trace: 0, span: 0, day: 0, at: 1_000, feature: "both" },
      { trace: 1, span: 1, day: 0, at: 2_000, feature: "old" },
      { trace: 2, span: 2, day: 3, at: 1_000, feature: "both" },
      { trace: 3, span: 3, day: 3, at: 2_000, feature: "new" },
    );
    await settled();
    await expire(4, { all: 2 });
    const { rows } = await store.readRows(`
      select l.feature as kept, r.feature as record
      from label_sets l full join labelled_records r using (label_set) order by kept`);
    expect(rows).toEqual([
      { kept: "both", record: "both" },
      { kept: "new", record: "new" },
    ]);
  });
});

describe("a late span", () => {
  const root = { trace: 0, span: 0, day: 0, at: 1_000, takes: 9_000, node: "agent" } as const;
  const call = { trace: 0, span: 1, parent: 0, day: 0, at: 2_000, cost: 7n } as const;

  beforeEach(async () => {
    await append({ ...root, feature: "search" }, call);
    await append({ ...call, span: 2, at: 3_000, cost: 5n });
  });

  test("of an expired trace changes no record, and is counted", async () => {
    await settled();
    const before = await recordsOf(store);
    await expire(5, { spans: 2 });
    expect(await append(call)).toEqual({ late: 1 });
    expect(await append({ ...call, span: 3, cost: 11n }, { ...call, trace: 1 })).toEqual({
      late: 2,
    });
    expect(await recordsOf(store)).toEqual(before);
    expect(await countOf(store, "spans")).toBe(0);
    expect(await store.status()).toMatchObject({ lateSpans: 3 });
  });

  test("is told from those beside it that are in time", async () => {
    await expire(5, { spans: 2 });
    const inTime = { trace: 7, span: 0, day: 4, at: 0, cost: 1n };
    expect(await append(call, inTime)).toEqual({ late: 1 });
    expect(await countOf(store, "spans")).toBe(1);
  });

  test("stays late when the file is opened again, with or without a journal", async () => {
    await expire(5, { spans: 2 });
    const before = await recordsOf(store);
    const { file } = store;
    const copy = join(folder, "copy.duckdb");
    await store.snapshot(copy);
    await store.close();
    store = await Store.open(file, { journal: true });
    // It takes spans from now on, and opens its database meanwhile.
    expect(await append(call)).toEqual({ late: 1 });
    await store.ready();
    expect(await append(call)).toEqual({ late: 1 });
    const alone = await Store.open(copy);
    expect(await alone.append([spanOf(call)])).toEqual({ late: 1 });
    expect(await recordsOf(alone)).toEqual(before);
    await alone.close();
  });

  test("of today in an expired trace becomes a record beside those that are kept", async () => {
    const before = await recordsOf(store);
    await expire(5, { spans: 2 });
    await append({ ...call, day: 4, span: 5, cost: 13n });
    await append({ ...call, day: 4, at: 2_500, span: 6, cost: 17n });
    const records = await recordsOf(store);
    expect(records.slice(0, before.length)).toEqual(before);
    expect(records.slice(before.length)).toMatchObject([{ feature: null }, { feature: null }]);
    // Asked for by its id, it is looked for between its first and its last span.
    const sql = `select sum(cost_usd) as usd from cost_records where trace_id = '${traceIdOf(0)}'`;
    const [total] = (await store.readRows(sql)).rows;
    expect(picoOf(String(total?.["usd"]))).toBe(7n + 5n + 13n + 17n);
  });
});

describe("a trace that goes on over midnight", () => {
  const root = { trace: 0, span: 0, day: 2, at: 23 * 3_600_000, takes: 7_200_000 } as const;
  const agent = { ...root, node: "agent", feature: "search" } as const;
  const inDay = (day: number, at: number, span: number, cost: bigint): Sketch => ({
    trace: 0,
    span,
    parent: 0,
    day,
    at,
    cost,
  });

  test("stays whole until all of it is old, so that its last calls know where they belong", async () => {
    await append(agent, inDay(2, 23.5 * 3_600_000, 1, 3n));
    await append({ trace: 1, span: 0, day: 2, at: 5_000, cost: 2n });
    await settled();
    expect(await expire(4, { spans: 1 })).toMatchObject({ spans: 1 });
    expect(await countOf(store, "spans")).toBe(2);
    await append(inDay(3, 600_000, 2, 5n));
    expect(await recordsOf(store, `trace_id = '${traceIdOf(0)}'`)).toMatchObject([
      { feature: "search", loop_iteration: 1 },
      { feature: "search", loop_iteration: 2 },
    ]);
    expect(await expire(5, { spans: 1 })).toMatchObject({ spans: 3 });
    expect((await daysOf(store)).map(({ usd }) => picoOf(usd))).toEqual([5n, 5n]);
  });

  test("counts a call once that two spans tell of, one on each side of it", async () => {
    const outer = { ...inDay(2, 86_399_000, 1, 9n), takes: 10_000, emitter: "a" };
    const inner = { ...inDay(3, 1_000, 2, 9n), parent: 1, takes: 5_000, emitter: "b" };
    await append(outer);
    await settled();
    await expire(4, { spans: 1 });
    await append(inner);
    const [total] = (await store.readRows("select sum(cost_usd) as usd from cost_records")).rows;
    expect(picoOf(String(total?.["usd"]))).toBe(9n);
  });

  test("does not bring back records that were deleted", async () => {
    await append(agent, inDay(2, 23.5 * 3_600_000, 1, 3n), inDay(3, 600_000, 2, 5n));
    await settled();
    expect(await expire(4, { spans: 1, all: 1 })).toMatchObject({ spans: 0, calls: 1 });
    await append(inDay(3, 700_000, 3, 7n));
    expect(await daysOf(store)).toEqual([{ date: dateOf(3), calls: 2, usd: "0.000000000012" }]);
  });

  test("does not take along records of another one whose spans are gone", async () => {
    const other = { trace: 1, span: 0, day: 2, at: 23.2 * 3_600_000, cost: 2n };
    await append(agent, other);
    await append(inDay(3, 600_000, 1, 5n));
    await settled();
    await expire(4, { spans: 1 });
    for (const at of [800_000, 900_000]) {
      // In the turn of the trace that goes on, whose time the expired records lie in.
      await append(inDay(3, at, at, 1n), { ...other, day: 3, at, span: at, cost: 1n });
      await settled();
    }
    expect((await daysOf(store)).map(({ usd }) => picoOf(usd))).toEqual([2n, 9n]);
  });

  test("is kept while it has spans that nobody has settled", async () => {
    await append(agent, inDay(2, 23.5 * 3_600_000, 1, 3n));
    await settled();
    const spans = await countOf(store, "span_facts");
    await append(inDay(5, 0, 2, 5n));
    await expire(5, { spans: 1 });
    expect(await countOf(store, "span_facts")).toBe(spans + 1);
  });
});

const microsOfDay = fc.integer({ min: 0, max: millisPerDay - 1 });
const traces = fc.array(
  fc.record({
    day: fc.integer({ min: 0, max: 6 }),
    at: microsOfDay,
    calls: fc.array(
      fc.record({
        after: fc.integer({ min: 0, max: 2 * millisPerDay }),
        cost: fc.option(fc.bigInt({ min: 0n, max: 10n ** 15n }), { nil: undefined }),
      }),
      { minLength: 1, maxLength: 5 },
    ),
  }),
  { minLength: 1, maxLength: 25 },
);

test("what was there is what is left and what is told to be deleted, to the last digit", async () => {
  let nth = 0;
  await fc.assert(
    fc.asyncProperty(
      traces,
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 0, max: 4 }),
      async (drafts, spansKept, longer) => {
        const own = await Store.open(join(folder, `property-${nth++}.duckdb`), { journal: true });
        try {
          await checkExpiry(own, drafts.flatMap(spansOfDraft), spansKept, spansKept + longer);
        } finally {
          await own.close({ drain: false });
        }
      },
    ),
    { numRuns: 12 },
  );
}, 120_000);

type Draft = typeof traces extends fc.Arbitrary<readonly (infer D)[]> ? D : never;

function spansOfDraft({ day, at, calls }: Draft, trace: number): SpanFacts[] {
  const root: Sketch = { trace, span: 0, day, at, node: "agent", feature: `f${trace % 3}` };
  return [
    spanOf(root),
    ...calls.map(({ after, cost }, index) =>
      spanOf({
        trace,
        span: index + 1,
        parent: 0,
        day,
        at: at + after,
        ...(cost === undefined ? {} : { cost }),
      }),
    ),
  ];
}

async function checkExpiry(
  own: Store,
  spans: readonly SpanFacts[],
  spansKept: number,
  kept: number,
): Promise<void> {
  await own.append(spans);
  const records = await recordsOf(own);
  const before = new Map((await daysOf(own)).map((each) => [each.date, each]));
  const today = 9;
  const report = await own
    .retention({
      keepSpansMillis: spansKept * millisPerDay,
      keepMillis: kept * millisPerDay,
      maxBytes: undefined,
    })
    .run(firstDay + today * millisPerDay);
  const after = new Map((await daysOf(own)).map((each) => [each.date, each]));
  for (const [date, { calls, usd }] of before) {
    const gone = report.days.find((each) => each.date === date);
    const left = after.get(date);
    expect((gone?.calls ?? 0) + (left?.calls ?? 0)).toBe(calls);
    expect(picoOf(gone?.costUsd ?? "0") + picoOf(left?.usd ?? "0")).toBe(picoOf(usd));
  }
  const recordsFrom = dateOf(today - kept);
  expect(await recordsOf(own)).toEqual(
    records.filter(
      (record) => String((record as { started_at: string }).started_at) >= recordsFrom,
    ),
  );
  // All of it comes again, as after a reconnect: what is kept stays as it is.
  const left = await recordsOf(own);
  await own.append(spans);
  expect(await recordsOf(own)).toEqual(left);
}
