import {
  closeSync,
  existsSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import type { Random } from "../../../packages/cli/src/demo/random.ts";

/** Ways in which a file goes bad. `path` is its whole path. */
export type Damage = (path: string, random: Random) => void;

export const deleted: Damage = (path) => rmSync(path, { force: true });

export const emptied: Damage = (path) => writeFileSync(path, "");

/** Anywhere, but never nowhere. */
export const cutShort: Damage = (path, random) =>
  truncateSync(path, Math.floor(random.next() * statSync(path).size));

/** A few bytes of its end are missing. */
export const cutTail: Damage = (path, random) =>
  truncateSync(path, Math.max(0, statSync(path).size - 1 - Math.floor(random.next() * 200)));

/** Zeros from `from` on, as many as asked or as there are. */
export function zeroed(bytes: number, from?: number): Damage {
  return (path, random) => {
    const { size } = statSync(path);
    const start = from ?? Math.floor((random.next() * size) / 4096) * 4096;
    overwrite(path, start, Buffer.alloc(Math.max(0, Math.min(bytes, size - start))));
  };
}

/** Zeros after its end: the size reached the disk, the content did not. */
export const zeroTail: Damage = (path, random) => {
  const { size } = statSync(path);
  overwrite(path, size, Buffer.alloc(1 + Math.floor(random.next() * 8192)));
};

export function flippedBits(count: number): Damage {
  return (path, random) => {
    const { size } = statSync(path);
    for (let nth = 0; nth < count && size > 0; nth++) {
      const at = Math.floor(random.next() * size);
      const byte = Buffer.alloc(1);
      const fd = openSync(path, "r+");
      readSync(fd, byte, 0, 1, at);
      byte[0] = (byte[0] ?? 0) ^ (1 << Math.floor(random.next() * 8));
      writeSync(fd, byte, 0, 1, at);
      closeSync(fd);
    }
  };
}

/** Random bytes instead of its own, as many; where there is no such file, some thousand. */
export const garbage: Damage = (path, random) => {
  const size = existsSync(path) ? statSync(path).size : 0;
  writeFileSync(path, noise(Math.max(size, 5_000), random));
};

export const garbageTail: Damage = (path, random) => {
  const { size } = statSync(path);
  overwrite(path, size, noise(1 + Math.floor(random.next() * 5_000), random));
};

/** The first half of the first page is of one write, the rest of another: a header that was torn. */
export const tornHeader: Damage = (path, random) => overwrite(path, 512, noise(3_584, random));

export const text: Damage = (path) => writeFileSync(path, "this is no database\n".repeat(400));

function noise(bytes: number, random: Random): Buffer {
  const buffer = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; at++) buffer[at] = Math.floor(random.next() * 256);
  return buffer;
}

function overwrite(path: string, at: number, bytes: Uint8Array): void {
  const fd = openSync(path, "r+");
  writeSync(fd, bytes, 0, bytes.byteLength, at);
  closeSync(fd);
}
