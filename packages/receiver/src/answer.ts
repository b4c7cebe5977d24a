import type { ServerResponse } from "node:http";
import type { Problems } from "./problems.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";
import { type BodyFormat, mediaTypes } from "./request.ts";

/**
 * Codes of gRPC that go with statuses of HTTP: the status of a call, and in the body of an HTTP error.
 *
 * Source: https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
 */
const rpcCodes: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 12,
  405: 12,
  408: 4,
  413: 8,
  415: 3,
  431: 8,
  500: 13,
  501: 12,
  503: 14,
};

/** The code of gRPC for a status of HTTP. */
export function rpcCodeOf(status: number): number {
  return rpcCodes[status] ?? 2;
}

/** Seconds. OpenTelemetry's JavaScript exporter gives up when it is told to wait longer than the rest of its 10 s. */
const retryAfter = "1";

/** `ExportTraceServiceResponse`: empty where all is well, else what was refused or should be known. */
export function successBody(format: BodyFormat, problems: Problems): Uint8Array {
  const errorMessage = problems.sentences().join("; ");
  const { rejected } = problems;
  if (format === "json") {
    const partialSuccess = { rejectedSpans: String(rejected), errorMessage };
    return Buffer.from(JSON.stringify(errorMessage === "" ? {} : { partialSuccess }));
  }
  const writer = new ProtobufWriter();
  if (errorMessage !== "") {
    writer.message(1, (partial) => partial.varint(1, rejected).text(2, errorMessage));
  }
  return writer.finish();
}

/** `google.rpc.Status` for an HTTP error; for 400 with a `BadRequest`, as OTLP recommends. */
export function failureBody(format: BodyFormat, status: number, message: string): Uint8Array {
  const code = rpcCodeOf(status);
  const type = "type.googleapis.com/google.rpc.BadRequest";
  if (format === "json") {
    const details = [{ "@type": type, fieldViolations: [{ field: "body", description: message }] }];
    return Buffer.from(JSON.stringify({ code, message, ...(status === 400 && { details }) }));
  }
  const writer = new ProtobufWriter().varint(1, code).text(2, message);
  if (status === 400) {
    const badRequest = new ProtobufWriter().message(1, (violation) =>
      violation.text(1, "body").text(2, message),
    );
    writer.message(3, (any) => any.text(1, type).bytes(2, badRequest.finish()));
  }
  return writer.finish();
}

/** Answers 200. */
export function sendSuccess(
  response: ServerResponse,
  format: BodyFormat,
  problems: Problems,
): void {
  send(response, 200, format, successBody(format, problems));
}

/** Answers with an error, and asks to be tried again where that may help. */
export function sendFailure(
  response: ServerResponse,
  format: BodyFormat,
  status: number,
  message: string,
): void {
  if (response.headersSent) return;
  if (status === 503) response.setHeader("Retry-After", retryAfter);
  // Source: RFC 9110, 15.5.2: a 401 tells how to authenticate.
  if (status === 401) response.setHeader("WWW-Authenticate", 'Bearer realm="spancost"');
  send(response, status, format, failureBody(format, status, message));
}

function send(
  response: ServerResponse,
  status: number,
  format: BodyFormat,
  body: Uint8Array,
): void {
  response.writeHead(status, {
    "Content-Type": mediaTypes[format],
    "Content-Length": body.byteLength,
  });
  response.end(body);
}
