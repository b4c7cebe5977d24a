import { Metadata } from "@grpc/grpc-js";
import { rpcCodeOf } from "../answer.ts";
import { ProtobufWriter } from "../protobuf-writer.ts";
import type { RequestError } from "../request.ts";

/** How a call that failed ends. */
export interface CallStatus {
  readonly code: number;
  readonly details: string;
  readonly metadata: Metadata;
}

/** Seconds after which a sender may try again. */
const retryDelay = 1;

/**
 * The status of a call for what would be an HTTP error.
 *
 * One that may be sent again comes with a `RetryInfo`, one that cannot be decoded with a `BadRequest`.
 * Source: https://opentelemetry.io/docs/specs/otlp/#failures
 */
export function callStatusOf({ status, message }: RequestError): CallStatus {
  const code = rpcCodeOf(status);
  const metadata = new Metadata();
  const detail = detailOf(status, message);
  if (detail !== undefined) {
    // Source: google/rpc/status.proto
    const writer = new ProtobufWriter().varint(1, code).text(2, message);
    writer.message(3, (any) =>
      any.text(1, `type.googleapis.com/google.rpc.${detail.type}`).bytes(2, detail.message),
    );
    metadata.set("grpc-status-details-bin", Buffer.from(writer.finish()));
  }
  return { code, details: message.toWellFormed(), metadata };
}

/** Source: google/rpc/error_details.proto */
function detailOf(status: number, message: string) {
  if (status === 503) {
    const duration = new ProtobufWriter().message(1, (delay) => delay.varint(1, retryDelay));
    return { type: "RetryInfo", message: duration.finish() };
  }
  if (status !== 400) return undefined;
  const violation = new ProtobufWriter().message(1, (field) =>
    field.text(1, "body").text(2, message),
  );
  return { type: "BadRequest", message: violation.finish() };
}
