import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeDurably } from "../write-durably.ts";
import type { Day } from "./day.ts";

function pathIn(journalFolder: string): string {
  return join(journalFolder, "horizon.json");
}

/**
 * From which day on spans are kept, as known without the database: that is opened after the first spans are taken, and would
 * not keep earlier ones. `undefined` where all are, or it was never noted.
 */
export async function readHorizonNote(journalFolder: string): Promise<Day | undefined> {
  try {
    const { spansFrom } = JSON.parse(await readFile(pathIn(journalFolder), "utf8"));
    return Number.isSafeInteger(spansFrom) ? (spansFrom as Day) : undefined;
  } catch {
    // Not there yet, or not readable: the database has it.
    return undefined;
  }
}

/** Durable once it resolves: before what is before that day is deleted. */
export async function writeHorizonNote(
  journalFolder: string,
  spansFrom: Day | undefined,
): Promise<void> {
  await writeDurably(pathIn(journalFolder), JSON.stringify({ spansFrom }));
}
