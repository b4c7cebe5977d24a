import { copyFile, readdir, readFile, rename, rm, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Contents } from "./contents.ts";
import { syncFile } from "./journal/sync-file.ts";
import { syncFolder } from "./journal/sync-folder.ts";
import { makeFolder } from "./make-folder.ts";
import { readBack } from "./read-back.ts";
import { writeDurably } from "./write-durably.ts";

/** A copy of the database that was read back whole. */
export interface Snapshot extends Contents {
  readonly file: string;
  /** RFC 3339. */
  readonly madeAt: string;
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
   * Keeps a copy of a database, once it was read back and holds what it should.
   *
   * @param copy makes the copy, and tells what is in it
   * @throws where the copy does not hold that; the signal's reason
   */
  async take(
    copy: (to: string) => Promise<Contents>,
    madeAt: Date,
    signal?: AbortSignal,
  ): Promise<Snapshot> {
    await makeFolder(this.folder);
    const name = madeAt.toISOString().replaceAll(":", "-").replace(/\.\d+/, "");
    const file = join(this.folder, `${name}.duckdb`);
    const unfinished = join(this.folder, "unfinished.duckdb");
    await this.#removeUnfinished();
    const contents = await this.#copied(copy, unfinished, signal);
    await rename(unfinished, file);
    const note = { madeAt: madeAt.toISOString(), ...contents };
    await writeDurably(join(this.folder, `${name}.json`), JSON.stringify(note));
    await this.#removeOld();
    return { ...note, file };
  }

  async #copied(
    copy: (to: string) => Promise<Contents>,
    unfinished: string,
    signal: AbortSignal | undefined,
  ): Promise<Contents> {
    try {
      const contents = await copy(unfinished);
      await verify(unfinished, contents, signal);
      return contents;
    } catch (error) {
      await this.#removeUnfinished();
      // It stays where there are snapshots.
      await rmdir(this.folder).catch(() => undefined);
      throw error;
    }
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

async function verify(
  file: string,
  wanted: Contents,
  signal: AbortSignal | undefined,
): Promise<void> {
  const found = await readBack(file, signal);
  if (JSON.stringify(found) === JSON.stringify(wanted)) return;
  throw new Error(
    `the snapshot holds ${found.spans} spans, ${found.calls} calls and $${found.costUsd}, ` +
      `not ${wanted.spans}, ${wanted.calls} and $${wanted.costUsd}`,
  );
}
