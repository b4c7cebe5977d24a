import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Store } from "@spancost/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { countOf, dateOf, daysOf, firstDay, millisPerDay, picoOf, spanOf } from "./spans.ts";

let folder = "";
let file = "";
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "spancost-space-"));
  file = join(folder, "test.duckdb");
  store = await Store.open(file, { journal: true });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const days = 10;
const perDay = 10_000;

/** Ten days of calls, each a trace of its own, with ids that cannot be compressed. */
async function fill(): Promise<void> {
  for (let day = 0; day < days; day++) {
    const spans = Array.from({ length: perDay }, (_, nth) => ({
      ...spanOf({ trace: day * perDay + nth, span: nth, day, at: nth * 7_000, cost: 1_000_001n }),
      responseId: randomId(`response ${day} ${nth}`),
      conversationId: randomId(`conversation ${day} ${nth}`),
    }));
    await store.append(spans);
  }
  await store.readRows("select 1");
}

function randomId(of: string): string {
  return createHash("sha256").update(of).digest("base64");
}

const noon = (day: number) => firstDay + (day + 0.5) * millisPerDay;

test("space comes back: of a file of which six tenths are deleted, more than half is gone", async () => {
  await fill();
  const keepMillis = 3 * millisPerDay;
  const report = await store
    .retention({ keepMillis, keepSpansMillis: undefined, maxBytes: undefined })
    .run(noon(days - 1));
  expect(report).toMatchObject({ compacted: true, warnings: [], calls: 6 * perDay });
  expect(report.bytesAfter).toBeLessThanOrEqual(report.bytesBefore / 2);
  expect(report.bytesAfter).toBe(statSync(file).size);
  expect((await daysOf(store)).map(({ date, calls }) => [date, calls])).toEqual(
    [6, 7, 8, 9].map((day) => [dateOf(day), perDay]),
  );
  expect(await countOf(store, "spans")).toBe(4 * perDay);
}, 120_000);

test("a file that is too large loses its oldest spans, then its oldest records, and then fits", async () => {
  await fill();
  const run = (maxBytes: number) =>
    store
      .retention({ keepMillis: undefined, keepSpansMillis: undefined, maxBytes })
      .run(noon(days - 1));
  const full = (await run(1e12)).bytesAfter;
  expect(await countOf(store, "spans")).toBe(days * perDay);

  const some = await run(0.75 * full);
  expect(some).toMatchObject({ warnings: [], calls: 0, compacted: true });
  expect(some.bytesAfter).toBeLessThanOrEqual(0.75 * full);
  expect(await countOf(store, "calls")).toBe(days * perDay);
  const [oldest] = (await store.readRows("select min(started_at)::date::varchar as d from spans"))
    .rows;
  expect(oldest?.["d"]).toBe(dateOf(some.days.length));

  const most = await run(0.4 * full);
  expect(most).toMatchObject({ warnings: [], compacted: true });
  expect(most.bytesAfter).toBeLessThanOrEqual(0.4 * full);
  expect(most.calls).toBeGreaterThan(0);
  const left = await daysOf(store);
  const gone = most.days.reduce((sum, { costUsd }) => sum + picoOf(costUsd ?? "0"), 0n);
  const kept = left.reduce((sum, { usd }) => sum + picoOf(usd), 0n);
  expect(gone + kept).toBe(BigInt(days * perDay) * 1_000_001n);

  const least = await run(1);
  expect(least.warnings[0]).toMatch(
    /^the database takes [\d.]+ MB and may take 0.0 MB: only the last day is left, which is never deleted/,
  );
  expect((await daysOf(store)).map(({ date }) => date)).toEqual([dateOf(8), dateOf(9)]);
}, 180_000);
