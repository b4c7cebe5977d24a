import { crc32 } from "node:zlib";

/** Bytes before a frame's payload. */
export const headerBytes = 20;
/** "SPF1", little-endian. */
const magic = 0x31465053;

/**
 * What stands in a frame: spans in version 1 of their encoding; the end of a segment that was closed; or at the
 * start of one, how far the segment before it was whole.
 */
export const frameKinds = { spans: 1, end: 2, previous: 3 } as const;

/** A frame as it was found. */
export interface Frame {
  readonly kind: number;
  /** Spans in the payload. */
  readonly spans: number;
  readonly payload: Buffer;
  /** Behind its last byte, in the bytes that it was read from. */
  readonly end: number;
}

/**
 * Writes the header of the frame that fills `bytes`; its payload stands behind `headerBytes`.
 *
 * magic, payload length, CRC-32 of all that follows it, kind, spans; little-endian, 4 bytes each.
 */
export function sealFrame(bytes: Buffer, kind: number, spans: number): void {
  bytes.writeUInt32LE(magic, 0);
  bytes.writeUInt32LE(bytes.byteLength - headerBytes, 4);
  bytes.writeUInt32LE(kind, 12);
  bytes.writeUInt32LE(spans, 16);
  bytes.writeUInt32LE(crc32(bytes.subarray(12)), 8);
}

/** The frame at `start`, or `undefined` where none stands whole. */
export function frameAt(bytes: Buffer, start: number): Frame | undefined {
  const payloadAt = start + headerBytes;
  if (payloadAt > bytes.byteLength || bytes.readUInt32LE(start) !== magic) return undefined;
  const end = payloadAt + bytes.readUInt32LE(start + 4);
  if (end > bytes.byteLength) return undefined;
  if (crc32(bytes.subarray(start + 12, end)) !== bytes.readUInt32LE(start + 8)) return undefined;
  return {
    kind: bytes.readUInt32LE(start + 12),
    spans: bytes.readUInt32LE(start + 16),
    payload: bytes.subarray(payloadAt, end),
    end,
  };
}

/** Where the next whole frame after `start` begins, or `undefined` where there is none. */
export function nextFrame(bytes: Buffer, start: number): number | undefined {
  const pattern = Buffer.alloc(4);
  pattern.writeUInt32LE(magic);
  for (let at = bytes.indexOf(pattern, start); at >= 0; at = bytes.indexOf(pattern, at + 1)) {
    if (frameAt(bytes, at) !== undefined) return at;
  }
  return undefined;
}
