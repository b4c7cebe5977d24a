import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TlsOptions } from "@spancost/receiver";
import { SqlSandbox, type Store } from "@spancost/store";
import type { ReceiverBudgets } from "../budgets/receiver-budgets.ts";
import { type ArchivingWorld, type Archivist, confined } from "../commands/archive-port.ts";
import type { AskedWorld } from "../commands/reading-command.ts";
import { CommandError } from "../errors.ts";
import { instantAt } from "../flags/time.ts";
import type { Operation } from "../operation/operation.ts";
import type { PriceDesk, Reader } from "../ports.ts";
import { version } from "../version.ts";
import type { Pipeline } from "../wiring.ts";
import { HttpError, send, sendError, sendJson } from "./answers.ts";
import { answerApi, answerPage, answerWriting } from "./api.ts";
import { checkRequest } from "./check-request.ts";
import { notFoundPage, wantsHtml } from "./page/not-found.ts";
import { PageFiles } from "./page/page-files.ts";
import { factsAnswer, type ReceiverFacts } from "./page/receiver-facts.ts";
import { type PeoplesSql, sandboxFor } from "./sandboxed.ts";
import { SnapshotRoute } from "./snapshot.ts";

/** What the page and the API need. */
export interface WebOptions {
  readonly pipeline: Pick<Pipeline, "prices"> &
    PriceDesk &
    Archivist & {
      readonly store: Pick<
        Store,
        "file" | "reader" | "snapshot" | "copy" | "mend" | "settledWithin"
      >;
    };
  /** Where SQL of askers runs; left out: a sandbox on copies of the store. */
  readonly peoplesSql?: PeoplesSql;
  /** What monitoring asks for: `/livez`, `/readyz`, `/metrics`, `/statusz`. */
  readonly operation: Pick<Operation, "probe" | "report">;
  /** Those of the receiver; left out: none. */
  readonly budgets?: Pick<ReceiverBudgets, "text"> | undefined;
  /** The one folder that archives may be written into; left out: none. */
  readonly archiveDir?: string | undefined;
  readonly db: string;
  readonly otlpUrl: string;
  /** The template of links to a tracing backend, with `{trace_id}` in it; left out: there are none. */
  readonly traceLink?: string | undefined;
  /** What is shown before anything is said; left out: plain HTTP. */
  readonly tls?: TlsOptions | undefined;
  /** Names beside this machine's own that a request may be sent to. */
  readonly allowedHosts: readonly string[];
  /**
   * Whether a request may read and change what is here (see `readToken`); left out: everyone may. Whether the
   * receiver lives and is ready, everyone may know.
   */
  authorize?(request: IncomingMessage): boolean | Promise<boolean>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Told of every failure that is not the asker's. */
  log(error: unknown): void;
}

/** The page and the API of a receiver. */
export interface WebServer {
  /** Rejects with the system's error, such as EADDRINUSE. */
  listen(host: string, port: number): Promise<AddressInfo>;
  /** Resolves once the questions in hand are answered. */
  close(): Promise<void>;
}

export function createWebServer(options: WebOptions): WebServer {
  const { pipeline } = options;
  const { store } = pipeline;
  const snapshots = new SnapshotRoute((file) => store.snapshot(file));
  const peoplesSql = options.peoplesSql ?? new SqlSandbox(store);
  const facts: ReceiverFacts = {
    version,
    db: options.db,
    otlpUrl: options.otlpUrl,
    startedAt: instantAt(options.now()),
    traceLink: options.traceLink,
  };
  const pageFiles = new PageFiles();

  /** What is asked is broken off when nobody waits for the answer any more. */
  function signalOf(response: ServerResponse): AbortSignal {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    return gone.signal;
  }

  /** One question reads several times, and all of it is one answer: what arrives meanwhile is for the next. */
  function worldFor(response: ServerResponse): AskedWorld {
    const signal = signalOf(response);
    const sandbox = sandboxFor(peoplesSql, signal);
    const budgets = options.budgets?.text;
    return {
      reader: store.reader(signal, patienceMs),
      prices: pipeline.prices,
      sandbox,
      ...(budgets !== undefined && { budgets }),
    };
  }

  /** What changes something sees at each of its steps what is there by then. */
  function writableWorldFor(response: ServerResponse): ArchivingWorld {
    const signal = signalOf(response);
    const reader: Reader = {
      readRows: (sql, variables) => store.reader(signal).readRows(sql, variables),
    };
    const archivist = confined(pipeline, options.archiveDir);
    return { reader, prices: pipeline.prices, desk: pipeline, archivist };
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    checkRequest(request, options.allowedHosts);
    const url = new URL(request.url ?? "/", "http://localhost");
    const probe = await options.operation.probe(url.pathname);
    if (probe !== undefined) return send(request, response, probe.status, probe.type, probe.text);
    if ((await options.authorize?.(request)) === false) {
      throw new HttpError(
        401,
        "this receiver is read with a token: as Authorization: Bearer TOKEN, or as the password of any user.",
      );
    }
    const report = await options.operation.report(url.pathname);
    if (report !== undefined) {
      return send(request, response, report.status, report.type, report.text);
    }
    if (pageFiles.has(url.pathname)) return pageFiles.answer(request, response, url.pathname);
    if (url.pathname === "/api/snapshot") return snapshots.answer(response);
    if (url.pathname === "/api/page/receiver") {
      return sendJson(request, response, 200, factsAnswer(facts));
    }
    if (!url.pathname.startsWith("/api/")) {
      if (wantsHtml(request)) {
        return send(request, response, 404, "text/html; charset=utf-8", notFoundPage);
      }
      throw new HttpError(404, `nothing is at ${url.pathname}. See / for what runs here.`);
    }
    if (request.method === "POST") {
      const writable = writableWorldFor(response);
      return answerWriting(request, response, url, writable, options.now()).finally(() =>
        peoplesSql.renew(),
      );
    }
    const answered = url.pathname.startsWith("/api/page/") ? answerPage : answerApi;
    return answered(request, response, url, worldFor(response), options.now());
  }

  const server = createNodeServer(options.tls, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent || response.closed) return response.destroy();
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
    async close() {
      await peoplesSql.close();
      await new Promise<void>((resolve) => {
        if (!server.listening) return resolve();
        server.close(() => resolve());
        server.closeIdleConnections();
        // A question may take minutes; whoever stops a receiver does not wait for its answer.
        setTimeout(() => server.closeAllConnections(), 2_000).unref();
      });
    },
  };
}

function createNodeServer(tls: TlsOptions | undefined, listener: RequestListener): Server {
  if (tls === undefined) return createServer(serverLimits, listener);
  const { cert, key } = tls;
  return createTlsServer({ ...serverLimits, cert, key, minVersion: "TLSv1.2" }, listener);
}

/**
 * Milliseconds that a question waits until all that was acknowledged before is worked out: longer only where more comes
 * than can be. The answer says then what is not in it.
 */
const patienceMs = 10_000;

/** Of a page for people: the longest SQL in a URL, and little patience with those who send slowly. */
const serverLimits = {
  maxHeaderSize: 256 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 1_000,
} as const;
