import { execFileSync } from "node:child_process";
import { closeSync, globSync, openSync, readSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const sources = fileURLToPath(new URL("shim/", import.meta.url));

/**
 * Compiles the library that stands between a process and its disk into `folder`.
 *
 * @returns its path, or why there is none: it takes Linux and a C compiler
 */
export function buildShim(folder: string): { readonly library: string } | { readonly no: string } {
  if (process.platform !== "linux")
    return { no: `LD_PRELOAD needs Linux, this is ${process.platform}` };
  const library = join(folder, "shim.so");
  const files = globSync(`${sources}*.c`).filter((file) => !file.endsWith(".inc.c"));
  const options = ["-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", library];
  try {
    execFileSync("cc", [...options, ...files, "-ldl", "-lpthread"], { stdio: "pipe" });
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: Buffer };
    if (code === "ENOENT") return { no: "there is no C compiler (cc)" };
    throw new Error(`the disk shim does not compile:\n${stderr?.toString()}`);
  }
  return { library };
}

/** Where the fields of `struct control` in shim.h are. */
const fields = {
  syncDelayMicros: 0,
  syncDelayLeast: 4,
  failSyncs: 8,
  shortPercent: 12,
  space: 16,
  failedSyncs: 24,
  shortWrites: 28,
  refusedWrites: 32,
  lostRecords: 36,
  only: 40,
  frozen: 168,
  inside: 172,
} as const;

const onlyBytes = 128;
const controlBytes = 176;
/** Milliseconds that a call may take to end; one that died in the middle never does. */
const callMs = 5_000;

/** A disk that a process believes in: what happens to it is written down, and it can be told to fail. */
export class ShimmedDisk {
  /** Where it is written down; of several processes one after the other in one file. */
  readonly log: string;
  readonly #library: string;
  readonly #root: string;
  readonly #control: string;
  readonly #fd: number;

  /** @param root an absolute path without links; nothing elsewhere is touched */
  constructor(library: string, root: string, workFolder: string, { record = true } = {}) {
    this.#library = library;
    this.#root = root;
    this.log = record ? join(workFolder, "disk.log") : "";
    if (record) rmSync(this.log, { force: true });
    this.#control = join(workFolder, "disk.control");
    this.#fd = openSync(this.#control, "w+");
    writeSync(this.#fd, Buffer.alloc(controlBytes), 0, controlBytes, 0);
    this.space = -1n;
  }

  /** What a process gets into its environment so that it runs on this disk. */
  get environment(): Record<string, string> {
    return {
      LD_PRELOAD: this.#library,
      SHIM_ROOT: this.#root,
      SHIM_CONTROL: this.#control,
      ...(this.log !== "" && { SHIM_LOG: this.log }),
      // Writes through io_uring would pass the library by.
      UV_USE_IO_URING: "0",
    };
  }

  /** Every fsync takes a random time between these many microseconds. */
  delaySyncs(least: number, most: number): void {
    this.#put(fields.syncDelayLeast, least);
    this.#put(fields.syncDelayMicros, most);
  }

  /** The next so many fsyncs of files whose path holds `only` fail with EIO. */
  failSyncs(count: number, only: string): void {
    this.strikeOnly(only);
    this.#put(fields.failSyncs, count);
  }

  /** So many writes of a hundred write only the first part of what they are given. */
  shortenWrites(percent: number): void {
    this.#put(fields.shortPercent, percent);
  }

  /** Bytes that can still be written before the disk is full; negative for no end. */
  set space(bytes: bigint) {
    const buffer = Buffer.alloc(8);
    buffer.writeBigInt64LE(bytes);
    writeSync(this.#fd, buffer, 0, 8, fields.space);
  }

  /** Faults strike only files whose path below the root holds this text; "" for all. */
  strikeOnly(text: string): void {
    const buffer = Buffer.alloc(onlyBytes);
    buffer.write(text, 0, onlyBytes - 1);
    writeSync(this.#fd, buffer, 0, onlyBytes, fields.only);
  }

  get failedSyncs(): number {
    return this.#get(fields.failedSyncs);
  }

  get shortWrites(): number {
    return this.#get(fields.shortWrites);
  }

  get refusedWrites(): number {
    return this.#get(fields.refusedWrites);
  }

  /** Not 0: the log is of no use. */
  get lostRecords(): number {
    return this.#get(fields.lostRecords);
  }

  /** Bytes of the log so far. */
  get logBytes(): number {
    return statSync(this.log).size;
  }

  /**
   * Kills a process between two things that it does to the disk, and not between one and its record in the log.
   */
  async atRest(kill: () => Promise<unknown>): Promise<void> {
    this.#put(fields.frozen, 1);
    const until = performance.now() + callMs;
    while (this.#get(fields.inside) > 0 && performance.now() < until) await delay(1);
    await kill();
    this.#put(fields.inside, 0);
    this.#put(fields.frozen, 0);
  }

  close(): void {
    closeSync(this.#fd);
  }

  #put(offset: number, value: number): void {
    const buffer = Buffer.alloc(4);
    buffer.writeUInt32LE(value);
    writeSync(this.#fd, buffer, 0, 4, offset);
  }

  #get(offset: number): number {
    const buffer = Buffer.alloc(4);
    readSync(this.#fd, buffer, 0, 4, offset);
    return buffer.readUInt32LE();
  }
}
