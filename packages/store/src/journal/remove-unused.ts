import { readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";

/**
 * Removes the folder of a journal that holds nothing but its lock, which this process has: one that was made beside a
 * file that turned out to be no database of ours.
 */
export async function removeUnused(folder: string): Promise<void> {
  const names = await readdir(folder);
  if (names.some((name) => !name.startsWith("lock"))) return;
  for (const name of names) await rm(join(folder, name), { force: true });
  await rmdir(folder);
}
