import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SpanFacts } from "@spancost/records";
import { Store } from "@spancost/store";
import { expect, test, vi } from "vitest";
import { keepSnapshots } from "./keep-snapshots.ts";

const hour = 3_600_000;

test("an hour after spans came a snapshot is made, and the log tells of it once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "spancost-keeping-"));
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const file = join(folder, "test.duckdb");
  const store = await Store.open(file, { journal: true });
  const events: unknown[] = [];
  const log = {
    info: (event: string, _: string, facts?: object) => void events.push([event, facts]),
    failure: (event: string, error: unknown) => void events.push([event, error]),
  };
  let now = Date.UTC(2026, 10, 21, 12);
  const keeping = keepSnapshots(store, () => now, log);
  try {
    await store.append([span]);
    await store.caughtUp();
    vi.advanceTimersByTime(60_000);
    now += 2 * hour;
    vi.advanceTimersByTime(60_000);
    await expect.poll(() => events.length, { timeout: 20_000 }).toBe(1);
    vi.advanceTimersByTime(60_000);
    const snapshot = join(`${file}.snapshots`, "2026-11-21T14-00-00Z.duckdb");
    const facts = { file: snapshot, spans: 1, calls: 1, cost_usd: "1.000000000001" };
    expect(events).toEqual([["snapshot.made", facts]]);
    expect(readdirSync(`${file}.snapshots`)).toHaveLength(2);
  } finally {
    keeping.stop();
    vi.useRealTimers();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 30_000);

const span = {
  traceId: "1".padStart(32, "0"),
  spanId: "1".padStart(16, "0"),
  startedAt: 1_763_500_000_000_000,
  endedAt: 1_763_500_001_500_000,
  name: "chat",
  node: "call",
  kind: 3,
  failed: false,
  modelRequest: false,
  servedFromCache: false,
  usageQuality: "measured",
  otherCostUsd: 1_000_000_000_001n,
} as unknown as SpanFacts;
