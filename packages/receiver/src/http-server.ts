import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import express, { type Express, type Request, type Response } from "express";
import { nodeTlsOptions } from "./access/tls.ts";
import { sendFailure } from "./answer.ts";
import { answerClientErrors } from "./client-error.ts";
import { gracefulClose } from "./graceful-close.ts";
import { type Listener, listen } from "./listen.ts";
import { bodyFormat } from "./request.ts";
import type { Settings } from "./settings.ts";
import { receiveTraces, type TracesRouteOptions } from "./traces-route.ts";

/** OTLP over HTTP. */
export interface HttpServer extends Listener {
  readonly app: Express;
  /** Resolves once the requests in flight are answered, or cut off after so many milliseconds. */
  close(withinMs: number): Promise<void>;
}

/** An HTTP server that does not listen yet. */
export function createHttpServer(settings: Settings, route: TracesRouteOptions): HttpServer {
  const paths = [...settings.paths];
  const app = createApp(paths, route);
  const server = createNodeServer(settings, (request, response) => {
    const notHere = () =>
      fail(request, response, 404, `nothing is here: send traces to ${paths.join(" or ")}`);
    app(request as Request, response as Response, notHere);
  });
  answerClientErrors(server);
  return {
    app,
    listen: (host, port) => listen(server, host, port, settings.onError),
    close: gracefulClose(server),
  };
}

function createNodeServer({ timeouts, tls, maxConnections }: Settings, listener: RequestListener) {
  const options = {
    keepAliveTimeout: timeouts.keepAlive,
    headersTimeout: timeouts.headers,
    requestTimeout: timeouts.request,
    connectionsCheckingInterval: Math.min(1_000, timeouts.headers),
  };
  const server: Server =
    tls === undefined
      ? createServer(options, listener)
      : createTlsServer({ ...options, ...nodeTlsOptions(tls) }, listener);
  // Without this, Node asks for every body before anyone has looked at its token.
  server.on("checkContinue", listener);
  server.maxConnections = maxConnections;
  // Who neither sends nor takes its answers holds a connection that others could have.
  server.timeout = timeouts.keepAlive + timeouts.request;
  return server;
}

function createApp(paths: string[], route: TracesRouteOptions): Express {
  const router = express.Router({ strict: true, caseSensitive: true });
  router.post(paths, (request, response) => receiveTraces(request, response, route));
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
