import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Random } from "../../../packages/cli/src/demo/random.ts";
import {
  applyWrite,
  type DiskFile,
  type DiskState,
  folderOf,
  type NameChange,
  type PendingWrite,
} from "./disk-state.ts";
import type { GrowingBytes } from "./growing-bytes.ts";

/**
 * What a power loss may leave of what was not synced.
 *
 * - `all`: everything, as when only the process dies.
 * - `strict`: nothing.
 * - `prefix`: everything up to some point, and a part of the write at that point.
 * - `subset`: any pages of 4 KiB, each by itself; the page cache is written back in no order.
 * - `zeros`: the new sizes, and zeros where the content did not make it.
 * - `names`: all content, but names only as far as their folder was synced, or some way further.
 */
export const models = ["all", "strict", "prefix", "subset", "zeros", "names"] as const;

export type Model = (typeof models)[number];

/** A folder after a power loss: what is in its files. */
export type Image = ReadonlyMap<string, Uint8Array | "folder">;

const pageBytes = 4096;

/** What `model` leaves of `state`. The same `random` gives the same image. */
export function imageAfter(state: DiskState, model: Model, random: Random): Image {
  const cut = model === "prefix" ? pointIn(state, random) : undefined;
  const contents = new Map<DiskFile, Uint8Array>();
  for (const file of state.files()) contents.set(file, contentOf(file, model, random, cut));
  return named(keptChanges(state, model, random, cut), contents);
}

/** Writes an image below `folder`. */
export function writeImage(image: Image, folder: string): void {
  for (const [path, content] of image) {
    const whole = join(folder, path);
    if (content === "folder") mkdirSync(whole, { recursive: true });
    else {
      mkdirSync(dirname(whole), { recursive: true });
      writeFileSync(whole, content);
    }
  }
}

/** A step from which on nothing reached the disk unless it was synced. */
function pointIn(state: DiskState, random: Random): number {
  const steps = [
    ...[...state.files()].flatMap(({ pending }) => pending.map(({ step }) => step)),
    ...state.changes.filter(({ folderSynced }) => !folderSynced).map(({ step }) => step),
  ].sort((a, b) => a - b);
  return steps[Math.floor(random.next() * steps.length)] ?? 0;
}

function contentOf(
  file: DiskFile,
  model: Model,
  random: Random,
  cut: number | undefined,
): Uint8Array {
  const { durable, current, pending } = file;
  switch (model) {
    case "all":
    case "names":
      return Buffer.from(current.bytes());
    case "strict":
      return Buffer.from(durable.bytes());
    case "prefix":
      return upTo(durable.copy(), pending, cut ?? 0, random);
    case "zeros": {
      const content = durable.copy();
      content.resize(current.length);
      return content.bytes();
    }
    case "subset":
      return anyPages(durable.copy(), pending, random);
    default:
      return model satisfies never;
  }
}

/** All before the step, and the first bytes of what was written at it. */
function upTo(
  content: GrowingBytes,
  pending: readonly PendingWrite[],
  cut: number,
  random: Random,
): Uint8Array {
  for (const write of pending) {
    if (write.step < cut) applyWrite(content, write);
    else if (write.step === cut && write.data !== undefined) {
      const length = Math.floor(random.next() * (write.data.byteLength + 1));
      if (length > 0) applyWrite(content, { ...write, data: write.data.subarray(0, length) });
    }
  }
  return content.bytes();
}

function anyPages(
  content: GrowingBytes,
  pending: readonly PendingWrite[],
  random: Random,
): Uint8Array {
  const share = random.pick([0.1, 0.5, 0.9]);
  for (const { step, offset, data } of pending) {
    if (data === undefined) {
      if (random.chance(share)) content.resize(offset);
      continue;
    }
    for (let from = 0; from < data.byteLength; ) {
      const to = Math.min(data.byteLength, from + pageBytes - ((offset + from) % pageBytes));
      if (random.chance(share)) {
        applyWrite(content, { step, offset: offset + from, data: data.subarray(from, to) });
      }
      from = to;
    }
  }
  return content.bytes();
}

function keptChanges(
  { changes }: DiskState,
  model: Model,
  random: Random,
  cut: number | undefined,
): readonly NameChange[] {
  switch (model) {
    case "strict":
      return changes.filter(({ folderSynced, fileSynced }) => folderSynced || fileSynced);
    case "prefix":
      return changes.filter(
        ({ step, folderSynced, fileSynced }) => folderSynced || fileSynced || step <= (cut ?? 0),
      );
    case "names":
      return someWayFurther(changes, random);
    default:
      return changes;
  }
}

/** In each folder what was synced and a random number of the changes that followed: a folder's are kept in order. */
function someWayFurther(changes: readonly NameChange[], random: Random): readonly NameChange[] {
  const further = new Map<string, number>();
  return changes.filter((change) => {
    if (change.folderSynced) return true;
    const folder = folderOf(change.target === "" ? change.path : change.target);
    const left = further.get(folder) ?? Math.floor(random.next() * 4);
    further.set(folder, left - 1);
    return left > 0;
  });
}

/** The names after these changes. What lies in a folder whose own name was lost is lost with it. */
function named(changes: readonly NameChange[], contents: ReadonlyMap<DiskFile, Uint8Array>): Image {
  const names = new Map<string, Uint8Array | "folder">();
  const move = (path: string, target: string) => {
    for (const [name, content] of [...names]) {
      if (name !== path && !name.startsWith(`${path}/`)) continue;
      names.delete(name);
      names.set(target + name.slice(path.length), content);
    }
  };
  for (const { kind, path, target, file } of changes) {
    const content = file === undefined ? undefined : contents.get(file);
    if (kind === "mkdir") names.set(path, "folder");
    else if (kind === "unlink" || kind === "rmdir") names.delete(path);
    else if (kind === "create" && content !== undefined) names.set(path, content);
    else if (kind === "rename") {
      move(path, target);
      if (content !== undefined) names.set(target, content);
    } else if (content !== undefined) names.set(target, content);
  }
  for (const name of [...names.keys()]) {
    const folder = folderOf(name);
    if (folder !== "" && !isThere(folder, names)) names.delete(name);
  }
  return names;
}

function isThere(folder: string, names: ReadonlyMap<string, unknown>): boolean {
  for (let path = folder; path !== ""; path = folderOf(path)) {
    if (names.get(path) !== "folder") return false;
  }
  return true;
}
