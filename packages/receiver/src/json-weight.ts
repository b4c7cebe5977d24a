import { setImmediate as turn } from "node:timers/promises";
import { RequestError } from "./request.ts";

/**
 * Bytes of memory that one body may take, itself included: that is 50,000 spans of 20 attributes.
 *
 * It is less than one sender may hold by default. Without it, 64 MiB of `{}` become 2.6 GB of objects, in 8 seconds in
 * which nothing else happens (Node 24).
 */
const maxBytes = 190_000_000;
/** What an object or an array takes, about, and what each further value in one. */
const objectBytes = 48;
const valueBytes = 8;
/** Bodies below are parsed unseen: they cannot hold more than a tenth of the limit. */
const lightBytes = 256 * 1024;
/** Bytes looked at in one go, some milliseconds. */
const bytesPerTurn = 1024 * 1024;

const quote = 0x22;
const backslash = 0x5c;
/** What each byte outside of strings weighs. */
const weights = new Uint8Array(256);
for (const byte of Buffer.from("[{")) weights[byte] = objectBytes;
for (const byte of Buffer.from(",")) weights[byte] = valueBytes;

/**
 * The bytes of memory that `body`, which is JSON or claims to be, takes once it is parsed, beside its texts.
 *
 * @throws RequestError 413 where these are more than one body may take
 */
export async function weightOfJson(body: Uint8Array): Promise<number> {
  if (body.byteLength < lightBytes) return 0;
  let weight = 0;
  let inString = false;
  let at = 0;
  while (at < body.byteLength) {
    const end = Math.min(body.byteLength, at + bytesPerTurn);
    while (at < end) {
      const byte = body[at] as number;
      if (inString) {
        if (byte === backslash) at += 1;
        else if (byte === quote) inString = false;
      } else if (byte === quote) inString = true;
      else weight += weights[byte] as number;
      at += 1;
    }
    if (body.byteLength + weight > maxBytes) throw tooHeavy();
    if (at < body.byteLength) await turn();
  }
  return weight;
}

function tooHeavy(): RequestError {
  return new RequestError(
    413,
    "the request is JSON of too many objects: send smaller batches, or protobuf",
  );
}
