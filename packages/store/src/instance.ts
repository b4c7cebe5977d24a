import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { ForeignDatabaseError, isForeign } from "./foreign-database.ts";
import { isLockConflict } from "./journal/lock.ts";
import { quoted } from "./sql-text.ts";
import { StoreInUseError } from "./store-in-use.ts";

/**
 * Of the files that are written: DuckDB 1.4 and newer can read them.
 *
 * From this version on a log says to which state of the file it belongs. A log of before, which a power loss can bring
 * back, is refused then; earlier versions would take its rows in a second time. Texts take less room too.
 * https://duckdb.org/docs/stable/internals/storage
 */
const storageVersion = "v1.4.0";

/**
 * Opens or creates a database file. One of an older storage version is raised to this one.
 *
 * @throws StoreInUseError, ForeignDatabaseError, or DuckDB's own error
 */
export async function openInstance(file: string): Promise<DuckDBInstance> {
  const instance = await createInstance(file);
  if (file === ":memory:") return instance;
  const found = await lookInto(instance);
  if (found.isForeign) {
    instance.closeSync();
    throw new ForeignDatabaseError(file);
  }
  if (found.isCurrent) return instance;
  instance.closeSync();
  // Where it fails, as on a full disk, the file stays as it was until it is opened the next time.
  await raise(file).catch(() => undefined);
  return createInstance(file);
}

async function createInstance(file: string): Promise<DuckDBInstance> {
  try {
    // For what is made new.
    return await DuckDBInstance.create(file, { storage_compatibility_version: storageVersion });
  } catch (error) {
    if (isLockConflict(error)) throw new StoreInUseError(file);
    throw error;
  }
}

async function lookInto(instance: DuckDBInstance) {
  const connection = await instance.connect();
  try {
    return { isForeign: await isForeign(connection), isCurrent: await isCurrent(connection) };
  } finally {
    connection.closeSync();
  }
}

async function isCurrent(connection: DuckDBConnection): Promise<boolean> {
  const reader = await connection.runAndReadAll(
    "select tags['storage_version'] from duckdb_databases() where database_name = current_database()",
  );
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(String(reader.getRows()[0]?.[0])) ?? [];
  return Number(major) > 1 || Number(minor) >= 4;
}

/** A file's version is only raised where it is attached with another and something was done to it. */
async function raise(file: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    await connection.run(`attach ${quoted(file)} as raised (storage_version '${storageVersion}')`);
    // In one transaction: nothing is left of it, wherever it is cut off.
    await connection.run("begin transaction");
    await connection.run("create table raised.raising (nothing boolean)");
    await connection.run("drop table raised.raising");
    await connection.run("commit");
    await connection.run("checkpoint raised");
    await connection.run("detach raised");
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
