import { createReadStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { HttpError, streamHeaders } from "./answers.ts";

/** Media type of a database file. */
export const snapshotType = "application/vnd.duckdb";

/** Sends copies of the database, one at a time: each takes the disk space of the whole. */
export class SnapshotRoute {
  readonly #write: (outFile: string) => Promise<void>;
  #busy = false;

  /** @param write makes a consistent copy in a file that does not exist yet */
  constructor(write: (outFile: string) => Promise<void>) {
    this.#write = write;
  }

  async answer(response: ServerResponse): Promise<void> {
    if (this.#busy)
      throw new HttpError(503, "a snapshot is being made already. Try again when it is done.");
    this.#busy = true;
    const folder = await mkdtemp(join(tmpdir(), "spancost-snapshot-"));
    try {
      const file = join(folder, "snapshot.duckdb");
      await this.#write(file);
      const { size } = await stat(file);
      response.writeHead(200, streamHeaders(snapshotType, size));
      await pipeline(createReadStream(file), response);
    } finally {
      this.#busy = false;
      await rm(folder, { recursive: true, force: true });
    }
  }
}
