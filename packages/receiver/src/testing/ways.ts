import { Agent } from "node:http";
import { gzipSync } from "node:zlib";
import { rpcCodeOf } from "../answer.ts";
import { encodeRequest, type OtlpRequest } from "../encode-request.ts";
import { type BodyEncoding, type BodyFormat, mediaTypes } from "../request.ts";
import { readFailure, readSuccess } from "./answers.ts";
import { type CallAnswer, type Calling, frame, GrpcWire } from "./grpc-wire.ts";
import { type Answer, post, type Sending } from "./http-post.ts";

/** Where a receiver listens on this machine. */
export interface Ports {
  readonly port: number;
  readonly grpcPort: number;
}

/** What came of a request, the same whichever way it was sent. */
export interface Outcome {
  /** Of HTTP; for gRPC the one that goes with its code. */
  readonly status: number;
  /** Of the partial success or the error; `undefined` for a plain success. */
  readonly message: string | undefined;
  /** Spans that were refused; `undefined` where none were and nothing was said. */
  readonly rejected: number | undefined;
  /** Seconds after which to try again. */
  readonly retryAfter: number | undefined;
}

/** A plain success. */
export const plainSuccess: Outcome = {
  status: 200,
  message: undefined,
  rejected: undefined,
  retryAfter: undefined,
};

/** One of the six ways in which a request can be sent. */
export interface Way {
  readonly transport: "http" | "grpc";
  readonly format: BodyFormat;
  readonly encoding: BodyEncoding;
  /** Sends a body that is packed already. @throws Error where the answer is not as OTLP has it */
  sendPacked(to: Ports, bytes: Uint8Array, headers?: Record<string, string>): Promise<Outcome>;
}

/** `request` in the format of `way`, not yet compressed. */
export function bytesOf(way: Way, request: OtlpRequest): Buffer {
  return Buffer.from(
    way.format === "json" ? JSON.stringify(request) : (encodeRequest(request) as Buffer),
  );
}

/** `bytes` compressed as `way` has it. */
export function pack(way: Way, bytes: Uint8Array): Uint8Array {
  return way.encoding === "gzip" ? gzipSync(bytes) : bytes;
}

/** Sends a body that is in the format of `way`, and not yet packed. */
export function sendBytes(
  way: Way,
  to: Ports,
  bytes: Uint8Array,
  headers?: Record<string, string>,
): Promise<Outcome> {
  return way.sendPacked(to, pack(way, bytes), headers);
}

export function send(way: Way, to: Ports, request: OtlpRequest): Promise<Outcome> {
  return sendBytes(way, to, bytesOf(way, request));
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 });
const wires = new Map<number, GrpcWire>();

/** Sends to gRPC on `port`, on one connection for all calls. */
export function callOn(port: number, bytes: Uint8Array, calling?: Calling): Promise<CallAnswer> {
  let wire = wires.get(port);
  if (wire === undefined || wire.session.closed || wire.session.destroyed) {
    wire = new GrpcWire(port);
    wire.session.unref();
    wires.set(port, wire);
  }
  return wire.call(bytes, calling);
}

/** Ends the connections that were kept for other requests. */
export function hangUp(): void {
  agent.destroy();
  for (const wire of wires.values()) wire.close();
  wires.clear();
}

/** A way over HTTP. */
export class HttpWay implements Way {
  readonly transport = "http";
  readonly format: BodyFormat;
  readonly encoding: BodyEncoding;

  constructor(format: BodyFormat, encoding: BodyEncoding) {
    this.format = format;
    this.encoding = encoding;
  }

  /** The answer as it came. */
  post({ port }: Ports, bytes: Uint8Array, sending: Sending = {}): Promise<Answer> {
    const headers = {
      "Content-Type": mediaTypes[this.format],
      ...(this.encoding === "gzip" && { "Content-Encoding": "gzip" }),
      ...sending.headers,
    };
    return post(agent, port, bytes, { ...sending, headers });
  }

  async sendPacked(to: Ports, bytes: Uint8Array, headers: Record<string, string> = {}) {
    return this.read(await this.post(to, bytes, { headers }));
  }

  /** What `answer` comes to. @throws Error where it is not in the format of the request */
  read({ status, headers, body }: Answer): Outcome {
    const type = headers["content-type"];
    if (type !== mediaTypes[this.format]) throw new Error(`${status} came as ${type}`);
    const said = status === 200 ? readSuccess(this.format, body) : readFailure(this.format, body);
    if (status !== 200 && said.code !== rpcCodeOf(status)) {
      throw new Error(`${status} came with code ${said.code}`);
    }
    const retryAfter = headers["retry-after"];
    return {
      status,
      message: said.message,
      rejected: said.rejectedSpans,
      retryAfter: retryAfter === undefined ? undefined : Number(retryAfter),
    };
  }
}

/** Statuses of HTTP that go with codes of gRPC. */
const httpStatuses = new Map(
  [400, 401, 403, 408, 413, 500, 501, 503].map((status) => [rpcCodeOf(status), status]),
);

/** A way over gRPC. */
export class GrpcWay implements Way {
  readonly transport = "grpc";
  readonly format = "protobuf";
  readonly encoding: BodyEncoding;

  constructor(encoding: BodyEncoding) {
    this.encoding = encoding;
  }

  async sendPacked({ grpcPort }: Ports, bytes: Uint8Array, headers: Record<string, string> = {}) {
    const compressed = this.encoding === "gzip";
    const encoding = compressed ? { "grpc-encoding": "gzip" } : {};
    const calling = { headers: { ...encoding, ...headers } };
    return this.read(await callOn(grpcPort, frame(bytes, compressed), calling));
  }

  /** What `answer` comes to. @throws Error where it is none, or its details do not agree with it */
  read(answer: CallAnswer): Outcome {
    const { code, body, details } = answer;
    if (code === undefined || answer.httpStatus !== 200) {
      throw new Error(`cut off: ${JSON.stringify(answer)}`);
    }
    if (code === 0) {
      if (body === undefined) throw new Error("OK came without a message");
      const { message, rejectedSpans } = readSuccess("protobuf", body);
      return { status: 200, message, rejected: rejectedSpans, retryAfter: undefined };
    }
    const said = details === undefined ? undefined : readFailure("protobuf", details);
    if (said !== undefined && (said.code !== code || said.message !== answer.message)) {
      throw new Error(`details say ${said.code} ${said.message}`);
    }
    return {
      status: httpStatuses.get(code) ?? -code,
      message: answer.message,
      rejected: undefined,
      retryAfter: details?.includes("google.rpc.RetryInfo") ? retryDelayOf(details) : undefined,
    };
  }
}

/** The seconds at the very end of the details: all of RetryInfo is one Duration. */
function retryDelayOf(details: Buffer): number | undefined {
  const [duration, length, seconds, value] = details.subarray(-4);
  return duration === 0x0a && length === 2 && seconds === 0x08 ? value : undefined;
}

export const httpWays: readonly HttpWay[] = [
  new HttpWay("protobuf", "identity"),
  new HttpWay("protobuf", "gzip"),
  new HttpWay("json", "identity"),
  new HttpWay("json", "gzip"),
];

export const grpcWays: readonly GrpcWay[] = [new GrpcWay("identity"), new GrpcWay("gzip")];

export const ways: readonly Way[] = [...httpWays, ...grpcWays];

/** `of`, each with its name, as vitest's `each` takes them. */
export function named<OneWay extends Way>(of: readonly OneWay[]): [string, OneWay][] {
  return of.map((way) => {
    const body = way.transport === "grpc" ? "gRPC" : `HTTP ${way.format}`;
    return [`${body}${way.encoding === "gzip" ? " gzip" : ""}`, way];
  });
}
