import type { DiskStep } from "./disk-log.ts";
import { GrowingBytes } from "./growing-bytes.ts";

/** A change of a file's content that may not have reached the disk. */
export interface PendingWrite {
  readonly step: number;
  /** Where it begins; the new length where there is no `data`. */
  readonly offset: number;
  readonly data: Buffer | undefined;
}

/** One file, whatever it is called. */
export interface DiskFile {
  /** What is on the disk for sure. */
  readonly durable: GrowingBytes;
  /** What programs see. */
  readonly current: GrowingBytes;
  /** What lies between the two, in order. */
  pending: PendingWrite[];
}

/** A change of names. */
export interface NameChange {
  readonly step: number;
  readonly kind: "create" | "rename" | "unlink" | "mkdir" | "rmdir" | "link";
  readonly path: string;
  readonly target: string;
  readonly file: DiskFile | undefined;
  /** Its folder was synced since: it is on the disk by any standard. */
  folderSynced: boolean;
  /** The file itself was synced since: ext4, XFS and btrfs then keep its name too, POSIX does not promise it. */
  fileSynced: boolean;
}

const createFlag = 0o100;
const truncateFlag = 0o1000;

/** The files below a folder after the first so many steps: what is seen, and what is sure to survive. */
export class DiskState {
  readonly changes: NameChange[] = [];
  readonly #names = new Map<string, DiskFile>();
  /** What a descriptor stands for: a file, or the folder of that path. */
  readonly #open = new Map<string, DiskFile | string>();
  readonly #syncs = new Map<string, { what: DiskFile | string; step: number }>();
  #step = 0;

  /** Steps that were taken. */
  get steps(): number {
    return this.#step;
  }

  /** Files that a change of names, or a pending one, speaks of. */
  files(): Set<DiskFile> {
    return new Set(this.changes.flatMap(({ file }) => (file === undefined ? [] : [file])));
  }

  apply(step: DiskStep): void {
    this.#step += 1;
    const { kind, path, otherPath } = step;
    switch (kind) {
      case "open":
        this.#opened(step);
        break;
      case "close":
        this.#open.delete(descriptor(step));
        break;
      case "dup":
        this.#copied(step);
        break;
      case "write":
        this.#changed(step, step.data);
        break;
      case "truncate":
        this.#changed(step, undefined);
        break;
      case "sync-begin":
        this.#syncBegun(step);
        break;
      case "sync-end":
        this.#synced(step);
        break;
      case "sync-failed":
        this.#syncFailed(step);
        break;
      case "unlink":
        this.#names.delete(path);
        this.#change("unlink", path);
        break;
      case "mkdir":
      case "rmdir":
        this.#change(kind, path);
        break;
      case "rename":
        this.#renamed(path, otherPath);
        break;
      case "link":
        this.#linked(path, otherPath);
        break;
      default:
        kind satisfies never;
    }
  }

  #copied(step: DiskStep): void {
    const what = this.#open.get(descriptor(step));
    if (what !== undefined) this.#open.set(`${step.process}:${step.other}`, what);
  }

  #syncBegun(step: DiskStep): void {
    const what = this.#open.get(descriptor(step));
    if (what !== undefined) this.#syncs.set(syncOf(step), { what, step: this.#step });
  }

  #linked(path: string, target: string): void {
    const file = this.#names.get(path);
    if (file !== undefined) this.#names.set(target, file);
    this.#change("link", path, target, file);
  }

  #opened(step: DiskStep): void {
    const { path, other: flags } = step;
    let file = this.#names.get(path);
    if (file === undefined && (flags & createFlag) !== 0) {
      file = { durable: new GrowingBytes(), current: new GrowingBytes(), pending: [] };
      this.#names.set(path, file);
      this.#change("create", path, "", file);
    }
    this.#open.set(descriptor(step), file ?? path);
    if (file !== undefined && (flags & truncateFlag) !== 0 && file.current.length > 0) {
      this.#write(file, 0, undefined);
    }
  }

  #changed(step: DiskStep, data: Buffer | undefined): void {
    const file = this.#open.get(descriptor(step));
    if (typeof file !== "object") throw new Error("a write to a descriptor that was never opened");
    this.#write(file, step.offset, data);
  }

  #write(file: DiskFile, offset: number, data: Buffer | undefined): void {
    const write = { step: this.#step, offset, data };
    file.pending.push(write);
    applyWrite(file.current, write);
  }

  #change(kind: NameChange["kind"], path: string, target = "", file?: DiskFile): void {
    const step = this.#step;
    this.changes.push({ step, kind, path, target, file, folderSynced: false, fileSynced: false });
  }

  #renamed(path: string, target: string): void {
    const file = this.#names.get(path);
    // A folder takes what is in it along.
    for (const [name, inside] of [...this.#names]) {
      if (!name.startsWith(`${path}/`)) continue;
      this.#names.delete(name);
      this.#names.set(target + name.slice(path.length), inside);
    }
    if (file !== undefined) {
      this.#names.delete(path);
      this.#names.set(target, file);
    }
    this.#change("rename", path, target, file);
  }

  /** Everything that was done before the fsync began is on the disk; what came while it ran may not be. */
  #synced(step: DiskStep): void {
    const begun = this.#syncs.get(syncOf(step));
    this.#syncs.delete(syncOf(step));
    if (begun === undefined) return;
    const { what } = begun;
    if (typeof what === "string") {
      for (const change of this.changes) {
        if (change.step > begun.step) continue;
        if (folderOf(change.path) === what || folderOf(change.target) === what)
          change.folderSynced = true;
      }
      return;
    }
    const done = what.pending.filter((write) => write.step <= begun.step);
    for (const write of done) applyWrite(what.durable, write);
    what.pending = what.pending.filter((write) => write.step > begun.step);
    for (const change of this.changes) {
      if (change.file === what && change.kind === "create") this.#keepName(change);
    }
  }

  #keepName(created: NameChange): void {
    created.fileSynced = true;
    for (const change of this.changes) {
      if (change.kind === "mkdir" && created.path.startsWith(`${change.path}/`))
        change.fileSynced = true;
    }
  }

  /** Linux takes the pages of a failed fsync for clean: they never reach the disk, also when a later one succeeds. */
  #syncFailed(step: DiskStep): void {
    const file = this.#open.get(descriptor(step));
    if (typeof file === "object") file.pending = [];
  }
}

export function applyWrite(content: GrowingBytes, { offset, data }: PendingWrite): void {
  if (data === undefined) content.resize(offset);
  else content.write(data, offset);
}

function descriptor({ process, fd }: DiskStep): string {
  return `${process}:${fd}`;
}

function syncOf({ process, thread, fd }: DiskStep): string {
  return `${process}:${thread}:${fd}`;
}

/** "" for the folder that is watched. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}
