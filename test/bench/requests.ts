import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type CallShape, modelCalls } from "./model-calls.ts";

/** Request bodies as senders send them: gzip, level 6. */
export interface Requests {
  readonly file: string;
  readonly spans: number;
  readonly spansPerRequest: number;
}

/** Writes the requests of `shape` to a file, for they are too many to be held by all who need them. */
export function writeRequests(folder: string, name: string, shape: CallShape): Requests {
  const file = join(folder, `${name}.requests`);
  const handle = openSync(file, "w");
  for (const body of modelCalls(shape)) {
    const packed = gzipSync(body, { level: 6 });
    const length = Buffer.alloc(4);
    length.writeUInt32LE(packed.byteLength);
    writeSync(handle, length);
    writeSync(handle, packed);
  }
  closeSync(handle);
  const { requests, spansPerRequest } = shape;
  return { file, spans: requests * spansPerRequest, spansPerRequest };
}

/** The bodies in a file that `writeRequests` wrote. */
export function readRequests(file: string): Buffer[] {
  const bytes = readFileSync(file);
  const bodies: Buffer[] = [];
  for (let at = 0; at < bytes.byteLength; ) {
    const end = at + 4 + bytes.readUInt32LE(at);
    bodies.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return bodies;
}
