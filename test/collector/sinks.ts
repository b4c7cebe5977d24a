import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { Server as GrpcServer, ServerCredentials } from "@grpc/grpc-js";
import { type DecodedRequest, type DecodedSpan, decode, spansOf } from "../forwarding/otlp.ts";

/** Something that a Collector sends to: keeps what came, as it came. */
export abstract class Sink implements AsyncDisposable {
  /** Each request's body, without its compression. */
  readonly bodies: Buffer[] = [];
  readonly headers: Record<string, unknown>[] = [];
  port = 0;

  get requests(): DecodedRequest[] {
    return this.bodies.map((body) => decode(body));
  }

  get spans(): DecodedSpan[] {
    return this.requests.flatMap((request) => spansOf(request));
  }

  /** A span by trace and id, however often it came. */
  get spanIds(): Set<string> {
    return new Set(this.spans.map(({ traceId, spanId }) => `${traceId} ${spanId}`));
  }

  abstract close(): Promise<void>;

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** OTLP over HTTP. */
export class HttpSink extends Sink {
  readonly #server: Server;

  private constructor() {
    super();
    this.#server = createServer(async (request, response) => {
      const body = await buffer(request);
      this.headers.push(request.headers);
      this.bodies.push(request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body);
      response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
    });
  }

  static async start(): Promise<HttpSink> {
    const sink = new HttpSink();
    await new Promise<void>((done) => sink.#server.listen(0, "127.0.0.1", done));
    sink.port = (sink.#server.address() as AddressInfo).port;
    return sink;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

/** OTLP over gRPC. */
export class GrpcSink extends Sink {
  readonly #server = new GrpcServer({ "grpc.max_receive_message_length": 64 << 20 });

  private constructor() {
    super();
    const path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    const asIs = (bytes: Buffer) => bytes;
    const exporting = {
      path,
      requestStream: false,
      responseStream: false,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    };
    this.#server.addService(
      { export: exporting },
      {
        export: (
          call: { request: Buffer; metadata: { getMap(): Record<string, unknown> } },
          done: (error: null, answer: Buffer) => void,
        ) => {
          this.bodies.push(call.request);
          this.headers.push(call.metadata.getMap());
          done(null, Buffer.alloc(0));
        },
      },
    );
  }

  /** @param host "127.0.0.1" or "[::1]", on a port of its own unless one is given */
  static async start(host = "127.0.0.1", port = 0): Promise<GrpcSink> {
    const sink = new GrpcSink();
    sink.port = await new Promise<number>((done, fail) => {
      const credentials = ServerCredentials.createInsecure();
      sink.#server.bindAsync(`${host}:${port}`, credentials, (error, bound) =>
        error === null ? done(bound) : fail(error),
      );
    });
    return sink;
  }

  async close(): Promise<void> {
    this.#server.forceShutdown();
  }
}
