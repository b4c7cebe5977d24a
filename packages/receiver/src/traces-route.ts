import type { IncomingMessage, ServerResponse } from "node:http";
import { sendFailure, sendSuccess } from "./answer.ts";
import type { Answered } from "./answered.ts";
import { toRequestError } from "./failure.ts";
import { hopsOf } from "./forwarding/forwarder.ts";
import type { Admitted, Gate } from "./gate.ts";
import type { Intake } from "./intake.ts";
import {
  type BodyEncoding,
  bodyEncoding,
  bodyFormat,
  mediaTypes,
  RequestError,
  readBody,
} from "./request.ts";

/** What the route needs. */
export interface TracesRouteOptions {
  readonly gate: Gate;
  readonly intake: Intake;
  /** Bytes of one body as it is sent. */
  readonly maxBodyBytes: number;
  /** Told of every answer. */
  readonly onAnswer: (answered: Answered) => void;
  /** Told of every failure that is not the sender's. */
  readonly onError: (error: unknown) => void;
}

/** Takes OTLP from one POST request and answers it, once its spans are durable or refused. */
export async function receiveTraces(
  request: IncomingMessage,
  response: ServerResponse,
  options: TracesRouteOptions,
): Promise<void> {
  const { onAnswer, onError } = options;
  const begun = performance.now();
  const format = bodyFormat(request.headers["content-type"]);
  let encoding: BodyEncoding | undefined;
  let bytes: Buffer | undefined;
  const answered = (status: number, stored: number, rejected: number) =>
    onAnswer({
      transport: "http",
      format,
      encoding,
      bytes: bytes?.byteLength,
      millis: performance.now() - begun,
      status,
      stored,
      rejected,
    });
  let admitted: Admitted | undefined;
  try {
    admitted = options.gate.admit(request.headers.authorization, request.socket.remoteAddress);
    if (format === undefined) throw unknownType(request.headers["content-type"]);
    encoding = bodyEncoding(request.headers["content-encoding"]);
    if (encoding === undefined) throw unknownEncoding(response);
    if (request.headers.expect !== undefined) response.writeContinue();
    bytes = await readBody(request, options.maxBodyBytes, admitted);
    const sent = { bytes, format, encoding, hops: hopsOf(request.headers["spancost-hops"]) };
    const { stored, problems } = await options.intake.take(sent, admitted);
    sendSuccess(response, format, problems);
    answered(200, stored, problems.rejected);
  } catch (error) {
    // Nobody is there to answer when the sender left in the middle; it will send again.
    if (request.destroyed && !request.complete) return;
    const { status, message } = toRequestError(error, onError);
    sendFailure(response, format ?? "json", status, message);
    answered(status, 0, 0);
    // What has not been read of the body is thrown away, so that the sender gets to read the answer.
    request.resume();
  } finally {
    admitted?.release();
  }
}

function unknownType(contentType: string | undefined): RequestError {
  const given =
    contentType === undefined ? "there is no Content-Type" : "this Content-Type is neither";
  const wanted = `${mediaTypes.protobuf} or ${mediaTypes.json}`;
  return new RequestError(415, `OTLP is sent as ${wanted}; ${given}`);
}

function unknownEncoding(response: ServerResponse): RequestError {
  // Source: RFC 9110, 12.5.3: with a 415 it tells what would have been understood.
  response.setHeader("Accept-Encoding", "gzip, identity");
  return new RequestError(415, "this Content-Encoding is not supported: send gzip, or none");
}
