import { readFileSync } from "node:fs";

/** What a record tells, in the order of `enum kind` in shim.h, from 1. */
const kinds = [
  "open",
  "close",
  "dup",
  "write",
  "truncate",
  "sync-begin",
  "sync-end",
  "sync-failed",
  "rename",
  "unlink",
  "mkdir",
  "rmdir",
  "link",
] as const;

/** One thing that a process did to the disk. Paths are relative to the folder that was watched. */
export interface DiskStep {
  readonly kind: (typeof kinds)[number];
  readonly process: number;
  readonly thread: number;
  readonly fd: number;
  /** Flags of an open, the new descriptor of a dup. */
  readonly other: number;
  /** Of a write; the new length of a truncate. */
  readonly offset: number;
  /** On the clock of `process.hrtime()`, in nanoseconds. */
  readonly nanos: number;
  readonly path: string;
  readonly otherPath: string;
  readonly data: Buffer;
}

/** Bytes of `struct record`. */
const headBytes = 56;

/**
 * What was done, in order.
 *
 * A process that is killed while it writes the last record leaves a part of it: that step never happened as far as
 * anybody was told.
 */
export function readDiskLog(file: string): readonly DiskStep[] {
  const log = readFileSync(file);
  const steps: DiskStep[] = [];
  for (let at = 0; at + headBytes <= log.byteLength; ) {
    const kind = kinds[log.readUInt32LE(at) - 1];
    if (kind === undefined) throw new Error(`${file} is no log of the disk shim at byte ${at}`);
    const pathBytes = log.readUInt32LE(at + 20);
    const otherPathBytes = log.readUInt32LE(at + 24);
    const dataBytes = Number(log.readBigUInt64LE(at + 48));
    const path = at + headBytes;
    const otherPath = path + pathBytes;
    const data = otherPath + otherPathBytes;
    const end = data + dataBytes;
    if (end > log.byteLength) break;
    steps.push({
      kind,
      process: log.readUInt32LE(at + 4),
      thread: log.readUInt32LE(at + 8),
      fd: log.readInt32LE(at + 12),
      other: log.readInt32LE(at + 16),
      offset: Number(log.readBigInt64LE(at + 32)),
      nanos: Number(log.readBigUInt64LE(at + 40)),
      path: log.toString("utf8", path, otherPath),
      otherPath: log.toString("utf8", otherPath, data),
      data: log.subarray(data, end),
    });
    at = end;
  }
  return steps;
}
