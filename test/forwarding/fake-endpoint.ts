import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { type DecodedSpan, decode, spansOf } from "./otlp.ts";

/** A request that an endpoint got. */
export interface Received {
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly spans: readonly DecodedSpan[];
  /** Milliseconds of `performance.now()`. */
  readonly at: number;
}

/** What an endpoint answers; `undefined` is 200 with nothing in it. */
export type Answering = (received: Received, response: ServerResponse) => unknown;

/** An endpoint of OTLP over HTTP, on a port of its own, that answers as it is told to. */
export class Endpoint {
  readonly received: Received[] = [];
  answer: Answering;
  port = 0;
  /** Connections that were made to it. */
  connections = 0;
  #server: Server | undefined;

  private constructor(answer: Answering) {
    this.answer = answer;
  }

  static async start(answer: Answering = ok): Promise<Endpoint> {
    const endpoint = new Endpoint(answer);
    await endpoint.listen();
    return endpoint;
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The ids of all spans that were sent, in order, last two digits. */
  get spanNumbers(): number[] {
    return this.received.flatMap(({ spans }) => spans.map(numberOf));
  }

  /** Listens, on the port that it had before if it had one. */
  async listen(): Promise<void> {
    const server = createServer((request, response) => {
      this.#take(request, response).catch(() => response.destroy());
    });
    server.on("connection", () => {
      this.connections += 1;
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.port, "127.0.0.1", resolve));
    this.port = (server.address() as AddressInfo).port;
  }

  get server(): Server | undefined {
    return this.#server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    server?.closeAllConnections();
    await new Promise((resolve) => (server === undefined ? resolve(0) : server.close(resolve)));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const plain = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
    const received = {
      path: request.url,
      headers: request.headers,
      spans: spansOf(decode(plain)),
      at: performance.now(),
    };
    this.received.push(received);
    this.answer(received, response);
  }
}

export function numberOf({ spanId }: DecodedSpan): number {
  return Buffer.from(spanId, "base64").readUInt32BE(4);
}

export function ok(_: Received, response: ServerResponse): void {
  response.writeHead(200, { "Content-Type": "application/x-protobuf" }).end();
}

/** Answers with a status. */
export function status(
  code: number,
  headers: Readonly<Record<string, string>> = {},
  body: string | Buffer = "",
): Answering {
  return (_, response) => response.writeHead(code, headers).end(body);
}

/** Answers the first times as in `first`, then well. */
export function firstly(...first: Answering[]): Answering {
  return (received, response) => (first.shift() ?? ok)(received, response);
}
