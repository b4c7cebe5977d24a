import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { childEntry, childEnvironment } from "./child-entry.ts";
import type { Contents } from "./contents.ts";

/**
 * Reads every column of every table of a copy, and puts its log into it: what it holds.
 *
 * In a process of its own (`read-back-child.ts`), which takes neither this one's memory nor its time, and can be ended.
 *
 * @throws where it cannot be read; the signal's reason
 */
export async function readBack(file: string, signal?: AbortSignal): Promise<Contents> {
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [childEntry("read-back-child", import.meta.url), file],
      { env: childEnvironment(), killSignal: "SIGKILL", ...(signal && { signal }) },
    );
    return JSON.parse(stdout) as Contents;
  } catch (error) {
    signal?.throwIfAborted();
    const said = (error as { readonly stderr?: string }).stderr?.trim() || String(error);
    throw new Error(`the snapshot cannot be read back: ${said}`, { cause: new Error(said) });
  }
}
