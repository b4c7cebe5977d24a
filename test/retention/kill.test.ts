import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Store } from "@spancost/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { killAfter } from "../faults/killed-child.ts";
import { countOf, dateOf, daysOf, firstDay, millisPerDay, spanOf } from "./spans.ts";

let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "spancost-killed-"));
  const store = await Store.open(join(folder, "whole.duckdb"), { journal: true });
  for (let day = 0; day < days; day++) {
    await store.append(
      Array.from({ length: perDay }, (_, nth) => ({
        ...spanOf({ trace: day * perDay + nth, span: nth, day, at: nth * 80_000, cost: 3n }),
        responseId: createHash("sha256").update(`${day} ${nth}`).digest("base64"),
      })),
    );
  }
  await store.readRows("select 1");
  await store.close();
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const days = 20;
const perDay = 1_000;
const now = firstDay + (days - 0.5) * millisPerDay;

/** Kills a run so long after it began, or lets it end. */
async function runAndKill(file: string, afterMs: number): Promise<"killed" | "ended"> {
  const script = new URL("./run-in-child.ts", import.meta.url);
  const args = [file, now, 8 * millisPerDay, 14 * millisPerDay];
  const said = await killAfter(script, args, "ready", afterMs);
  return said.includes("done") ? "ended" : "killed";
}

test("a run that is killed anywhere leaves whole days, which are there or gone", async () => {
  const outcomes: string[] = [];
  for (const afterMs of [0, 60, 120, 200, 300, 450, 600, 800, 1_100, 1_500, 2_000, 20_000]) {
    const name = `killed-${afterMs}.duckdb`;
    for (const each of readdirSync(folder).filter((found) => found.startsWith("whole"))) {
      const copy = join(folder, each.replace("whole.duckdb", name));
      cpSync(join(folder, each), copy, { recursive: true });
    }
    const file = join(folder, name);
    outcomes.push(await runAndKill(file, afterMs));
    const warnings: string[] = [];
    const store = await Store.open(file, { warn: (sentence) => warnings.push(sentence) });
    const left = await daysOf(store);
    const dates = Array.from({ length: days }, (_, day) => dateOf(day));
    // Days go in order, oldest first.
    expect(left.map(({ date }) => date)).toEqual(dates.slice(days - left.length));
    expect(new Set(left.map(({ calls }) => calls))).toEqual(new Set([perDay]));
    expect(new Set(left.map(({ usd }) => usd))).toEqual(new Set(["0.000000003000"]));
    const spans = await countOf(store, "spans");
    expect(spans % perDay).toBe(0);
    expect(await countOf(store, "traces")).toBe(left.length * perDay);
    expect(warnings).toEqual([]);
    await store.close();
    for (const each of readdirSync(folder).filter((found) => found.startsWith(name))) {
      rmSync(join(folder, each), { recursive: true });
    }
  }
  expect(new Set(outcomes)).toEqual(new Set(["killed", "ended"]));
}, 240_000);
