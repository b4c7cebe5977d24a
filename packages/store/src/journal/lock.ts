import { rm } from "node:fs/promises";
import { DuckDBInstance } from "@duckdb/node-api";

/** Lets go of what was locked. */
export type Unlock = () => void;

/**
 * Locks `file` against all other processes until it is let go or this process ends, however it ends.
 *
 * Node has no file locks. DuckDB has, on every system that it runs on: an empty database of its own stands for
 * the lock. It is held long before the database proper is open, which may have to be mended first.
 *
 * @returns `undefined` where another process has it
 */
export async function lockFile(file: string): Promise<Unlock | undefined> {
  try {
    return await locked(file);
  } catch (error) {
    if (isLockConflict(error)) return undefined;
    // Damaged, as after a loss of power: nothing is in it, and nobody has it.
    await rm(file, { force: true });
    await rm(`${file}.wal`, { force: true });
    return locked(file);
  }
}

async function locked(file: string): Promise<Unlock> {
  const instance = await DuckDBInstance.create(file, { threads: "1", memory_limit: "8MB" });
  return () => instance.closeSync();
}

/** Whether DuckDB could not open a file because another process has it. */
export function isLockConflict(error: unknown): boolean {
  return String(error).includes("Could not set lock on file");
}
