import { copyFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { inScratch } from "./scratch.ts";
import { quoted, quotedName } from "./sql-text.ts";

let snapshots = 0;

/**
 * Copies the database of `connection` into `outFile`, in one transaction's view of it.
 *
 * Written into the folder `scratch` first and then moved, so that `outFile` is there whole or not at all.
 */
export async function writeSnapshot(
  connection: DuckDBConnection,
  scratch: string,
  outFile: string,
): Promise<void> {
  snapshots += 1;
  const name = `snapshot_${process.pid}_${snapshots}`;
  const unfinished = join(scratch, `${name}.duckdb`);
  await inScratch(scratch, async () => {
    try {
      await copyTo(connection, unfinished, name);
      await move(unfinished, outFile);
    } finally {
      await rm(unfinished, { force: true });
    }
  });
}

async function copyTo(connection: DuckDBConnection, file: string, name: string): Promise<void> {
  const current = await connection.runAndReadAll("select current_database()");
  const source = quotedName(String(current.getRows()[0]?.[0]));
  await connection.run(`attach ${quoted(file)} as ${name}`);
  try {
    await connection.run(`copy from database ${source} to ${name}`);
    // Detaching may leave all of it in a log beside the file, and only the file is moved.
    await connection.run(`checkpoint ${name}`);
  } finally {
    await connection.run(`detach ${name}`);
  }
}

/** Moves a file, also to another disk. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    await copyFile(from, to);
  }
}
