import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder, and those above it that are not there. One that is there is left as it is.
 *
 * Node's own `recursive` never ends where a system refuses to make a folder in one that is there by saying that it is
 * not, as Linux does under /proc.
 *
 * @throws the system's error
 */
export async function makeFolder(folder: string): Promise<void> {
  const path = resolve(folder);
  try {
    await mkdir(path);
  } catch (error) {
    if (await isFolder(path)) return;
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    const above = dirname(path);
    // It may be there by now: another makes the same folder at the same time.
    if (!(await isFolder(above))) await makeFolder(above);
    await mkdir(path).catch(async (again: unknown) => {
      if (!(await isFolder(path))) throw again;
    });
  }
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
