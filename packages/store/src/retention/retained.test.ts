import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openParts, type Parts } from "../open-store.ts";
import type { Behind } from "../settled-within.ts";
import type { Day } from "./day.ts";
import { readHorizonNote } from "./horizon-note.ts";
import { type Retained, retainedOf } from "./retained.ts";

const day = 20_000 as Day;
let folder = "";
let parts: Parts;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "spancost-retained-"));
  parts = await openParts(join(folder, "test.duckdb"), { journal: true });
  await parts.keeper.current;
});
afterEach(async () => {
  await parts.journaled?.close();
  await parts.keeper.close();
  parts.unlock?.();
  rmSync(folder, { recursive: true, force: true });
});

function retained(behind: Behind | undefined): Retained {
  return retainedOf(parts, { alone: (act) => act(), settled: async () => behind });
}

test("a past that is closed is noted beside the journal before anything is deleted", async () => {
  await retained(undefined).closePast(day);
  expect(parts.horizon.from).toBe(day);
  expect(await readHorizonNote(parts.journalFolder)).toBe(day);
});

test("nothing is deleted while what was acknowledged cannot be worked out", async () => {
  const full = retained({ spans: 3, since: 0 });
  await expect(full.closePast(day)).rejects.toThrow("nothing is archived or deleted");
  await expect(full.settled()).rejects.toThrow("the disk is too full");
  expect(await readHorizonNote(parts.journalFolder)).toBeUndefined();
});
