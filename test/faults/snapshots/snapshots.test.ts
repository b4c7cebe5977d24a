import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Store } from "@spancost/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { killAfter } from "../killed-child.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "spancost-snapshots-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const size = 500;

interface Killed {
  readonly acknowledged: number;
  readonly snapshots: number;
}

/** Kills a process that appends and takes snapshots, so long after its first snapshot. */
async function appendAndKill(
  file: string,
  first: number,
  round: number,
  ms: number,
): Promise<Killed> {
  const script = new URL("./append-in-child.ts", import.meta.url);
  const said = await killAfter(script, [file, first, size, round], "snapshot ", ms);
  const told = [...said.matchAll(/^acknowledged (\d+)$/gm)].map(([, count]) => Number(count));
  return {
    acknowledged: told.at(-1) ?? first,
    snapshots: [...said.matchAll(/^snapshot \d+$/gm)].length,
  };
}

test("a process that is killed while its file is copied has lost nothing, nor has what is made anew from the copies", async () => {
  const file = join(folder, "test.duckdb");
  let stored = 0;
  let snapshots = 0;
  for (const [round, ms] of [0, 90, 180, 300, 450, 700, 1_000, 1_400].entries()) {
    const killed = await appendAndKill(file, stored, round, ms);
    snapshots += killed.snapshots;
    const isDestroyed = round % 2 === 1;
    // What is left then is the newest snapshot, and the journal since the one before it.
    if (isDestroyed) writeFileSync(file, "this was a database");
    const warnings: string[] = [];
    const store = await Store.open(file, {
      journal: true,
      warn: (sentence) => warnings.push(sentence),
    });
    const { rows } = await store.readRows(`
      select count(*)::integer as calls, count(distinct trace_id)::integer as traces,
          sum(cost_usd) = count(*) * 0.000000000003 as is_exact
      from cost_records`);
    await store.close();
    const calls = Number(rows[0]?.["calls"]);
    expect(rows[0]).toMatchObject({ traces: calls, is_exact: true });
    // The batch that was under way is there as a whole or not at all.
    expect([killed.acknowledged, killed.acknowledged + size]).toContain(calls);
    expect(warnings.some((each) => each.includes("made anew from the snapshot"))).toBe(isDestroyed);
    stored = calls;
  }
  expect(snapshots).toBeGreaterThan(8);
}, 180_000);
