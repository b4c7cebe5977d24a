import { ProtobufReader } from "../protobuf-reader.ts";
import type { BodyFormat } from "../request.ts";

/** What `ExportTraceServiceResponse` says, or `google.rpc.Status`, whichever `body` is. */
export interface Said {
  /** Of `partial_success`; `undefined` where that is not set. */
  readonly rejectedSpans: number | undefined;
  /** Of `partial_success` or of the status. */
  readonly message: string | undefined;
  /** Of the status. */
  readonly code: number | undefined;
}

/** Reads the body of a 200. */
export function readSuccess(format: BodyFormat, body: Buffer): Said {
  if (format === "protobuf") return readProtobuf(body, 0);
  const { partialSuccess } = JSON.parse(body.toString());
  return {
    rejectedSpans: partialSuccess && Number(partialSuccess.rejectedSpans),
    message: partialSuccess?.errorMessage,
    code: undefined,
  };
}

/** Reads the body of an error. */
export function readFailure(format: BodyFormat, body: Buffer): Said {
  if (format === "json") return { rejectedSpans: undefined, ...JSON.parse(body.toString()) };
  const { rejectedSpans: code, message } = readProtobuf(body, 1);
  return { rejectedSpans: undefined, code, message };
}

/** Both messages have a number in field 1 and a text in field 2; that of a success is one level deeper. */
function readProtobuf(body: Buffer, numberLevel: 0 | 1): Said {
  const reader = new ProtobufReader(body);
  let number: number | undefined;
  let message: string | undefined;
  if (numberLevel === 0 && reader.more()) {
    reader.tag();
    reader.enter();
  }
  while (reader.more()) {
    const tag = reader.tag();
    if (tag === 0x08) {
      reader.varint();
      number = reader.low;
    } else if (tag === 0x12) message = reader.text();
    else reader.skip(tag);
  }
  return { rejectedSpans: number, message, code: undefined };
}
