import { copyFile, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { copyInChild } from "./child-copy.ts";
import { syncFile } from "./journal/sync-file.ts";
import { syncFolder } from "./journal/sync-folder.ts";
import { makeFolder } from "./make-folder.ts";

/** How much a database holds: what a copy of it is compared by. */
export interface Contents {
  readonly spans: number;
  readonly calls: number;
  /** Sum of all costs, exact. */
  readonly costUsd: string;
  /** Of each segment of the journal, up to which byte it is in the database, and whether that is all. */
  readonly applied: readonly AppliedSegment[];
}

export interface AppliedSegment {
  readonly segment: string;
  readonly bytes: number;
  readonly complete: boolean;
}

/** A copy of the database that was read back whole. */
export interface Snapshot extends Contents {
  readonly file: string;
  /** RFC 3339. */
  readonly madeAt: string;
}

/** What `connection` can see of its database. */
export async function contentsOf(connection: DuckDBConnection): Promise<Contents> {
  const counts = await connection.runAndReadAll(`
    select
        (select count(*) from span_facts)::integer,
        (select count(*) from calls)::integer,
        (select coalesce(sum(cost_usd), 0)::varchar from calls)`);
  const [spans, calls, costUsd] = counts.getRows()[0] ?? [];
  return {
    spans: Number(spans),
    calls: Number(calls),
    costUsd: String(costUsd),
    applied: await appliedOf(connection),
  };
}

/** How far the journal is in the database of `connection`. */
export async function appliedOf(connection: DuckDBConnection): Promise<AppliedSegment[]> {
  const reader = await connection.runAndReadAll(
    "select segment, bytes, complete from journal_applied order by segment",
  );
  return reader.getRows().map(([segment, bytes, complete]) => ({
    segment: String(segment),
    bytes: Number(bytes),
    complete: complete === true,
  }));
}

/** Snapshots kept; older ones go. More than one, for what holds it may fail too. */
const kept = 2;

/** The folder in which verified copies of a database stand, `FILE.snapshots`. */
export class Snapshots {
  readonly folder: string;

  constructor(databaseFile: string) {
    this.folder = `${databaseFile}.snapshots`;
  }

  /** Those that are whole, newest first. */
  async list(): Promise<Snapshot[]> {
    const names: string[] = await readdir(this.folder).catch(() => []);
    const snapshots = await Promise.all(
      names
        .filter((name) => name.endsWith(".json"))
        .sort()
        .reverse()
        .map((name) => this.#read(name)),
    );
    return snapshots.filter((snapshot) => snapshot !== undefined);
  }

  async #read(name: string): Promise<Snapshot | undefined> {
    try {
      const note = JSON.parse(await readFile(join(this.folder, name), "utf8")) as Snapshot;
      const file = join(this.folder, name.replace(/\.json$/, ".duckdb"));
      await stat(file);
      return { ...note, file };
    } catch {
      // A note without its file, or a torn one: no snapshot.
      return undefined;
    }
  }

  /**
   * Keeps a copy of a database that nobody writes to meanwhile, once it was read back and holds `contents`.
   *
   * @throws where the copy does not hold what it should
   */
  async take(databaseFile: string, contents: Contents, madeAt: Date): Promise<Snapshot> {
    await makeFolder(this.folder);
    const name = madeAt.toISOString().replaceAll(":", "-").replace(/\.\d+/, "");
    const file = join(this.folder, `${name}.duckdb`);
    const unfinished = join(this.folder, "unfinished.duckdb");
    await this.#removeUnfinished();
    await copyInChild([
      [databaseFile, unfinished],
      [`${databaseFile}.wal`, `${unfinished}.wal`],
    ]);
    await verify(unfinished, contents);
    await rename(unfinished, file);
    const note = { madeAt: madeAt.toISOString(), ...contents };
    await writeDurably(join(this.folder, `${name}.json`), JSON.stringify(note));
    await syncFolder(this.folder);
    await this.#removeOld();
    return { ...note, file };
  }

  /** Puts a snapshot in the place of the database, which is not open and not there. */
  async restore(snapshot: Snapshot, databaseFile: string): Promise<void> {
    const unfinished = `${databaseFile}.restoring`;
    await copyFile(snapshot.file, unfinished);
    await syncFile(unfinished);
    await rename(unfinished, databaseFile);
    await syncFolder(join(databaseFile, ".."));
  }

  async #removeOld(): Promise<void> {
    for (const { file } of (await this.list()).slice(kept)) {
      // The note first: without it nobody takes the file for a snapshot.
      await rm(file.replace(/\.duckdb$/, ".json"), { force: true });
      await rm(file, { force: true });
    }
  }

  async #removeUnfinished(): Promise<void> {
    for (const name of await readdir(this.folder)) {
      if (name.startsWith("unfinished")) await rm(join(this.folder, name), { force: true });
    }
  }
}

/** Opens a copy, puts its log into it, reads every column of every table, and compares. */
async function verify(file: string, wanted: Contents): Promise<void> {
  const instance = await DuckDBInstance.create(file, { threads: "1", memory_limit: "128MB" });
  const connection = await instance.connect();
  try {
    await connection.run("checkpoint");
    const tables = await connection.runAndReadAll(
      "select table_name from duckdb_tables() where not temporary and not internal",
    );
    for (const [table] of tables.getRows()) {
      await connection.run(`select max(hash(t)) from "${String(table)}" t`);
    }
    const found = await contentsOf(connection);
    if (JSON.stringify(found) !== JSON.stringify(wanted)) {
      throw new Error(
        `the snapshot holds ${found.spans} spans, ${found.calls} calls and $${found.costUsd}, ` +
          `not ${wanted.spans}, ${wanted.calls} and $${wanted.costUsd}`,
      );
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  await writeFile(`${path}.unfinished`, text, { flush: true });
  await rename(`${path}.unfinished`, path);
}
