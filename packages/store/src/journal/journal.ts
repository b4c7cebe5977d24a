import { type FileHandle, open, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { SpanFacts } from "@spancost/records";
import { reasonOf } from "../failures.ts";
import { makeFolder } from "../make-folder.ts";
import { frameKinds, headerBytes, sealFrame } from "./frame.ts";
import { type Group, Groups } from "./groups.ts";
import { type InParts, inOnePart } from "./in-parts.ts";
import {
  nameAfter,
  numberOf,
  type PreviousSegment,
  readSegment,
  type SegmentName,
  segmentStart,
  segmentsOf,
} from "./segment.ts";
import { syncFolder } from "./sync-folder.ts";

/** Why a journal takes nothing at the moment, or ever again. */
export class JournalError extends Error {
  override readonly name = "JournalError";
  /** `full`: it has as much waiting as it may; `disk`: no space; `broken`: what was written may not be kept. */
  readonly reason: "full" | "disk" | "broken";

  constructor(reason: JournalError["reason"], message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

/** How large things may get, in bytes. */
export interface JournalLimits {
  /** A segment that is larger is closed and another begun. */
  readonly segmentBytes: number;
  /** Requests are gathered into one frame, and made durable together, up to this size. */
  readonly frameBytes: number;
  /** What waits to be made durable. */
  readonly waitingBytes: number;
  /** Free space on the disk below which nothing is taken, so that the database has room to work. */
  readonly reservedBytes: number;
}

export const defaultLimits: JournalLimits = {
  segmentBytes: 64 * 1024 * 1024,
  frameBytes: 8 * 1024 * 1024,
  waitingBytes: 64 * 1024 * 1024,
  reservedBytes: 32 * 1024 * 1024,
};

/** Spans that are durable, and where they stand. */
export interface Written {
  readonly segment: SegmentName;
  /** Where their frame begins and ends in the segment. */
  readonly start: number;
  readonly end: number;
  readonly spans: number;
  /** The frame without its header. A view: who wants to keep it makes a copy while being told. */
  readonly payload: Buffer;
}

/** What a journal tells its owner. */
export interface JournalEvents {
  /** Told of each frame before the requests in it are answered, in the order of writing. */
  written(frame: Written): void;
  /** A segment will not be written any more; all in it was told of. */
  closed(segment: SegmentName, end: number): void;
  /** Nothing will be made durable any more. */
  broken(error: JournalError): void;
}

/** Milliseconds between two looks at the free space of the disk. */
const spaceCheckMs = 500;

/**
 * An append-only log of spans, durable before anyone is told so.
 *
 * Requests that come while the disk is busy are written together, as one frame with one `fdatasync`. There is
 * never more than one frame that is not durable, so what a crash leaves is whole frames and at most one torn
 * one at the end. Every process begins a segment of its own: nothing is ever written behind a torn end.
 */
export class Journal {
  readonly folder: string;
  readonly #events: JournalEvents;
  readonly #limits: JournalLimits;
  #number: number;
  #file: FileHandle | undefined;
  #segment: SegmentName | undefined;
  /** The newest segment that was there; it is read, to see how far it is whole, when the first one is begun. */
  #found: SegmentName | undefined;
  /** The segment before the one that is written or will be. */
  #previous: PreviousSegment | undefined;
  #end = 0;
  readonly #groups: Groups;
  #writing: Promise<void> | undefined;
  #broken: JournalError | undefined;
  #freeBytes = Number.POSITIVE_INFINITY;
  #freeBytesAt = Number.NEGATIVE_INFINITY;

  private constructor(
    folder: string,
    newest: SegmentName | undefined,
    events: JournalEvents,
    limits: JournalLimits,
  ) {
    this.folder = folder;
    this.#number = newest === undefined ? 0 : numberOf(newest);
    this.#found = newest;
    this.#events = events;
    this.#limits = limits;
    this.#groups = new Groups(limits.frameBytes, () => {
      this.#writing ??= this.#writeAll();
    });
  }

  /**
   * Opens the journal in `folder`, which is made where it is not there. Writes nothing yet.
   *
   * Nobody else may have it open: the owner of the folder sees to that.
   */
  static async open(
    folder: string,
    events: JournalEvents,
    limits: Partial<JournalLimits> = {},
  ): Promise<Journal> {
    await makeFolder(folder);
    await syncFolder(join(folder, ".."));
    const newest = (await segmentsOf(folder)).at(-1);
    return new Journal(folder, newest, events, { ...defaultLimits, ...limits });
  }

  /** The segment being written; `undefined` before the first span. */
  get segment(): SegmentName | undefined {
    return this.#segment;
  }

  /** Why nothing will be taken any more, if so. */
  get broken(): JournalError | undefined {
    return this.#broken;
  }

  /**
   * Makes spans durable.
   *
   * @throws JournalError, by rejection: then they may be durable or not, and the sender has to send them again
   */
  append(facts: readonly SpanFacts[]): Promise<void> {
    return inOnePart(() => this.begin(), facts);
  }

  /**
   * Begins to take spans that come in parts, all of which become durable together.
   *
   * @param bytes of the request that they stand in, about
   * @throws JournalError where nothing can be taken
   */
  begin(bytes = 0): InParts<void> {
    if (this.#broken !== undefined) throw this.#broken;
    const { waitingBytes } = this.#groups;
    if (waitingBytes > this.#limits.waitingBytes) {
      throw new JournalError("full", `${waitingBytes} bytes are waiting for the disk`);
    }
    return this.#groups.begin(bytes);
  }

  /** Resolves once all that was finished by now is durable, or told not to be. */
  answered(): Promise<void> {
    return this.#groups.answered();
  }

  /** Resolves once nothing waits for the disk. */
  async idle(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  /** Writes what waits and closes the segment. */
  async close(): Promise<void> {
    await this.idle();
    const isWhole = this.#broken === undefined;
    // Before anything else: what is finished while the last frame is written would be written in the same place.
    this.#broken ??= new JournalError("broken", "the journal is closed");
    if (isWhole) await this.#closeSegment().catch(() => undefined);
    await this.#file?.close().catch(() => undefined);
    this.#file = undefined;
  }

  /** Bytes of all segments. */
  async size(): Promise<number> {
    const sizes = await Promise.all(
      (await segmentsOf(this.folder)).map(async (name) =>
        stat(join(this.folder, name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  async #writeAll(): Promise<void> {
    // Requests of this turn of the event loop go together.
    await new Promise(setImmediate);
    for (let group = this.#groups.next(); group !== undefined; group = this.#groups.next()) {
      await this.#write(group);
    }
    this.#writing = undefined;
  }

  async #write(group: Group): Promise<void> {
    const { writer } = group;
    try {
      if (this.#broken !== undefined) throw this.#broken;
      await this.#assertSpace();
      const { spans } = writer;
      const frame = writer.finish();
      const start = await this.#writeFrame(frame, frameKinds.spans, spans);
      const segment = this.#segment as SegmentName;
      const payload = frame.subarray(headerBytes);
      this.#events.written({ segment, start, end: this.#end, spans, payload });
      for (const { resolve } of group.requests) resolve();
    } catch (error) {
      for (const { reject } of group.requests) reject(error);
    }
    this.#groups.done(group);
    if (this.#end > this.#limits.segmentBytes) await this.#closeSegment().catch(() => undefined);
  }

  async #assertSpace(): Promise<void> {
    const now = performance.now();
    if (now - this.#freeBytesAt > spaceCheckMs) {
      const { bavail, bsize } = await statfs(this.folder);
      this.#freeBytes = bavail * bsize;
      this.#freeBytesAt = now;
    }
    if (this.#freeBytes >= this.#limits.reservedBytes) return;
    throw new JournalError("disk", `only ${this.#freeBytes} bytes are free on the disk`);
  }

  /** @returns where the frame begins */
  async #writeFrame(bytes: Buffer, kind: number, spans: number): Promise<number> {
    sealFrame(bytes, kind, spans);
    const file = this.#file ?? (await this.#beginSegment());
    const start = this.#end;
    try {
      await writeWhole(file, bytes, start);
    } catch (error) {
      await this.#dropTail(file, start);
      throw new JournalError("disk", `the journal could not be written: ${reasonOf(error)}`, error);
    }
    try {
      await file.datasync();
    } catch (error) {
      // What the kernel could not write it may drop and call clean: a second try would prove nothing.
      this.#broken = new JournalError(
        "broken",
        `the disk did not keep what was written to the journal: ${reasonOf(error)}`,
        error,
      );
      this.#events.broken(this.#broken);
      throw this.#broken;
    }
    this.#end = start + bytes.byteLength;
    return start;
  }

  async #beginSegment(): Promise<FileHandle> {
    const name = nameAfter(this.#number);
    const path = join(this.folder, name);
    let file: FileHandle | undefined;
    let start: Buffer;
    try {
      await this.#readFound();
      start = Buffer.concat([segmentStart, previousFrame(this.#previous)]);
      file = await open(path, "wx");
      await writeWhole(file, start, 0);
      await file.datasync();
      await syncFolder(this.folder);
    } catch (error) {
      await file?.close().catch(() => undefined);
      await rm(path, { force: true }).catch(() => undefined);
      throw new JournalError("disk", `the journal could not be begun: ${reasonOf(error)}`, error);
    }
    this.#number += 1;
    this.#file = file;
    this.#segment = name;
    this.#end = start.byteLength;
    return file;
  }

  async #readFound(): Promise<void> {
    if (this.#found === undefined) return;
    const segment = this.#found;
    // By now it may have been dropped, for the snapshots have what it held.
    const isThere = (await segmentsOf(this.folder)).includes(segment);
    if (isThere) this.#previous = { segment, end: (await readSegment(this.folder, segment)).end };
    this.#found = undefined;
  }

  async #closeSegment(): Promise<void> {
    const [file, segment] = [this.#file, this.#segment];
    if (file === undefined || segment === undefined) return;
    const end = this.#end;
    await this.#writeFrame(Buffer.alloc(headerBytes), frameKinds.end, 0);
    this.#file = undefined;
    this.#segment = undefined;
    this.#previous = { segment, end };
    await file.close();
    this.#events.closed(segment, end);
  }

  /** Frames must follow each other: part of one is taken away, or no more is written into this segment. */
  async #dropTail(file: FileHandle, length: number): Promise<void> {
    try {
      await file.truncate(length);
    } catch {
      this.#file = undefined;
      const segment = this.#segment;
      this.#segment = undefined;
      await file.close().catch(() => undefined);
      if (segment === undefined) return;
      this.#previous = { segment, end: length };
      this.#events.closed(segment, length);
    }
  }
}

/** Tells whoever reads the journal later whether something of that segment is missing. */
function previousFrame(previous: PreviousSegment | undefined): Buffer {
  if (previous === undefined) return Buffer.alloc(0);
  const frame = Buffer.concat([Buffer.alloc(headerBytes), Buffer.from(JSON.stringify(previous))]);
  sealFrame(frame, frameKinds.previous, 0);
  return frame;
}

async function writeWhole(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.byteLength; ) {
    const length = bytes.byteLength - written;
    const { bytesWritten } = await file.write(bytes, written, length, position + written);
    if (bytesWritten === 0) throw new Error("nothing was written");
    written += bytesWritten;
  }
}
