import { accessSync, constants, existsSync, readdirSync, rmSync } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, readdir, stat, statfs, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CommandError } from "../errors.ts";
import { sizeText } from "../size-text.ts";

/** A copy of a database and of what stands beside it, in a folder that only this user may enter. */
export interface OwnCopy {
  readonly file: string;
  /** Of all that was copied. */
  readonly bytes: number;
  remove(): void;
}

/** Where copies are made, and what is free there. A test has other places than this machine's. */
export interface CopyRoom {
  readonly folder: string;
  freeBytes(): Promise<number>;
}

/** The folder of the system for what is not kept, which `TMPDIR` names. */
export const systemRoom: CopyRoom = {
  folder: tmpdir(),
  async freeBytes() {
    const { bavail, bsize } = await statfs(tmpdir());
    return bavail * bsize;
  },
};

/** Waits between tries to copy what somebody writes to. */
const pauses = [200, 500, 1_000];

/** Bringing a copy up to date takes room too: for its log, and for its journal, which takes nothing on a fuller disk. */
const spareBytes = 64 * 1024 * 1024;

/**
 * True for a database that the system lets this user read and not open: DuckDB writes to the file, and makes a log and
 * other files beside it.
 */
export function mayOnlyRead(file: string): boolean {
  if (!allows(file, constants.R_OK)) return false;
  const written = [file, dirname(file), `${file}.wal`, `${file}.journal`, `${file}.journal/lock`];
  return written.some((path) => existsSync(path) && !allows(path, constants.W_OK));
}

function allows(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

/** What a database consists of, as paths behind its own. */
interface Parts {
  readonly files: readonly string[];
  readonly hasJournal: boolean;
  readonly bytes: number;
  /** Of what is changed in place. The journal only grows: what comes meanwhile may or may not be in the copy. */
  readonly state: string;
}

/**
 * Copies a database, its log and its journal, so that the copy can be opened and brought up to date as the database
 * itself would be. Its snapshots are linked to, in case it is damaged.
 *
 * It is as a crash at some instant would have left it, which is something that a database and its journal stand.
 *
 * @throws CommandError where there is no room, a part cannot be read, or somebody keeps writing to it
 */
export async function makeOwnCopy(file: string, room: CopyRoom = systemRoom): Promise<OwnCopy> {
  removeOrphans(room.folder);
  const { bytes } = await partsOf(file);
  const free = await room.freeBytes();
  if (free < bytes + spareBytes) {
    throw new CommandError(
      `${file} may only be read here, and ${room.folder} has no room for the copy that would be asked ` +
        `(${sizeText(bytes + spareBytes)} of ${sizeText(free)} free). ` +
        "Name a folder with more in TMPDIR, or ask its receiver with --url URL.",
    );
  }
  const folder = await mkdtemp(join(room.folder, `${prefix}${process.pid}-`));
  const remove = removingAtTheEnd(folder);
  try {
    const copy = join(folder, basename(file));
    await copyParts(file, copy);
    await linkSnapshots(file, copy);
    return { file: copy, bytes, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

async function copyParts(file: string, copy: string): Promise<void> {
  for (const pause of [...pauses, undefined]) {
    if (await wasCopied(file, copy)) return;
    for (const part of [".journal", ".wal"])
      rmSync(`${copy}${part}`, { recursive: true, force: true });
    if (pause !== undefined) await delay(pause);
  }
  throw new CommandError(
    `${file} may only be read here, and is being written to. Ask its receiver with --url URL, or a snapshot of it.`,
  );
}

/** @returns false where somebody wrote to it meanwhile: the copy may be of no instant at all then */
async function wasCopied(file: string, copy: string): Promise<boolean> {
  try {
    const { files, hasJournal, state } = await partsOf(file);
    if (hasJournal) await mkdir(`${copy}.journal`);
    for (const part of files) {
      await copyFile(`${file}${part}`, `${copy}${part}`, constants.COPYFILE_FICLONE);
      await chmod(`${copy}${part}`, 0o600);
    }
    return (await partsOf(file)).state === state;
  } catch (error) {
    // A log that was put into the database, or a segment that a snapshot has.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

async function partsOf(file: string): Promise<Parts> {
  const hasJournal = existsSync(`${file}.journal`);
  const hasLog = existsSync(`${file}.wal`);
  const journal = hasJournal ? await readdir(readable(`${file}.journal`)) : [];
  // Nobody holds the lock of a copy.
  const segments = journal.filter((name) => !/^lock(\.wal)?$/.test(name));
  const changing = ["", ...(hasLog ? [".wal"] : [])];
  const files = [...changing, ...segments.map((name) => `.journal/${name}`)];
  const found = await Promise.all(
    files.map((part) => stat(readable(`${file}${part}`), { bigint: true })),
  );
  return {
    files,
    hasJournal,
    bytes: found.reduce((sum, { size }) => sum + Number(size), 0),
    state: found
      .slice(0, changing.length)
      .map(({ ino, size, mtimeNs }) => `${ino} ${size} ${mtimeNs}`)
      .join(", "),
  };
}

/** @throws CommandError, for an answer without what stands only there would be wrong and not look it */
function readable(path: string): string {
  try {
    accessSync(path, constants.R_OK);
    return path;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw error;
    throw new CommandError(
      `${path} cannot be read by this user, and a part of the spans may stand only there. ` +
        "Have its owner let you read it, or ask its receiver with --url URL.",
    );
  }
}

/** Each by itself, in a folder that is the copy's: a copy that has none makes one for itself. */
async function linkSnapshots(file: string, copy: string): Promise<void> {
  const names = await readdir(`${file}.snapshots`).catch(() => []);
  if (names.length === 0) return;
  await mkdir(`${copy}.snapshots`);
  const folder = resolve(`${file}.snapshots`);
  for (const name of names) await symlink(join(folder, name), join(`${copy}.snapshots`, name));
}

const prefix = "spancost-copy-";

/** What a process left that was killed before it could remove it. */
function removeOrphans(folder: string): void {
  for (const name of readdirSync(folder)) {
    const [, pid] = new RegExp(`^${prefix}(\\d+)-`).exec(name) ?? [];
    if (pid === undefined || isRunning(Number(pid))) continue;
    try {
      rmSync(join(folder, name), { recursive: true });
    } catch {
      // It is somebody else's.
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** Removes `folder` when it is called, or when the process is told to end before that. */
function removingAtTheEnd(folder: string): () => void {
  const removeAndEnd = (signal: NodeJS.Signals) => {
    remove();
    process.kill(process.pid, signal);
  };
  const remove = () => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, removeAndEnd);
    rmSync(folder, { recursive: true, force: true });
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, removeAndEnd);
  return remove;
}
