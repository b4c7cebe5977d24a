import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type Express, type Request, type Response } from "express";
import { sendFailure } from "./answer.ts";
import { ByteBudget } from "./byte-budget.ts";
import { answerClientErrors } from "./client-error.ts";
import { JsonDecoder } from "./decode-json.ts";
import { ProtobufDecoder } from "./decode-protobuf.ts";
import type { DecoderOptions } from "./decoder.ts";
import { gracefulClose } from "./graceful-close.ts";
import { bodyFormat } from "./request.ts";
import type { SpanSink } from "./sink.ts";
import { receiveTraces } from "./traces-route.ts";

const mebibyte = 1024 * 1024;

/** What a receiver needs from the world, and what may be set. */
export interface ReceiverOptions extends DecoderOptions {
  /** Where spans go. A request is answered once it has them; put a `GroupingSink` in front of what is slow. */
  readonly sink: SpanSink;
  /** Largest request body in bytes, as sent and inflated. Default 64 MiB, as the OTLP specification recommends. */
  readonly maxBodyBytes?: number;
  /** Bytes that all requests being answered may hold; more are answered 503. Default 256 MiB, or 4 large bodies. */
  readonly maxBytesInFlight?: number;
  /** Paths that take traces. Default `/v1/traces`. */
  readonly paths?: readonly string[];
  /** How long a connection may take for what, in milliseconds. */
  readonly timeouts?: Partial<Timeouts>;
  /** Told of every failure that is not the sender's, such as a sink that rejects. */
  onError?(error: unknown): void;
}

/** How long a connection may take for what, in milliseconds. */
export interface Timeouts {
  /** To send a request's headers. */
  readonly headers: number;
  /** To send a whole request. */
  readonly request: number;
  /** To send the next request. */
  readonly keepAlive: number;
  /** To answer what is in flight when the receiver closes. */
  readonly close: number;
}

const defaultTimeouts: Timeouts = {
  headers: 10_000,
  request: 30_000,
  // Exporters send every 5 s, which is also Node's default: the connection would break as often as not.
  keepAlive: 75_000,
  close: 5_000,
};

/** A receiver of OTLP over HTTP. */
export interface Receiver {
  /** The OTLP routes: more can be added, or all mounted in another app. */
  readonly app: Express;
  /** Starts to listen; `port` 0 takes a free one. Rejects with the system's error, such as EADDRINUSE. */
  listen(host: string, port: number): Promise<AddressInfo>;
  /** Takes no more connections and resolves once the requests in flight are answered, or cut off after a while. */
  close(): Promise<void>;
}

/** Makes a receiver that does not listen yet. */
export function createReceiver(options: ReceiverOptions): Receiver {
  const paths = [...(options.paths ?? ["/v1/traces"])];
  const app = createApp(paths, options);
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const server = createServer(
    {
      keepAliveTimeout: timeouts.keepAlive,
      headersTimeout: timeouts.headers,
      requestTimeout: timeouts.request,
      connectionsCheckingInterval: Math.min(1_000, timeouts.headers),
    },
    (request, response) => {
      const notHere = () =>
        fail(request, response, 404, `nothing is here: send traces to ${paths.join(" or ")}`);
      app(request as Request, response as Response, notHere);
    },
  );
  answerClientErrors(server);
  const close = gracefulClose(server);
  return {
    app,
    listen: async (host, port) => {
      const address = await listen(server, host, port);
      // From now on an error is one connection that could not be accepted, such as for want of file descriptors.
      server.on("error", (error) => options.onError?.(error));
      return address;
    },
    close: () => close(timeouts.close),
  };
}

function createApp(paths: string[], options: ReceiverOptions): Express {
  const maxBodyBytes = options.maxBodyBytes ?? 64 * mebibyte;
  const maxBytesInFlight = options.maxBytesInFlight ?? Math.max(256 * mebibyte, 4 * maxBodyBytes);
  const routeOptions = {
    decoders: { protobuf: new ProtobufDecoder(options), json: new JsonDecoder(options) },
    limits: { maxBodyBytes, budget: new ByteBudget(maxBytesInFlight) },
    sink: options.sink,
    onError: (error: unknown) => options.onError?.(error),
  };
  const router = express.Router({ strict: true, caseSensitive: true });
  router.post(paths, (request, response) => receiveTraces(request, response, routeOptions));
  router.all(paths, (request, response) => {
    response.setHeader("Allow", "POST");
    fail(request, response, 405, `${request.method} is not supported here: send traces with POST`);
  });
  const app = express();
  app.disable("x-powered-by");
  app.use(router);
  return app;
}

function fail(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  message: string,
): void {
  const format = bodyFormat(request.headers["content-type"]) ?? "json";
  sendFailure(response, format, status, message);
  request.resume();
}

function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve(server.address() as AddressInfo);
    });
  });
}
