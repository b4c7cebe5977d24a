import { DecodeError } from "./decode-error.ts";
import { ProtobufReader, WireType } from "./protobuf-reader.ts";

/** Some fields of a message, one after the other: a message too. */
export interface Fields {
  readonly bytes: Buffer;
  /** Where they begin in the message. */
  readonly origin: number;
}

/**
 * The message in `chunks`, cut between fields, so that no more of it need be held than its largest field.
 *
 * What cannot be read as fields comes last as it is: its decoder tells what is wrong with it.
 */
export async function* wholeFields(chunks: AsyncIterable<Buffer>): AsyncGenerator<Fields, void> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let wantedBytes = 1;
  let origin = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    heldBytes += chunk.byteLength;
    if (heldBytes < wantedBytes) continue;
    const bytes = Buffer.concat(held, heldBytes);
    const { end, next } = lastWholeField(bytes);
    if (end > 0) yield { bytes: bytes.subarray(0, end), origin };
    held = [bytes.subarray(end)];
    heldBytes -= end;
    wantedBytes = next - end;
    origin += end;
  }
  if (heldBytes > 0) yield { bytes: Buffer.concat(held, heldBytes), origin };
}

/** Where the last whole field of `bytes` ends, and where the one after it does, as far as can be seen. */
function lastWholeField(bytes: Buffer): { end: number; next: number } {
  const reader = new ProtobufReader(bytes);
  let end = 0;
  try {
    while (reader.more()) {
      const tag = reader.tag();
      if ((tag & 7) === WireType.bytes) {
        reader.varint();
        const next = reader.position + reader.low;
        if (next > bytes.byteLength) return { end, next };
        reader.position = next;
      } else {
        reader.skip(tag);
      }
      end = reader.position;
    }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    // Cut off within a tag, a length or a number; or no protobuf, which more bytes will not mend.
    return { end, next: bytes.byteLength * 2 };
  }
  return { end, next: end + 1 };
}
