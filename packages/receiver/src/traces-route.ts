import type { IncomingMessage, ServerResponse } from "node:http";
import { setImmediate as turn } from "node:timers/promises";
import type { Span } from "@spancost/records";
import { sendFailure, sendSuccess } from "./answer.ts";
import { DecodeError } from "./decode-error.ts";
import type { Decoder } from "./decoder.ts";
import { inflate } from "./inflate.ts";
import { Problems } from "./problems.ts";
import {
  type BodyEncoding,
  type BodyFormat,
  type BodyLimits,
  bodyEncoding,
  bodyFormat,
  mediaTypes,
  RequestError,
  readBody,
  tooBusy,
} from "./request.ts";
import { SinkFullError, type SpanSink } from "./sink.ts";

/** Spans decoded in one go, some 10 ms of work; other requests have their turn between. */
const spansPerTurn = 4096;

/** What the route needs. */
export interface TracesRouteOptions {
  readonly decoders: Readonly<Record<BodyFormat, Decoder>>;
  readonly limits: BodyLimits;
  readonly sink: SpanSink;
  /** Told of every failure that is not the sender's. */
  readonly onError: (error: unknown) => void;
}

/** Takes OTLP from one POST request and answers it, once its spans are durable or refused. */
export async function receiveTraces(
  request: IncomingMessage,
  response: ServerResponse,
  options: TracesRouteOptions,
): Promise<void> {
  const format = bodyFormat(request.headers["content-type"]);
  const problems = new Problems();
  try {
    if (format === undefined) throw unknownType(request.headers["content-type"]);
    const encoding = bodyEncoding(request.headers["content-encoding"]);
    if (encoding === undefined) throw unknownEncoding(request, response);
    const body = await bodyOf(request, encoding, options.limits);
    await store(await decode(options.decoders[format], body, problems), options);
    sendSuccess(response, format, problems);
  } catch (error) {
    answerError(error, request, response, options.onError);
  } finally {
    options.limits.budget.release(request);
  }
}

async function bodyOf(
  request: IncomingMessage,
  encoding: BodyEncoding,
  limits: BodyLimits,
): Promise<Buffer> {
  const sent = await readBody(request, limits);
  if (encoding === "identity") return sent;
  const body = inflate(sent, limits.maxBodyBytes);
  if (!limits.budget.take(request, body.byteLength)) throw tooBusy();
  return body;
}

async function decode(decoder: Decoder, body: Buffer, problems: Problems): Promise<Span[]> {
  const spans: Span[] = [];
  for (const batch of decoder.batches(body, problems, spansPerTurn)) {
    spans.push(...batch);
    if (batch.length === spansPerTurn) await turn();
  }
  return spans;
}

/** A failure to store is never the sender's, and 503 is what makes it try again; 500 would lose its spans. */
async function store(spans: readonly Span[], options: TracesRouteOptions): Promise<void> {
  try {
    await options.sink.append(spans);
  } catch (error) {
    options.onError(error);
    const reason = error instanceof SinkFullError ? error.message : "not stored: try again";
    throw new RequestError(503, reason);
  }
}

function answerError(
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  onError: (error: unknown) => void,
): void {
  // Nobody is there to answer when the sender left in the middle; it will send again.
  if (request.destroyed && !request.complete) return;
  const format = bodyFormat(request.headers["content-type"]) ?? "json";
  if (error instanceof RequestError) sendFailure(response, format, error.status, error.message);
  else if (error instanceof DecodeError) sendFailure(response, format, 400, error.message);
  else {
    onError(error);
    sendFailure(response, format, 500, "a fault in the receiver; see its log");
  }
  // What has not been read of the body is thrown away, so that the sender gets to read the answer.
  request.resume();
}

function unknownType(contentType: string | undefined): RequestError {
  const given =
    contentType === undefined ? "there is no Content-Type" : "this Content-Type is neither";
  const wanted = `${mediaTypes.protobuf} or ${mediaTypes.json}`;
  return new RequestError(415, `OTLP is sent as ${wanted}; ${given}`);
}

function unknownEncoding(request: IncomingMessage, response: ServerResponse): RequestError {
  // Source: RFC 9110, 12.5.3: with a 415 it tells what would have been understood.
  response.setHeader("Accept-Encoding", "gzip, identity");
  const given = JSON.stringify(request.headers["content-encoding"]);
  return new RequestError(415, `Content-Encoding ${given} is not supported: send gzip, or none`);
}
