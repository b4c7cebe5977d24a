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

/** When a process is killed: so long after its nth snapshot, for how long one takes depends on what else runs. */
const kills = [
  { after: 1, ms: 0 },
  { after: 1, ms: 90 },
  { after: 1, ms: 180 },
  { after: 1, ms: 300 },
  { after: 2, ms: 0 },
  { after: 2, ms: 90 },
  { after: 2, ms: 300 },
  { after: 3, ms: 180 },
] as const;

/** Kills a process that appends and takes snapshots. @returns how many spans were acknowledged */
async function appendAndKill(
  file: string,
  first: number,
  round: number,
  { after, ms }: (typeof kills)[number],
): Promise<number> {
  const script = new URL("./append-in-child.ts", import.meta.url);
  const said = await killAfter(script, [file, first, size, round], `snapshot ${after}\n`, ms);
  const told = [...said.matchAll(/^acknowledged (\d+)$/gm)].map(([, count]) => Number(count));
  return told.at(-1) ?? first;
}

test("a process that is killed while its file is copied has lost nothing, nor has what is made anew from the copies", async () => {
  const file = join(folder, "test.duckdb");
  let stored = 0;
  for (const [round, kill] of kills.entries()) {
    const acknowledged = await appendAndKill(file, stored, round, kill);
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
    expect([acknowledged, acknowledged + size]).toContain(calls);
    expect(warnings.some((each) => each.includes("made anew from the snapshot"))).toBe(isDestroyed);
    stored = calls;
  }
}, 180_000);
