import { createReadStream } from "node:fs";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { TraceFileError } from "./trace-file-error.ts";
import { hasZstd, unzstd } from "./zstd.ts";

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
const gzipMagic = Buffer.from([0x1f, 0x8b]);
const zstdMagic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/**
 * The bytes of the file at `path`, or of `stdin` where `path` is `-`: unpacked where they are gzip or zstd,
 * whatever the file is called, and without a byte order mark.
 *
 * @throws TraceFileError where they cannot be read.
 */
export async function* fileBytes(
  path: string,
  stdin: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void> {
  const name = fileName(path);
  const packed = await withHead(named(path === "-" ? stdin : createReadStream(path), name, ""));
  let bytes = packed.chunks;
  if (startsWith(packed.head, gzipMagic)) {
    bytes = named(gunzip(bytes), name, "damaged or cut-off gzip: ");
  } else if (startsWith(packed.head, zstdMagic)) {
    if (!hasZstd()) throw new TraceFileError(name, withoutZstd(path));
    bytes = named(unzstd(bytes), name, "damaged or cut-off zstd: ");
  }
  const plain = await withHead(bytes);
  if (startsWith(plain.head, byteOrderMark)) yield* skip(plain.chunks, byteOrderMark.byteLength);
  else yield* plain.chunks;
}

/** What messages call the file at `path`. */
export function fileName(path: string): string {
  return path === "-" ? "stdin" : path;
}

/** `chunks`, and the first four bytes of them, fewer only where there are no more. */
export async function withHead(
  chunks: AsyncIterable<Buffer>,
): Promise<{ head: Buffer; chunks: AsyncIterable<Buffer> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.byteLength < 4) {
    const next = await iterator.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  async function* all(): AsyncGenerator<Buffer, void> {
    yield head;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  return { head, chunks: all() };
}

function startsWith(head: Buffer, magic: Buffer): boolean {
  return head.subarray(0, magic.byteLength).equals(magic);
}

async function* skip(chunks: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer, void> {
  let left = bytes;
  for await (const chunk of chunks) {
    yield chunk.subarray(left);
    left = Math.max(0, left - chunk.byteLength);
  }
}

async function* gunzip(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  const stream = createGunzip();
  // The error of a damaged file comes out of the loop below; the callback is only for the pipeline's sake.
  pipeline(Readable.from(chunks), stream, () => undefined);
  yield* stream as AsyncIterable<Buffer>;
}

/** `chunks`, with errors that name the file. */
async function* named(
  chunks: AsyncIterable<Buffer>,
  name: string,
  problem: string,
): AsyncGenerator<Buffer, void> {
  try {
    yield* chunks;
  } catch (error) {
    if (error instanceof TraceFileError) throw error;
    throw new TraceFileError(name, problem + plainMessage(error as Error));
  }
}

/** Node's "ENOENT: no such file or directory, open 'x'" without the code, and the path that is named already. */
function plainMessage(error: NodeJS.ErrnoException): string {
  if (error.code === "EISDIR") return "this is a folder: name the files in it";
  return error.message.replace(/^E[A-Z]+: ([^,]+), .*$/s, "$1");
}

function withoutZstd(path: string): string {
  const byHand = path === "-" ? "zstd -d" : `zstd -d ${path}`;
  return `zstd needs Node 22.15 or later, and this is ${process.version}: update Node, or unpack it first: ${byHand}`;
}
