import { randomBytes } from "node:crypto";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { frameAt, frameKinds, nextFrame } from "./frame.ts";

/** What every segment begins with. */
export const segmentStart = Buffer.from("SPANJNL1");

/**
 * A segment by its file's name, such as `0000000042-5f0c1a9b.log`: its place in the order and 32 random bits.
 *
 * The bits tell segments of one number apart, if somebody removed the newest one.
 */
export type SegmentName = string & { readonly brand: "SegmentName" };

const segmentName = /^(\d{10})-[0-9a-f]{8}\.log$/;

/** Stands for what came in before a journal's first segment. There is no such file. */
export const baseSegment = "0000000000-00000000.log" as SegmentName;

/** The segments of a journal, oldest first. */
export async function segmentsOf(folder: string): Promise<SegmentName[]> {
  const names: string[] = await readdir(folder).catch(() => []);
  return names.filter((name) => segmentName.test(name)).sort() as SegmentName[];
}

/** The number in a segment's name. */
export function numberOf(name: SegmentName): number {
  return Number(segmentName.exec(name)?.[1]);
}

/** A name for the segment after `number`. */
export function nameAfter(number: number): SegmentName {
  const digits = String(number + 1).padStart(10, "0");
  return `${digits}-${randomBytes(4).toString("hex")}.log` as SegmentName;
}

/** A frame of spans in a segment. */
export interface SpansFrame {
  readonly segment: SegmentName;
  readonly spans: number;
  readonly payload: Buffer;
  /** Behind its last byte, in the segment. */
  readonly end: number;
}

/** A part of a segment that cannot be read though it was written. */
export interface Damage {
  readonly segment: SegmentName;
  /** Bytes from there to the next frame that is whole. */
  readonly from: number;
  readonly bytes: number;
}

/** How far a segment was whole when the one after it was begun. */
export interface PreviousSegment {
  readonly segment: SegmentName;
  readonly end: number;
}

/** What stands in a segment behind a position. */
export interface SegmentContent {
  readonly frames: readonly SpansFrame[];
  readonly damages: readonly Damage[];
  /** Behind its last frame of spans. */
  readonly end: number;
}

/**
 * The frames of a segment from `start` on, up to `until` where it is still being written.
 *
 * What is not whole at its end was being written when the process or the power went, and was never
 * acknowledged. What is not whole before another frame is damage: frames are written one after the other.
 */
export async function readSegment(
  folder: string,
  segment: SegmentName,
  start = segmentStart.byteLength,
  until?: number,
): Promise<SegmentContent> {
  const bytes = await readBytes(join(folder, segment), start, until);
  const frames: SpansFrame[] = [];
  const damages: Damage[] = [];
  let whole = start;
  const damaged = (from: number, to: number) =>
    damages.push({ segment, from: start + from, bytes: to - from });
  for (let at = 0; at < bytes.byteLength; ) {
    const frame = frameAt(bytes, at);
    if (frame === undefined) {
      const next = nextFrame(bytes, at + 1);
      if (next === undefined) break;
      damaged(at, next);
      at = next;
    } else {
      const { kind, spans, payload, end } = frame;
      if (kind === frameKinds.end) break;
      if (kind === frameKinds.spans) frames.push({ segment, spans, payload, end: start + end });
      else if (kind !== frameKinds.previous) damaged(at, end);
      whole = start + end;
      at = end;
    }
  }
  return { frames, damages, end: whole };
}

/** What a segment says of the one before it; `undefined` where it says nothing, or cannot be read. */
export async function previousOf(
  folder: string,
  segment: SegmentName,
): Promise<PreviousSegment | undefined> {
  const bytes = await readBytes(join(folder, segment), segmentStart.byteLength, mostPreviousBytes);
  const frame = frameAt(bytes, 0);
  if (frame?.kind !== frameKinds.previous) return undefined;
  return JSON.parse(frame.payload.toString()) as PreviousSegment;
}

/** Whether a file that a segment's name has is something else by now. One that was just begun may be empty. */
export async function isForeign(folder: string, segment: SegmentName): Promise<boolean> {
  const start = await readBytes(join(folder, segment), 0, segmentStart.byteLength);
  return start.some((byte, index) => byte !== 0 && byte !== segmentStart[index]);
}

/** A segment's name and a number, in JSON, in a frame. */
const mostPreviousBytes = 256;

async function readBytes(path: string, start: number, until: number | undefined): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const end = until ?? (await file.stat()).size;
    const bytes = Buffer.alloc(Math.max(0, end - start));
    const { bytesRead } = await file.read(bytes, 0, bytes.byteLength, start);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
