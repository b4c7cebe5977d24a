import { once } from "node:events";
import * as zlib from "node:zlib";

/** Whether this Node can read zstd: 22.15 and later. */
export function hasZstd(): boolean {
  return typeof zlib.createZstdDecompress === "function";
}

/**
 * The bytes that were compressed into the zstd frames of `chunks`. Rejects where a frame is damaged or not whole.
 *
 * Node stops at the end of a frame and drops the rest of the chunk without a word, so what it has left is
 * given to a decompressor of its own.
 */
export async function* unzstd(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let frame = new Frame();
  for await (const chunk of chunks) {
    let rest = chunk.subarray(await frame.write(chunk));
    yield* frame.takeOutput();
    while (rest.byteLength > 0) {
      frame = new Frame();
      rest = rest.subarray(await frame.write(rest));
      yield* frame.takeOutput();
    }
  }
  await frame.end();
  yield* frame.takeOutput();
}

class Frame {
  readonly #zstd = zlib.createZstdDecompress();
  readonly #ended = once(this.#zstd, "end");
  #output: Buffer[] = [];

  constructor() {
    this.#zstd.on("data", (chunk: Buffer) => this.#output.push(chunk));
    // Whoever waits for it gets the error; when nobody does yet, it must not end the process.
    this.#ended.catch(() => undefined);
  }

  /** The bytes of `chunk` that belong to this frame and are now in the output. */
  async write(chunk: Buffer): Promise<number> {
    const before = this.#zstd.bytesWritten;
    const written = new Promise<void>((resolve) => this.#zstd.write(chunk, () => resolve()));
    await Promise.race([written, this.#ended]);
    const taken = this.#zstd.bytesWritten - before;
    if (taken < chunk.byteLength) await this.#ended;
    return taken;
  }

  async end(): Promise<void> {
    this.#zstd.end();
    await this.#ended;
  }

  takeOutput(): Buffer[] {
    const output = this.#output;
    this.#output = [];
    return output;
  }
}
