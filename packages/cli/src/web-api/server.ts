import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CommandError } from "../errors.ts";
import { instantAt } from "../flags/time.ts";
import type { PriceDesk, Reader } from "../ports.ts";
import { version } from "../version.ts";
import type { Pipeline } from "../wiring.ts";
import { HttpError, send, sendError, sendJson } from "./answers.ts";
import { answerApi, answerWriting } from "./api.ts";
import { isAllowedHost } from "./hosts.ts";
import { landingPage, pageStyle, type ReceiverFacts } from "./page.ts";
import { SnapshotRoute } from "./snapshot.ts";

/** What the page and the API need. */
export interface WebOptions {
  readonly pipeline: Pick<Pipeline, "prices"> &
    PriceDesk & {
      readonly store: Pick<Pipeline["store"], "readRows" | "snapshot">;
    };
  readonly db: string;
  readonly otlpUrl: string;
  /** Names beside this machine's own that a request may be sent to. */
  readonly allowedHosts: readonly string[];
  /** Milliseconds since 1970. */
  now(): number;
  /** Told of every failure that is not the asker's. */
  log(error: unknown): void;
}

/** The page and the API of a receiver. */
export interface WebServer {
  /** Rejects with the system's error, such as EADDRINUSE. */
  listen(host: string, port: number): Promise<AddressInfo>;
  /** From now on `/readyz` says no. Questions are answered until `close`. */
  beginClose(): void;
  /** Resolves once the questions in hand are answered. */
  close(): Promise<void>;
}

export function createWebServer(options: WebOptions): WebServer {
  let closing = false;
  const { pipeline } = options;
  const { store } = pipeline;
  const snapshots = new SnapshotRoute((file) => store.snapshot(file));
  const facts: ReceiverFacts = {
    version,
    db: options.db,
    otlpUrl: options.otlpUrl,
    startedAt: instantAt(options.now()),
  };

  /** What is asked is broken off when nobody waits for the answer any more. */
  function readerFor(response: ServerResponse): Reader {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    return { readRows: (sql, variables) => store.readRows(sql, variables, gone.signal) };
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    checkRequest(request, options.allowedHosts);
    const url = new URL(request.url ?? "/", "http://localhost");
    switch (url.pathname) {
      case "/livez":
        return sendJson(request, response, 200, { status: "ok", pid: process.pid, version });
      case "/readyz":
        return sendJson(request, response, closing ? 503 : 200, {
          status: closing ? "stopping" : "ready",
        });
      case "/style.css":
        return send(request, response, 200, "text/css; charset=utf-8", pageStyle);
      case "/": {
        const page = await landingPage(facts, readerFor(response));
        return send(request, response, 200, "text/html; charset=utf-8", page);
      }
      case "/api/snapshot":
        return snapshots.answer(response);
      default:
        if (url.pathname.startsWith("/api/")) {
          const world = { reader: readerFor(response), prices: pipeline.prices };
          if (request.method !== "POST") {
            return answerApi(request, response, url, world, options.now());
          }
          const writable = { ...world, desk: pipeline };
          return answerWriting(request, response, url, writable, options.now());
        }
        throw new HttpError(404, `nothing is at ${url.pathname}. See / for what runs here.`);
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent || response.closed) return response.destroy();
      if (error instanceof HttpError && error.status === 405)
        response.setHeader("Allow", "GET, HEAD");
      if (error instanceof CommandError) return sendError(request, response, error);
      options.log(error);
      sendError(request, response, new HttpError(500, "a fault in the receiver; see its log."));
    });
  });
  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, host, () => resolve(server.address() as AddressInfo));
      }),
    beginClose() {
      closing = true;
    },
    close: () =>
      new Promise((resolve) => {
        if (!server.listening) return resolve();
        server.close(() => resolve());
        server.closeIdleConnections();
        // A question may take minutes; whoever stops a receiver does not wait for its answer.
        setTimeout(() => server.closeAllConnections(), 2_000).unref();
      }),
  };
}

/** @throws HttpError for what is not a plain read by this machine's own tools and pages */
function checkRequest(request: IncomingMessage, allowedHosts: readonly string[]): void {
  if (!isAllowedHost(request.headers.host, allowedHosts)) {
    throw new HttpError(
      403,
      `requests to ${request.headers.host ?? "no host"} are not answered here, lest other pages read it. ` +
        "If the name is yours, start the receiver with --allow-host NAME.",
    );
  }
  const isWriting = request.method === "POST" && request.url?.startsWith("/api/") === true;
  if (request.method !== "GET" && request.method !== "HEAD" && !isWriting) {
    throw new HttpError(405, `${request.method} is not supported here.`);
  }
  const site = request.headers["sec-fetch-site"];
  const fromElsewhere = site === "cross-site" || site === "same-site";
  if (fromElsewhere && (isWriting || request.headers["sec-fetch-mode"] !== "navigate")) {
    throw new HttpError(403, "pages of other sites may link here, and load nothing from here.");
  }
}
