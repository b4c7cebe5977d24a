import type { IncomingMessage } from "node:http";
import type { Admitted } from "./gate.ts";

/** The two encodings of OTLP. */
export type BodyFormat = "protobuf" | "json";

/** How a body is compressed. */
export type BodyEncoding = "identity" | "gzip";

/** Media types of OTLP. Source: https://opentelemetry.io/docs/specs/otlp/#otlphttp-request */
export const mediaTypes = {
  protobuf: "application/x-protobuf",
  json: "application/json",
} as const satisfies Record<BodyFormat, string>;

/** A request that is answered with an error and stored nothing. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  /** HTTP status, 400 to 503; gRPC has the code that goes with it. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** What a `Content-Type` header announces, whatever its parameters; `undefined` where it is not OTLP. */
export function bodyFormat(contentType: string | undefined): BodyFormat | undefined {
  const mediaType = contentType?.split(";", 1)[0]?.trim().toLowerCase();
  if (mediaType === mediaTypes.protobuf) return "protobuf";
  return mediaType === mediaTypes.json ? "json" : undefined;
}

/** What a `Content-Encoding` header announces; `undefined` where it cannot be undone, as when there are two. */
export function bodyEncoding(contentEncoding: string | undefined): BodyEncoding | undefined {
  const codings = (contentEncoding ?? "")
    .split(",")
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== "" && coding !== "identity");
  if (codings.length === 0) return "identity";
  const isGzip = codings.length === 1 && (codings[0] === "gzip" || codings[0] === "x-gzip");
  return isGzip ? "gzip" : undefined;
}

/**
 * The whole body of `request`, as sent, held by `admitted`.
 *
 * @throws RequestError 413 where it is larger than `maxBodyBytes`, 503 where its sender holds too much already.
 * Rejects with the socket's error where the sender goes away before its end.
 */
export async function readBody(
  request: IncomingMessage,
  maxBodyBytes: number,
  admitted: Admitted,
): Promise<Buffer> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > maxBodyBytes) throw tooLarge(maxBodyBytes);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const stop = (error: unknown) => {
      request.off("data", take);
      chunks.length = 0;
      reject(error);
    };
    const take = (chunk: Buffer) => {
      length += chunk.byteLength;
      if (length > maxBodyBytes) return stop(tooLarge(maxBodyBytes));
      try {
        admitted.hold(chunk.byteLength);
      } catch (error) {
        return stop(error);
      }
      chunks.push(chunk);
    };
    request.on("data", take);
    request.once("end", () =>
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length)),
    );
    request.once("error", stop);
    request.once("close", () => stop(new Error("the sender closed the connection")));
  });
}

/** The answer to a body larger than `maxBodyBytes`. */
export function tooLarge(maxBodyBytes: number): RequestError {
  return new RequestError(
    413,
    `the request body is larger than ${maxBodyBytes} bytes: send smaller batches, or raise the receiver's limit`,
  );
}

/** The answer while the requests that are being answered hold as much memory as they may. */
export function tooBusy(): RequestError {
  return new RequestError(503, "the receiver is busy with other requests: try again");
}
