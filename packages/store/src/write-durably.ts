import { rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder } from "./journal/sync-folder.ts";

/** Writes a small file, which is there whole or as it was before. Durable once it resolves. */
export async function writeDurably(path: string, text: string): Promise<void> {
  await writeFile(`${path}.unfinished`, text, { flush: true });
  await rename(`${path}.unfinished`, path);
  await syncFolder(dirname(path));
}
