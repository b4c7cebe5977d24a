import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { StoredContract } from "./contracts.ts";
import { writeDurably } from "./write-durably.ts";

/** The newest contract as it stands beside the journal: `contract` is absent where none was ever loaded. */
export interface ContractNote {
  readonly contract?: StoredContract;
}

function pathIn(journalFolder: string): string {
  return join(journalFolder, "contract.json");
}

/**
 * The contract that prices what arrives, as known without the database: that may have to be mended first, and
 * spans are priced before they are put into the journal.
 */
export async function readContractNote(journalFolder: string): Promise<ContractNote | undefined> {
  try {
    return JSON.parse(await readFile(pathIn(journalFolder), "utf8")) as ContractNote;
  } catch {
    // Not there yet, or not readable: the database has it.
    return undefined;
  }
}

/** Durable once it resolves. */
export async function writeContractNote(journalFolder: string, note: ContractNote): Promise<void> {
  await writeDurably(pathIn(journalFolder), JSON.stringify(note));
}
