import { rmdirSync } from "node:fs";
import { makeFolder } from "./make-folder.ts";

/** How many work in each folder now. */
const atWork = new Map<string, number>();

/**
 * Runs `act` while `folder` is there, which is made where it is not, and removed by the last who works in it, where it
 * is empty then: one who is done must not remove it under another who has not written anything yet.
 */
export async function inScratch<Result>(
  folder: string,
  act: () => Promise<Result>,
): Promise<Result> {
  atWork.set(folder, (atWork.get(folder) ?? 0) + 1);
  try {
    await makeFolder(folder);
    return await act();
  } finally {
    const others = (atWork.get(folder) ?? 1) - 1;
    if (others > 0) atWork.set(folder, others);
    else leave(folder);
  }
}

/** At once, so that nobody begins meanwhile. */
function leave(folder: string): void {
  atWork.delete(folder);
  try {
    rmdirSync(folder);
  } catch {
    // A copy that is still read lies there.
  }
}
