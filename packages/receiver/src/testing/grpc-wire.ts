import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type SecureClientSessionOptions,
} from "node:http2";
import { tracesPath } from "../grpc/services.ts";

/** How a call ended. */
export interface CallAnswer {
  readonly httpStatus: number;
  /** `grpc-status`; `undefined` where the connection or the stream was cut off instead. */
  readonly code: number | undefined;
  readonly message: string | undefined;
  /** `grpc-status-details-bin`: a `google.rpc.Status` in protobuf. */
  readonly details: Buffer | undefined;
  /** The message of the answer; `undefined` where there is none. */
  readonly body: Buffer | undefined;
}

/** What to send besides the frames. */
export interface Calling {
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
  /** Whether the sender ends its side. Default true. */
  readonly end?: boolean;
}

/** A message as gRPC sends it. */
export function frame(message: Uint8Array, compressed = false): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(compressed ? 1 : 0);
  prefix.writeUInt32BE(message.byteLength, 1);
  return Buffer.concat([prefix, message]);
}

/** gRPC by hand, so that what no library sends can be sent too. */
export class GrpcWire {
  readonly session: ClientHttp2Session;

  constructor(port: number, tls?: SecureClientSessionOptions) {
    const scheme = tls === undefined ? "http" : "https";
    // Megabytes: a hundred large messages at once are not the client's to refuse.
    this.session = connect(`${scheme}://127.0.0.1:${port}`, { maxSessionMemory: 1000, ...tls });
    this.session.on("error", () => undefined);
  }

  /** Begins a call; nothing of a message is sent yet. */
  open({ path = tracesPath, headers }: Calling = {}): ClientHttp2Stream {
    const stream = this.session.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      ...headers,
    });
    stream.on("error", () => undefined);
    return stream;
  }

  /** Sends `bytes`, which are frames or what is left of them, as one call. */
  call(bytes: Uint8Array, calling: Calling = {}): Promise<CallAnswer> {
    const stream = this.open(calling);
    const answer = answerOf(stream);
    if (bytes.byteLength > 0) stream.write(bytes);
    if (calling.end !== false) stream.end();
    return answer;
  }

  close(): void {
    this.session.destroy();
  }
}

/** How the call on `stream` ends. */
export function answerOf(stream: ClientHttp2Stream): Promise<CallAnswer> {
  return new Promise((resolve) => {
    let headers: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    stream.on("response", (received) => {
      headers = received;
    });
    stream.on("trailers", (received) => {
      trailers = received;
    });
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("close", () => {
      const text = (name: string) => {
        const value = trailers[name] ?? headers[name];
        return value === undefined ? undefined : String(value);
      };
      const code = text("grpc-status");
      const message = text("grpc-message");
      const details = text("grpc-status-details-bin");
      resolve({
        httpStatus: Number(headers[":status"] ?? 0),
        code: code === undefined ? undefined : Number(code),
        message: message && decodeURI(message),
        details: details === undefined ? undefined : Buffer.from(details, "base64"),
        body: chunks.length === 0 ? undefined : Buffer.concat(chunks).subarray(5),
      });
    });
  });
}
