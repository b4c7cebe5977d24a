import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Store } from "@spancost/store";
import { expect, test } from "vitest";
import { countOf, dateOf, firstDay, millisPerDay, spanOf } from "./spans.ts";

const perBatch = 40;

test("no answer lacks what was acknowledged before, while the file is exchanged for a smaller one", async () => {
  const folder = mkdtempSync(join(tmpdir(), "spancost-asking-"));
  const store = await Store.open(join(folder, "test.duckdb"), { journal: true });
  try {
    let trace = 0;
    const batch = (day: number, size: number) =>
      Array.from({ length: size }, () => {
        trace += 1;
        return spanOf({ trace, span: trace, day, at: trace % 80_000_000, cost: 1n });
      });
    let exchanges = 0;
    for (let day = 0; day < 4; day++) {
      await store.append(batch(day, 30_000));
      await countOf(store, "cost_records");
      let kept = 0;
      let done = false;
      const policy = { keepMillis: millisPerDay, keepSpansMillis: undefined, maxBytes: 1 };
      const now = firstDay + (day + 2.5) * millisPerDay;
      const running = store
        .retention(policy)
        .run(now)
        .finally(() => {
          done = true;
        });
      const today = `started_at >= '${dateOf(day + 1)}'`;
      while (!done) {
        await store.append(batch(day + 1, perBatch));
        kept += perBatch;
        expect(await countOf(store, "cost_records", today)).toBe(kept);
      }
      exchanges += (await running).compacted ? 1 : 0;
    }
    expect(exchanges).toBeGreaterThan(0);
  } finally {
    await store.close({ drain: false });
    rmSync(folder, { recursive: true, force: true });
  }
}, 180_000);
