import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Store } from "@spancost/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dateOf, daysOf, firstDay, millisPerDay, picoOf, spanOf } from "./spans.ts";

let folder = "";
let store: Store;
const warnings: string[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "spancost-load-"));
  store = await Store.open(join(folder, "test.duckdb"), {
    journal: true,
    warn: (sentence) => warnings.push(sentence),
  });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const perBatch = 100;
const rounds = 6;

test("under load, and with a run each second, all that was acknowledged is there or told to be deleted", async () => {
  let today = 0;
  let trace = 0;
  let done = false;
  const acknowledged = new Map<string, bigint>();
  let late = 0;

  /** Sends spans of today and of the days before, and writes down what was acknowledged. */
  async function send(sender: number): Promise<void> {
    for (let nth = 0; !done; nth++) {
      const day = today - ((nth + sender) % 4);
      if (day < 0) continue;
      const spans = Array.from({ length: perBatch }, (_, index) =>
        spanOf({ trace: trace++, span: index, day, at: index * 800_000, cost: BigInt(index + 1) }),
      );
      const answer = await store.append(spans);
      late += answer.late;
      // A batch is of one day: all of it is late, or none.
      expect([0, perBatch]).toContain(answer.late);
      if (answer.late > 0) continue;
      const sum = spans.reduce((total, { costUsd }) => total + (costUsd ?? 0n), 0n);
      acknowledged.set(dateOf(day), (acknowledged.get(dateOf(day)) ?? 0n) + sum);
      await delay(100);
    }
  }

  const senders = [0, 1, 2].map(send);
  const asking = (async () => {
    while (!done) {
      await daysOf(store);
      await delay(200);
    }
  })();
  const retention = store.retention({
    keepMillis: 3 * millisPerDay,
    keepSpansMillis: 2 * millisPerDay,
    maxBytes: 3_500_000,
  });
  const deleted = new Map<string, bigint>();
  let compactions = 0;
  for (; today < rounds; today++) {
    await delay(1_000);
    const report = await retention.run(firstDay + (today + 0.5) * millisPerDay);
    compactions += report.compacted ? 1 : 0;
    for (const { date, costUsd } of report.days) {
      deleted.set(date, (deleted.get(date) ?? 0n) + picoOf(costUsd ?? "0"));
    }
  }
  done = true;
  await Promise.all([...senders, asking]);

  const stored = new Map((await daysOf(store)).map(({ date, usd }) => [date, picoOf(usd)]));
  for (const [date, sum] of acknowledged) {
    expect([date, (stored.get(date) ?? 0n) + (deleted.get(date) ?? 0n)]).toEqual([date, sum]);
  }
  expect([...stored.keys()].filter((date) => !acknowledged.has(date))).toEqual([]);
  expect(acknowledged.size).toBe(rounds + (acknowledged.has(dateOf(rounds)) ? 1 : 0));
  expect(late).toBeGreaterThan(0);
  expect(compactions).toBeGreaterThan(0);
  expect(warnings.filter((sentence) => !sentence.includes("only the last day"))).toEqual([]);
}, 120_000);
