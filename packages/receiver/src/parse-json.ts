import { constants } from "node:buffer";
import { DecodeError } from "./decode-error.ts";

/**
 * The document in `bytes`, with 64-bit integers as strings where a double would round them.
 *
 * @throws DecodeError which never quotes the document: it may hold somebody's prompt.
 */
export function parseJson(bytes: Uint8Array): unknown {
  if (bytes.byteLength > constants.MAX_STRING_LENGTH) {
    throw new DecodeError(`${bytes.byteLength} bytes are too many for one JSON document`);
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  try {
    return JSON.parse(longInteger.test(text) ? text.replace(everyLongInteger, '$1"$2"') : text);
  } catch (error) {
    throw new DecodeError(`not valid JSON${faultOf(error, text)}`);
  }
}

// The field of a 64-bit integer, and 16 digits or more without quotes. Within a JSON string every quote has a
// backslash before it, so text that looks like this inside a string does not match.
const field = String.raw`(?<!\\)"(?:intValue|(?:startT|endT|t)imeUnixNano)"\s*:\s*`;
const longInteger = new RegExp(String.raw`${field}-?\d{16}`);
const everyLongInteger = new RegExp(String.raw`(${field})(-?\d{16,})(?=\s*[,}])`, "g");

/** Where JSON.parse stopped. Its own message may quote what stands there. */
function faultOf(error: unknown, text: string): string {
  if (text.trim() === "") return ": it is empty";
  const message = error instanceof Error ? error.message : "";
  if (message.startsWith("Unexpected end")) return ": it ends too early";
  const position = / at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return ` at character ${position}`;
  const token = /^Unexpected token '(.)'/u.exec(message)?.[1];
  return token === undefined ? "" : `: unexpected ${JSON.stringify(token)}`;
}
