import { DecodeError } from "../decode-error.ts";
import { bytesTag, ProtobufReader, varintTag } from "../protobuf-reader.ts";
import { asObject } from "./otlp-json.ts";

/** What an endpoint says in the body of its answer. */
export interface Said {
  /** Spans that it refused of a request that it took. */
  readonly rejectedSpans: number;
  /** A sentence for people, safe to log; empty where there is none. */
  readonly message: string;
}

const nothing: Said = { rejectedSpans: 0, message: "" };
const longestMessage = 200;

const partialSuccess = bytesTag(1);
/** `rejected_spans` of a partial success. */
const number = varintTag(1);
/** `error_message` of a partial success, `message` of a `google.rpc.Status`. */
const text = bytesTag(2);

/**
 * What `body` says: an `ExportTraceServiceResponse` where `status` is 200, else a `google.rpc.Status`.
 *
 * Some endpoints answer protobuf with JSON. A page in HTML, or whatever else it may be, says nothing.
 */
export function readAnswer(status: number, contentType: string | undefined, body: Buffer): Said {
  const type = contentType?.split(";", 1)[0]?.trim().toLowerCase();
  try {
    if (type === "application/json") return readJson(status, body);
    return type === "application/x-protobuf" ? readProtobuf(status, body) : nothing;
  } catch (error) {
    if (error instanceof DecodeError || error instanceof SyntaxError) return nothing;
    throw error;
  }
}

function readJson(status: number, body: Buffer): Said {
  const answer = asObject(JSON.parse(body.toString() || "{}"));
  if (status !== 200) return { rejectedSpans: 0, message: clean(answer?.["message"]) };
  const partial = asObject(answer?.["partialSuccess"]);
  const rejected = Number(partial?.["rejectedSpans"] ?? 0);
  return {
    rejectedSpans: Number.isSafeInteger(rejected) && rejected > 0 ? rejected : 0,
    message: clean(partial?.["errorMessage"]),
  };
}

function readProtobuf(status: number, body: Buffer): Said {
  const reader = new ProtobufReader(body);
  if (status === 200) {
    if (!reader.find(partialSuccess)) return nothing;
    reader.enter();
  }
  let rejectedSpans = 0;
  let message = "";
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === number && status === 200) {
      reader.varint();
      rejectedSpans = reader.high === 0 ? reader.low : 0;
    } else if (tag === text) {
      message = clean(reader.text(longestMessage * 4));
    } else {
      reader.skip(tag);
    }
  }
  return { rejectedSpans, message };
}

/** One line of printable characters. */
function clean(value: unknown): string {
  if (typeof value !== "string") return "";
  return value
    .replace(/[\p{C}\s]+/gu, " ")
    .trim()
    .slice(0, longestMessage);
}
